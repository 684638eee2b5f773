//! Named checks: one look at one thing, and whether it is as it should be.

use std::fmt;

use serde::Serialize;

/// What a check is about; the first word of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Docker networks.
    Networks,
    /// Containers, and the networks that they are on.
    Containers,
    /// Nodes of the cluster.
    Nodes,
    /// MetalLB's own parts.
    Metallb,
    /// The service's addresses and endpoints.
    Service,
    /// Answers from the service's node port.
    NodePort,
    /// Pings between nodes and routers.
    Forwarding,
    /// BGP sessions.
    Bgp,
    /// BFD sessions.
    Bfd,
    /// Routing tables.
    Table,
    /// Answers from the advertised addresses.
    Reach,
}

impl Topic {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Networks => "networks",
            Self::Containers => "containers",
            Self::Nodes => "nodes",
            Self::Metallb => "metallb",
            Self::Service => "service",
            Self::NodePort => "node-port",
            Self::Forwarding => "forwarding",
            Self::Bgp => "bgp",
            Self::Bfd => "bfd",
            Self::Table => "table",
            Self::Reach => "reach",
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One look at one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What it is about.
    pub topic: Topic,
    /// What was looked at: `frr1 – kind-worker`.
    pub subject: String,
    /// Whether it is as it should be.
    pub passed: bool,
    /// What was seen; where the check failed, also what was expected.
    pub seen: String,
}

impl Check {
    /// It is as it should be.
    pub fn passed(topic: Topic, subject: impl Into<String>, seen: impl Into<String>) -> Self {
        Self { topic, subject: subject.into(), passed: true, seen: seen.into() }
    }

    /// It is not.
    pub fn failed(topic: Topic, subject: impl Into<String>, seen: impl Into<String>) -> Self {
        Self { topic, subject: subject.into(), passed: false, seen: seen.into() }
    }

    /// Passed or failed by what is seen.
    pub fn of(topic: Topic, subject: impl Into<String>, seen: Result<String, String>) -> Self {
        match seen {
            Ok(seen) => Self::passed(topic, subject, seen),
            Err(seen) => Self::failed(topic, subject, seen),
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.topic, self.subject, self.seen)
    }
}
