//! The subjects of checks.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use metallb::OPERATOR;
use metallb::workload::{Protocol, ServicePort};
use serde::{Serialize, Serializer};

/// The thing that a check looks at. Its text is what people read: `frr1 – kind-worker`.
///
/// ```
/// use diagnosis::Subject;
///
/// let session = Subject::session("frr1", "kind-worker");
/// assert_eq!(session.to_string(), "frr1 – kind-worker");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// A Docker network.
    Network(String),
    /// A container.
    Container(String),
    /// A node of the cluster.
    Node(String),
    /// The cluster as a whole.
    Cluster(String),
    /// A part of MetalLB.
    Component(Component),
    /// MetalLB's speaker on a node.
    Speaker {
        /// The node.
        node: String,
    },
    /// A service as a whole.
    Service(String),
    /// An address that a service should have.
    ServiceAddress {
        /// The service.
        service: String,
        /// The address.
        address: IpAddr,
    },
    /// The endpoints of a service.
    Endpoints {
        /// The service.
        service: String,
    },
    /// The traffic policy of a service.
    TrafficPolicy {
        /// The service.
        service: String,
    },
    /// The answer at a node's port of a service.
    NodePort {
        /// The place that asks.
        from: String,
        /// The node.
        node: String,
        /// The address, and the port.
        at: SocketAddr,
        /// The protocol.
        protocol: Protocol,
    },
    /// The way of packets from a place to an address, and back.
    Way {
        /// The place that sends.
        from: String,
        /// The place that answers.
        to: String,
        /// The address.
        address: IpAddr,
    },
    /// A session as one of its ends sees it.
    Session {
        /// The end that is asked.
        near: String,
        /// The other end.
        far: String,
    },
    /// A prefix in the table of a place.
    Prefix {
        /// The router or node.
        place: String,
        /// The prefix.
        prefix: IpNet,
    },
    /// The claim of a check of the lab file's own, by the check's name.
    Own(String),
    /// The answer at an address of the service.
    Answer {
        /// The place that asks.
        from: String,
        /// The service.
        service: String,
        /// The address.
        address: IpAddr,
        /// The port of a request, which is HTTP by TCP; `None` for a ping.
        port: Option<ServicePort>,
    },
}

/// A part of MetalLB that is looked at as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Component {
    /// The operator's deployment.
    Operator,
    /// The resource by which the operator deploys MetalLB.
    Resource,
    /// The controller's deployment.
    Controller,
    /// The speakers' daemon set.
    Speakers,
    /// The daemon set of frr-k8s.
    FrrK8s,
    /// The BGP backend of the speakers.
    Backend,
    /// The resources that the lab makes: pools, advertisements, peers, the application.
    Resources,
}

impl Component {
    /// Returns `true` if a pod of MetalLB's namespace is the part's, by its name.
    pub fn has_pod(self, pod: &str) -> bool {
        let begins: &[&str] = match self {
            Self::Operator => &[OPERATOR],
            Self::Controller => &["controller-"],
            Self::Speakers => &["speaker-"],
            Self::FrrK8s => &["frr-k8s-"],
            Self::Backend => &["speaker-", "frr-k8s-"],
            Self::Resource => &["controller-", "speaker-", "frr-k8s-"],
            Self::Resources => &[],
        };
        begins.iter().any(|begin| pod.starts_with(begin))
    }

    /// Returns the name by which MetalLB's documentation, and a report, calls it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Resource => "MetalLB resource",
            Self::Controller => "controller",
            Self::Speakers => "speakers",
            Self::FrrK8s => "frr-k8s",
            Self::Backend => "backend",
            Self::Resources => "resources",
        }
    }
}

impl Subject {
    /// A session as `near` sees it.
    pub fn session(near: impl Into<String>, far: impl Into<String>) -> Self {
        Self::Session { near: near.into(), far: far.into() }
    }

    /// A prefix in the table of a place.
    pub fn prefix(place: impl Into<String>, prefix: IpNet) -> Self {
        Self::Prefix { place: place.into(), prefix }
    }

    /// Returns `true` if a container or node of this name has a part in it.
    pub fn concerns(&self, place: &str) -> bool {
        match self {
            Self::Container(name)
            | Self::Node(name)
            | Self::Speaker { node: name }
            | Self::Prefix { place: name, .. } => name == place,
            Self::NodePort { from, node: to, .. }
            | Self::Way { from, to, .. }
            | Self::Session { near: from, far: to } => from == place || to == place,
            Self::Answer { from, .. } => from == place,
            Self::Network(_)
            | Self::Cluster(_)
            | Self::Component(_)
            | Self::Service(_)
            | Self::ServiceAddress { .. }
            | Self::Endpoints { .. }
            | Self::TrafficPolicy { .. }
            | Self::Own(_) => false,
        }
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(name)
            | Self::Container(name)
            | Self::Node(name)
            | Self::Cluster(name)
            | Self::Service(name)
            | Self::Own(name) => f.write_str(name),
            Self::Component(component) => f.write_str(component.as_str()),
            Self::Speaker { node } => write!(f, "speaker on {node}"),
            Self::ServiceAddress { service, address } => write!(f, "{service} {address}"),
            Self::Endpoints { service } => write!(f, "{service} endpoints"),
            Self::TrafficPolicy { service } => write!(f, "{service} traffic policy"),
            Self::NodePort { from, node, at, protocol } => write!(f, "{from} → {node} {}://{at}", scheme(*protocol)),
            Self::Way { from, to, address } => write!(f, "{from} → {to} {address}"),
            Self::Session { near, far } => write!(f, "{near} – {far}"),
            Self::Prefix { place, prefix } => write!(f, "{place} {prefix}"),
            Self::Answer { from, service, address, port: None } => write!(f, "{from} → {service} {address}"),
            Self::Answer { from, service, address, port: Some(port) } => {
                write!(f, "{from} → {service} {}://{}", scheme(port.protocol), SocketAddr::new(*address, port.number))
            }
        }
    }
}

/// Returns the beginning of a URL; agnhost answers HTTP by TCP.
const fn scheme(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "http",
        Protocol::Udp => "udp",
    }
}

/// As its text.
impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
