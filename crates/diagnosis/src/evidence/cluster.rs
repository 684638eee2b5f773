//! The cluster, by its API.

use metallb::facts::Facts;
use metallb::plan::Plan;
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
    /// The lab's services in their order, or why one cannot be read.
    pub services: Vec<Result<ServiceView, String>>,
    /// The differences from the lab's resources, as `deploy-metallb` would undo them; or why they cannot be known.
    pub differences: Result<Plan, String>,
    /// Everything else.
    pub facts: Facts,
}
