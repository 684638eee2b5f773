//! A look at the cluster's API.

use diagnosis::evidence::ClusterEvidence;
use metallb::NamespacedName;
use metallb::spec::NAMESPACE;

use crate::scene::Scene;

/// Looks at the cluster; without one there is none.
pub(super) async fn look(scene: &Scene) -> Option<ClusterEvidence> {
    let (cluster, seen) = scene.cluster.as_ref()?;
    let workload = &scene.lab.workload;
    let (facts, speakers) = futures::join!(
        cluster
            .facts(NAMESPACE, NamespacedName { namespace: workload.namespace.as_str(), name: workload.name.as_str() }),
        cluster.speakers(NAMESPACE)
    );
    Some(ClusterEvidence {
        nodes: seen.nodes.clone(),
        installed: seen.installed,
        speakers: speakers.unwrap_or_default(),
        service: seen.service.clone(),
        facts,
    })
}
