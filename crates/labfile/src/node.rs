//! Nodes.

use super::{
    family::Addresses,
    selector::{LabelKey, LabelValue, Labels, Selector, selected},
    text::parse,
};

/// The role of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeRole {
    /// The control plane: its speaker has sessions, and advertises nothing.
    ControlPlane,
    /// A worker: its speaker advertises the services' addresses.
    Worker,
    /// The only node, which is both: kind takes away its taint and the label that excludes it from load balancing.
    #[serde(rename = "control-plane")]
    Only,
}

impl NodeRole {
    /// `true` if it has the control plane's components.
    pub const fn is_control_plane(self) -> bool {
        matches!(self, Self::ControlPlane | Self::Only)
    }

    /// `true` if pods of the workload run on it.
    pub const fn is_worker(self) -> bool {
        matches!(self, Self::Worker | Self::Only)
    }
}

/// A node with its addresses on the cluster's network: pinned (standalone), or as read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The node's name, which is its container's.
    pub name: String,
    /// The role.
    pub role: NodeRole,
    /// The addresses.
    pub addresses: Addresses,
    /// The labels.
    pub labels: Labels,
}

impl Node {
    /// `true` if it may be a next hop of the services' addresses.
    pub fn announces(&self) -> bool {
        self.role.is_worker() && !self.labels.contains_key(LabelKey::EXCLUDED)
    }

    /// Returns the labels that the lab file gives it.
    pub fn own_labels(&self) -> impl Iterator<Item = (&LabelKey, &LabelValue)> {
        let usual = usual_labels(&self.name, self.role);
        self.labels.iter().filter(move |(key, _)| !usual.contains_key(*key))
    }

    /// `true` if any of these selectors selects it, or if there is none.
    pub fn is_in(&self, selectors: &[Selector]) -> bool {
        selected(selectors, &self.labels)
    }
}

/// Returns the labels that a node has from kubeadm and the kubelet, except for those that differ from machine to machine.
pub(super) fn usual_labels(name: &str, role: NodeRole) -> Labels {
    let control_plane: &[(&str, &str)] = match role {
        NodeRole::ControlPlane => &[("node-role.kubernetes.io/control-plane", ""), (LabelKey::EXCLUDED, "")],
        NodeRole::Only => &[("node-role.kubernetes.io/control-plane", "")],
        NodeRole::Worker => &[],
    };
    let labels =
        [(LabelKey::HOSTNAME, name), ("kubernetes.io/os", "linux")].into_iter().chain(control_plane.iter().copied());
    labels.filter_map(|(key, value)| Some((parse(key).ok()?, parse(value).ok()?))).collect()
}
