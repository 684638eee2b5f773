//! Views of pods and services.

#[cfg(feature = "client")]
mod look;

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde::Serialize;

use crate::spec::Backend;
use crate::workload::Protocol;

/// A pod on a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PodView {
    /// The name.
    pub name: String,
    /// The node; empty where it has none yet.
    pub node: String,
    /// The containers.
    pub containers: Vec<String>,
    /// `true` if all of them are ready.
    pub ready: bool,
}

/// A service of type LoadBalancer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceView {
    /// The load balancer addresses.
    pub addresses: Vec<IpAddr>,
    /// The address families, as `IPv4`.
    pub families: Vec<String>,
    /// The ports.
    pub ports: Vec<PortView>,
    /// `true` if only nodes with an endpoint take its traffic (external traffic policy `Local`).
    pub local: bool,
    /// The nodes on which its ready endpoints run.
    pub endpoint_nodes: BTreeSet<String>,
}

/// A port of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PortView {
    /// The port.
    pub number: u16,
    /// The protocol.
    pub protocol: Protocol,
    /// The node port that leads to it.
    pub node_port: Option<u16>,
}

impl Backend {
    /// The labels of the pods in which vtysh runs, any one of them; none where there is no FRR that is ours to ask. The
    /// operator labels frr-k8s' pods otherwise than the published manifest does.
    pub const fn vtysh(self) -> &'static [&'static str] {
        match self {
            Self::Frr => &["component=speaker"],
            Self::FrrK8s | Self::FrrK8sExternal => &["app.kubernetes.io/component=frr-k8s", "app=frr-k8s"],
            Self::Native => &[],
        }
    }
}
