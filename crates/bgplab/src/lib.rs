#![doc = include_str!("../README.md")]

pub mod acts;
mod apt;
pub mod bringup;
pub mod capture;
pub mod checks;
pub mod collect;
pub mod context;
pub mod deploy;
pub mod diagnose;
pub mod doctor;
pub mod explain;
pub mod failover;
pub mod failure;
pub mod images;
pub mod journal;
pub mod junit;
mod kubelet;
#[cfg(test)]
mod labs;
mod lock;
pub mod matrix;
pub mod process;
pub mod progress;
pub mod restores;
pub mod router;
pub mod scene;
pub mod status;
pub mod suite;
pub mod tapping;
pub mod vtysh;

/// The libraries whose types are in signatures of this one.
pub use {diagnosis, frrconf, labfile, metallb, netlab};

pub use context::{Context, LabSource};
pub use diagnosis::Advice;
pub use failure::{Failure, Kind};
