//! A look at the cluster's API.

use diagnosis::evidence::ClusterEvidence;
use metallb::NamespacedName;
use metallb::spec::NAMESPACE;

use crate::checks::cluster::{Differences, named};
use crate::scene::Scene;

/// Looks at the cluster, with these differences of its resources; without one there is none.
pub(super) async fn look(scene: &Scene, differences: impl Future<Output = Differences>) -> Option<ClusterEvidence> {
    let (cluster, seen) = scene.cluster.as_ref()?;
    let applications: Vec<NamespacedName<'_>> = scene.lab.services.iter().map(named).collect();
    let (facts, speakers, differences) =
        futures::join!(cluster.facts(NAMESPACE, &applications), cluster.speakers(NAMESPACE), differences);
    Some(ClusterEvidence {
        nodes: seen.nodes.clone(),
        installed: seen.installed,
        speakers: speakers.unwrap_or_default(),
        services: seen.services.clone(),
        differences,
        facts,
    })
}
