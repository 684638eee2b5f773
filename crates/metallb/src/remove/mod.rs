//! Removal in an order that cannot hang.
//!
//! Every custom resource of MetalLB is deleted through a webhook whose service lives in the same namespace: delete the
//! namespace first, and it stays in Terminating forever. So what was made last is deleted first, each step has a bound,
//! a failed step is reported and does not keep the next ones from running, and a stuck namespace is released.

mod cluster_wide;
mod companion;
mod found;
mod namespace;
mod report;
mod resources;
mod run;

pub(crate) use namespace::what_keeps;
pub use report::{Removal, RemovalReport, RemovalStep};
