//! FRR that `deploy-frr` brought onto the nodes: it has the ports that MetalLB's speakers need.

use metallb::{Cluster, InNamespace};

use crate::failure::Failure;
use crate::router::FRR_NAMESPACE;

/// Refuses to bring speakers where FRR runs without MetalLB.
pub(super) async fn refuse(cluster: &Cluster) -> Result<(), Failure> {
    let pods = cluster.pods(InNamespace(FRR_NAMESPACE), &format!("app={}", metallb::frr::DAEMON_SET)).await?;
    let Some(pod) = pods.first() else { return Ok(()) };
    Err(Failure::machine("FRR runs on the nodes without MetalLB, and would be in the speakers' way")
        .because(format!("pod {FRR_NAMESPACE}/{}: both need the nodes' BFD ports", pod.name))
        .next("⌘ undeploy-frr"))
}
