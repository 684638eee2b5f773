//! What of MetalLB is in a cluster, whoever put it there.

#[cfg(feature = "client")]
mod look;

use serde::Serialize;

use crate::spec::Backend;

/// What of MetalLB is in a namespace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Installed {
    /// Whether the operator's deployment is there.
    pub operator: bool,
    /// Whether there is a MetalLB resource.
    pub resource: bool,
    /// Whether MetalLB's controller is there.
    pub controller: bool,
    /// What the speakers speak BGP with; none where there is no DaemonSet of them.
    pub backend: Option<Backend>,
}

impl Installed {
    /// Whether there is anything of MetalLB.
    pub const fn is_some(&self) -> bool {
        self.operator || self.resource || self.controller || self.backend.is_some()
    }
}
