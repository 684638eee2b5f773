//! Removing all that is the lab's, and nothing else.

mod report;
#[cfg(feature = "engine")]
mod run;

pub use report::{TeardownFailure, TeardownReport};
#[cfg(feature = "engine")]
pub use run::teardown;
