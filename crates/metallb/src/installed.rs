//! The parts of MetalLB in a cluster, whoever installed them.

#[cfg(feature = "client")]
mod look;

use serde::Serialize;

use crate::spec::Backend;

/// The parts of MetalLB in a namespace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Installed {
    /// `true` if the operator's deployment exists.
    pub operator: bool,
    /// `true` if there is a MetalLB resource.
    pub resource: bool,
    /// `true` if MetalLB's controller exists.
    pub controller: bool,
    /// The BGP backend of the speakers; none without a DaemonSet of speakers.
    pub backend: Option<Backend>,
}

impl Installed {
    /// `true` if any part of MetalLB exists.
    pub const fn is_some(&self) -> bool {
        self.operator || self.resource || self.controller || self.backend.is_some()
    }
}
