//! Removal in an order that cannot hang.
//!
//! Every custom resource of MetalLB is deleted through a webhook whose service lives in the same namespace: delete the
//! namespace first, and it stays in Terminating for ever. So what was made last goes first, each step has a bound, a failed
//! step is reported and does not keep the next ones, and a namespace that is found stuck is freed.

mod cluster_wide;
mod companion;
mod found;
mod namespace;
mod report;
mod resources;
mod run;

pub(crate) use namespace::what_keeps;
pub use report::{Removal, RemovalReport, RemovalStep};
