//! The bounds of an installation's waits.

use std::time::Duration;

/// The bounds of an installation's waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Until custom resource definitions are established.
    pub definitions: Duration,
    /// Until the operator, or MetalLB's controller, is available: its probe alone waits 30 s.
    pub install: Duration,
    /// Until a webhook can be reached.
    pub webhooks: Duration,
    /// Until MetalLB is available on every node.
    pub metallb: Duration,
    /// Until the application answers and its service has its addresses.
    pub workload: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            definitions: Duration::from_secs(30),
            install: Duration::from_secs(180),
            webhooks: Duration::from_secs(120),
            metallb: Duration::from_secs(240),
            workload: Duration::from_secs(120),
        }
    }
}
