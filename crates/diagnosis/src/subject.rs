//! The subjects of checks.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
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
    /// The answer at a node's port of the service.
    NodePort {
        /// The place that asks.
        from: String,
        /// The node.
        node: String,
        /// The address, and the port.
        at: SocketAddr,
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
    /// The answer at an address of the service.
    Answer {
        /// The place that asks.
        from: String,
        /// The service.
        service: String,
        /// The address.
        address: IpAddr,
        /// The port of an HTTP request; `None` for a ping.
        port: Option<u16>,
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
            | Self::TrafficPolicy { .. } => false,
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
            | Self::Service(name) => f.write_str(name),
            Self::Component(component) => f.write_str(component.as_str()),
            Self::Speaker { node } => write!(f, "speaker on {node}"),
            Self::ServiceAddress { service, address } => write!(f, "{service} {address}"),
            Self::Endpoints { service } => write!(f, "{service} endpoints"),
            Self::TrafficPolicy { service } => write!(f, "{service} traffic policy"),
            Self::NodePort { from, node, at } => write!(f, "{from} → {node} http://{at}"),
            Self::Way { from, to, address } => write!(f, "{from} → {to} {address}"),
            Self::Session { near, far } => write!(f, "{near} – {far}"),
            Self::Prefix { place, prefix } => write!(f, "{place} {prefix}"),
            Self::Answer { from, service, address, port: None } => write!(f, "{from} → {service} {address}"),
            Self::Answer { from, service, address, port: Some(port) } => {
                write!(f, "{from} → {service} http://{}", SocketAddr::new(*address, *port))
            }
        }
    }
}

/// As its text.
impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subject_has_its_text() {
        let name = |name: &str| name.to_owned();
        let v4: IpAddr = "203.0.113.200".parse().unwrap();
        let answer = |address, port| Subject::Answer { from: name("frr1"), service: name("web"), address, port };
        let all = [
            (Subject::Network(name("kind")), "kind"),
            (Subject::Component(Component::Resource), "MetalLB resource"),
            (Subject::Speaker { node: name("kind-worker") }, "speaker on kind-worker"),
            (Subject::ServiceAddress { service: name("web"), address: v4 }, "web 203.0.113.200"),
            (Subject::Endpoints { service: name("web") }, "web endpoints"),
            (Subject::TrafficPolicy { service: name("web") }, "web traffic policy"),
            (
                Subject::NodePort { from: name("frr1"), node: name("n"), at: "[fd00::3]:30000".parse().unwrap() },
                "frr1 → n http://[fd00::3]:30000",
            ),
            (Subject::Way { from: name("frr1"), to: name("n"), address: v4 }, "frr1 → n 203.0.113.200"),
            (Subject::session("frr1", "n"), "frr1 – n"),
            (Subject::prefix("frr1", v4.into()), "frr1 203.0.113.200/32"),
            (answer(v4, None), "frr1 → web 203.0.113.200"),
            (answer("fd01::".parse().unwrap(), Some(80)), "frr1 → web http://[fd01::]:80"),
        ];
        for (subject, text) in all {
            assert_eq!(subject.to_string(), text);
        }
    }

    #[test]
    fn a_longer_name_is_another_place() {
        let way = Subject::Way { from: "frr1".into(), to: "kind-worker2".into(), address: "10.0.1.4".parse().unwrap() };
        assert!(way.concerns("frr1") && way.concerns("kind-worker2"));
        assert!(!way.concerns("kind-worker") && !way.concerns("frr"));
    }
}
