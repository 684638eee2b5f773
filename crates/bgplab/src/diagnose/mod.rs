//! Why a lab is not as it should be: gathers the evidence from which the crate [`diagnosis`] finds causes.

mod cluster;
mod frr;
mod gather;
mod host;

pub use diagnosis::evidence::inside::script as inside_script;
pub use diagnosis::evidence::own;
pub use diagnosis::{Break, Diagnosis, Evidence, Finding, Layer};
pub use gather::gather;
