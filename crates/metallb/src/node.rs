//! A view of a node.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use k8s_openapi::api::core::v1::Node;
use serde::Serialize;

/// kubeadm's label on nodes that run the control plane.
const CONTROL_PLANE: &str = "node-role.kubernetes.io/control-plane";
/// The label of nodes that must not receive a load balancer's traffic: MetalLB's speakers skip them since 0.14.
pub const EXCLUDED: &str = "node.kubernetes.io/exclude-from-external-load-balancers";

/// A node, as the API reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NodeView {
    /// The name.
    pub name: String,
    /// `true` if its condition `Ready` is.
    pub ready: bool,
    /// The reason why it is not ready, as the kubelet reports it.
    pub not_ready_because: Option<String>,
    /// The internal addresses, both families, in the API's order.
    pub addresses: Vec<IpAddr>,
    /// `true` if it runs the control plane (kubeadm's label).
    pub control_plane: bool,
    /// `true` if it is labelled to receive no load balancer traffic, so that MetalLB announces nothing from it.
    pub excluded_from_load_balancers: bool,
    /// `true` if it is cordoned.
    pub unschedulable: bool,
    /// The pod ranges.
    pub pod_cidrs: Vec<IpNet>,
    /// The labels.
    pub labels: BTreeMap<String, String>,
    /// The kubelet's version.
    pub kubelet: String,
}

impl NodeView {
    /// The first IPv4 internal address.
    pub fn ipv4(&self) -> Option<Ipv4Addr> {
        self.addresses.iter().find_map(|address| match address {
            IpAddr::V4(address) => Some(*address),
            IpAddr::V6(_) => None,
        })
    }

    /// The first IPv6 internal address.
    pub fn ipv6(&self) -> Option<Ipv6Addr> {
        self.addresses.iter().find_map(|address| match address {
            IpAddr::V6(address) => Some(*address),
            IpAddr::V4(_) => None,
        })
    }

    /// `true` if it may be a next hop of load balancer traffic.
    pub const fn announces(&self) -> bool {
        !self.excluded_from_load_balancers
    }
}

impl From<&Node> for NodeView {
    fn from(node: &Node) -> Self {
        let status = node.status.clone().unwrap_or_default();
        let spec = node.spec.clone().unwrap_or_default();
        let labels = node.metadata.labels.clone().unwrap_or_default();
        let ready = status.conditions.unwrap_or_default().into_iter().find(|c| c.type_ == "Ready");
        let (ready, why) = ready.map_or((false, Some("no condition Ready yet".to_owned())), |condition| {
            (condition.status == "True", condition.message.filter(|_| condition.status != "True"))
        });
        let addresses = status.addresses.unwrap_or_default();
        Self {
            name: node.metadata.name.clone().unwrap_or_default(),
            ready,
            not_ready_because: why,
            addresses: addresses
                .iter()
                .filter(|address| address.type_ == "InternalIP")
                .filter_map(|address| address.address.parse().ok())
                .collect(),
            control_plane: labels.contains_key(CONTROL_PLANE),
            excluded_from_load_balancers: labels.contains_key(EXCLUDED),
            unschedulable: spec.unschedulable.unwrap_or_default(),
            pod_cidrs: spec.pod_cidrs.unwrap_or_default().iter().filter_map(|cidr| cidr.parse().ok()).collect(),
            labels,
            kubelet: status.node_info.map(|info| info.kubelet_version).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_node_is_read_with_both_families_and_its_roles() {
        let node: Node = serde_json::from_value(json!({
            "metadata": {"name": "kind-control-plane", "labels": {
                "node-role.kubernetes.io/control-plane": "",
                "node.kubernetes.io/exclude-from-external-load-balancers": ""}},
            "spec": {"podCIDRs": ["10.128.0.0/24", "fd00:1::/64"]},
            "status": {
                "addresses": [
                    {"type": "InternalIP", "address": "10.0.1.3"},
                    {"type": "InternalIP", "address": "fd00:10:0:1::3"},
                    {"type": "Hostname", "address": "kind-control-plane"}],
                "conditions": [{"type": "Ready", "status": "False", "message": "cni plugin not initialized"}]}
        }))
        .unwrap();
        let view = NodeView::from(&node);
        assert_eq!(view.ipv4(), Some(Ipv4Addr::new(10, 0, 1, 3)));
        assert_eq!(view.ipv6(), Some("fd00:10:0:1::3".parse().unwrap()));
        assert_eq!(view.pod_cidrs.len(), 2);
        assert!(view.control_plane && !view.announces() && !view.ready);
        assert_eq!(view.not_ready_because.as_deref(), Some("cni plugin not initialized"));
    }
}
