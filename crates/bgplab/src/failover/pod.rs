//! The pod that speaks for a node, as it is now: a run may have replaced the one that was found first.

use metallb::Cluster;
use metallb::spec::Backend;

use crate::failure::Failure;
use crate::router::{Place, Pods};
use crate::scene::Scene;

/// Finds the pod that speaks for a node.
///
/// # Errors
/// If there is none, or the API cannot be asked.
pub(super) async fn of(scene: &Scene, node: &str) -> Result<Place, Failure> {
    let (cluster, seen) =
        scene.cluster.as_ref().ok_or_else(|| Failure::wrong_use("there is no cluster whose API could be asked"))?;
    of_cluster(cluster, seen.installed.backend, node).await
}

/// Finds the same pod without a scene.
///
/// # Errors
/// As [`of`].
pub(super) async fn of_cluster(cluster: &Cluster, backend: Option<Backend>, node: &str) -> Result<Place, Failure> {
    let pods = Pods::find(cluster, backend).await?;
    pods.on(node).cloned().ok_or_else(|| Failure::step(format!("no pod speaks for node {node}")))
}
