//! Gathers the evidence from which the crate [`diagnosis`] finds the causes of a lab that does not work.

mod cluster;
mod from_cluster;
mod gather;
mod host;

pub use diagnosis::evidence::inside::script as inside_script;
pub use diagnosis::evidence::own;
pub use diagnosis::{Break, Diagnosis, Evidence, Finding, Layer};
pub(crate) use from_cluster::gather as gather_from_cluster;
pub use gather::gather;
