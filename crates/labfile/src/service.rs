//! Services: applications, and the addresses at which load balancers' clients reach them.

use std::net::IpAddr;

pub use super::raw::RawTrafficPolicy as TrafficPolicy;
use super::{
    Name, Node,
    family::Family,
    port::Port,
    selector::{LabelKey, Labels},
    text::parse,
};

/// A service of type LoadBalancer, and the application behind it: a Deployment of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Service {
    /// The name of both.
    pub name: Name,
    /// The namespace of both.
    pub namespace: Name,
    /// The service's labels, with `app`, which every service has.
    pub labels: Labels,
    /// The ports; at least one, and no two alike.
    pub ports: Vec<Port>,
    /// The families of the service.
    pub stack: Stack,
    /// The addresses that the service asks for.
    pub asks: Asks,
    /// The key by which services agree to share an address (`metallb.io/allow-shared-ip`).
    pub sharing_key: Option<String>,
    /// The nodes that take traffic from outside.
    pub external_traffic_policy: TrafficPolicy,
    /// The nodes that take their own pods' traffic.
    pub internal_traffic_policy: TrafficPolicy,
    /// The number of pods.
    pub replicas: u16,
    /// The labels of the nodes that the pods run on.
    pub node_selector: Labels,
}

/// The families of a service (`ipFamilyPolicy`, `ipFamilies`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stack {
    /// Each family that the service's pool has.
    OfItsPool,
    /// One family (`SingleStack`).
    Single(Family),
    /// Both families if it can have them (`PreferDualStack`), the given one first.
    Prefer(Family),
    /// Both families (`RequireDualStack`), the given one first.
    Require(Family),
}

/// The addresses that a service asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Any: MetalLB chooses the pool.
    Nothing,
    /// Addresses of this pool (`metallb.io/address-pool`).
    Pool(Name),
    /// These addresses, at most one of each family (`metallb.io/loadBalancerIPs`).
    Addresses(Vec<IpAddr>),
}

impl Service {
    /// The label by which a service, and a network policy, selects the application's pods.
    pub(crate) const APP: &'static str = "app";

    /// Adds the label that every service has.
    pub(crate) fn labelled(mut labels: Labels, name: &Name) -> Labels {
        labels.extend(parse(Self::APP).ok().zip(parse(name.as_str()).ok()));
        labels
    }

    /// Returns the labels of a namespace, as every cluster sets them.
    pub(crate) fn namespace_labels(&self) -> Labels {
        parse(LabelKey::NAMESPACE).ok().zip(parse(self.namespace.as_str()).ok()).into_iter().collect()
    }

    /// `true` if MetalLB lets both have one address (`internal/allocator`): they say so, for the same pods where that
    /// matters, and no port is at both.
    pub(crate) fn shares_with(&self, other: &Self) -> bool {
        self.agrees_with(other) && self.backend() == other.backend() && self.common_port(other).is_none()
    }

    /// `true` if both say that they share.
    pub(crate) fn agrees_with(&self, other: &Self) -> bool {
        self.sharing_key.is_some() && self.sharing_key == other.sharing_key
    }

    /// Returns a port that both have.
    pub(crate) fn common_port(&self, other: &Self) -> Option<&Port> {
        self.ports.iter().find(|port| other.ports.contains(port))
    }

    /// Returns the pods that have to be the same: nodes without one of them do not announce the address.
    pub(crate) fn backend(&self) -> Option<&Name> {
        (self.external_traffic_policy == TrafficPolicy::Local).then_some(&self.name)
    }

    /// `true` if its pods may run on a node.
    pub(crate) fn may_run_on(&self, node: &Node) -> bool {
        node.role.is_worker() && self.node_selector.iter().all(|(key, value)| node.labels.get(key) == Some(value))
    }
}
