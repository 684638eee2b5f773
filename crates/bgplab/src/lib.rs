//! What acts on a MetalLB BGP lab: bring-up, deployment, checks, diagnosis, repair, failover.
//!
//! A lab file becomes a [`labfile::Lab`]; the acts of this crate take it and return typed results. What goes on is said to a
//! [`progress::Listener`]; nothing is printed, and no act ends the process. A [`Failure`] names its kind, its cause, the
//! place and the next step, in which the front end's own name stands for [`Advice`]'s placeholder.

pub mod acts;
pub mod apt;
pub mod bringup;
pub mod capture;
pub mod checks;
pub mod collect;
pub mod context;
pub mod deploy;
pub mod diagnose;
pub mod doctor;
pub mod failover;
pub mod failure;
pub mod images;
pub mod junit;
pub mod kubelet;
#[cfg(test)]
mod labs;
pub mod lock;
pub mod netns;
pub mod process;
pub mod progress;
pub mod restores;
pub mod router;
pub mod status;

/// The libraries whose types are in signatures of this one.
pub use {diagnosis, frrconf, labfile, metallb, netlab};

pub use context::{Context, LabSource};
pub use diagnosis::Advice;
pub use failure::{Failure, Kind};
