//! What the cluster's API shows.

use metallb::facts::Facts;
use metallb::{Installed, NodeView, PodView, ServiceView};

/// What the cluster's API shows.
#[derive(Debug, Clone)]
pub struct ClusterEvidence {
    /// Its nodes.
    pub nodes: Vec<NodeView>,
    /// What of MetalLB is there.
    pub installed: Installed,
    /// MetalLB's speakers.
    pub speakers: Vec<PodView>,
    /// The service, or why it cannot be read.
    pub service: Result<ServiceView, String>,
    /// Everything else.
    pub facts: Facts,
}
