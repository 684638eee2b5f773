//! What the cluster's API shows.

use metallb::facts::Facts;
use metallb::spec::NAMESPACE;
use metallb::{Installed, NodeView, PodView, ServiceView};

use crate::checks::Scene;

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

impl ClusterEvidence {
    /// Looks; without a cluster there is none.
    pub(super) async fn look(scene: &Scene) -> Option<Self> {
        let (cluster, seen) = scene.cluster.as_ref()?;
        let workload = &scene.lab.workload;
        let (facts, speakers) = futures::join!(
            cluster.facts(NAMESPACE, (workload.namespace.as_str(), workload.name.as_str())),
            cluster.speakers(NAMESPACE)
        );
        Some(Self {
            nodes: seen.nodes.clone(),
            installed: seen.installed,
            speakers: speakers.unwrap_or_default(),
            service: seen.service.clone(),
            facts,
        })
    }
}
