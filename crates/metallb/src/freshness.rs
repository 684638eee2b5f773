//! The age of what the API reports: for a while after a restart it still reports the state before it.

#[cfg(feature = "client")]
mod look;

use k8s_openapi::jiff::Timestamp;

/// Timestamps by which the age of what the API reports can be judged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Freshness {
    /// The last renewal of the controller manager's lease, every two seconds while it runs. None where there is no
    /// such lease.
    pub controllers: Option<Timestamp>,
    /// The running pods, as their kubelets last reported them.
    pub pods: Vec<PodStart>,
}

/// A pod that is reported as running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodStart {
    /// The name.
    pub pod: String,
    /// The node.
    pub node: String,
    /// The start of the pod's oldest running container, to the second.
    pub since: Timestamp,
}
