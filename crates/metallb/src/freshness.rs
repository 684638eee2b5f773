//! How fresh the API's picture is: after a restart it shows for a while what was true before.

#[cfg(feature = "client")]
mod look;

use k8s_openapi::jiff::Timestamp;

/// What tells how old the API's picture is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Freshness {
    /// When the controller manager last said that it is at work; every other second, while it is. None where there is no
    /// lease of one.
    pub controllers: Option<Timestamp>,
    /// The pods that run on a node, as their kubelets told last.
    pub pods: Vec<PodStart>,
}

/// A pod that is called running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodStart {
    /// Its name.
    pub pod: String,
    /// Its node.
    pub node: String,
    /// When the first of its running containers was started, to the second.
    pub since: Timestamp,
}
