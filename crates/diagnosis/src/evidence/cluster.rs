//! The cluster, by its API.

use metallb::facts::Facts;
use metallb::{Installed, NodeView, PodView, ServiceView};

/// The cluster, as its API shows it.
#[derive(Debug, Clone)]
pub struct ClusterEvidence {
    /// The nodes.
    pub nodes: Vec<NodeView>,
    /// The parts of MetalLB that are there.
    pub installed: Installed,
    /// MetalLB's speakers.
    pub speakers: Vec<PodView>,
    /// The service, or why it cannot be read.
    pub service: Result<ServiceView, String>,
    /// Everything else.
    pub facts: Facts,
}
