//! Named checks: one look at one thing, and whether it is as it should be.

use std::fmt;

use serde::Serialize;

use crate::subject::Subject;

/// The topic of a check; the first word of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
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
    /// Checks of the lab file's own.
    Own,
}

impl Topic {
    /// Returns the word by which reports name it.
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
            Self::Own => "own",
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
#[non_exhaustive]
pub struct Check {
    /// The topic.
    pub topic: Topic,
    /// The subject; in JSON its text.
    pub subject: Subject,
    /// `true` if it is as it should be.
    pub passed: bool,
    /// The state that was seen; where the check failed, also the one that was expected.
    pub seen: String,
    /// The state that should be seen, to be shown beside the other; `None` where it has no one wording.
    #[serde(skip)]
    pub expected: Option<String>,
}

impl Check {
    /// A check that passed.
    pub fn passed(topic: Topic, subject: Subject, seen: impl Into<String>) -> Self {
        Self { topic, subject, passed: true, seen: seen.into(), expected: None }
    }

    /// A check that failed.
    pub fn failed(topic: Topic, subject: Subject, seen: impl Into<String>) -> Self {
        Self { passed: false, ..Self::passed(topic, subject, seen) }
    }

    /// A check that passed or failed by what is seen.
    pub fn of(topic: Topic, subject: Subject, seen: Result<String, String>) -> Self {
        match seen {
            Ok(seen) => Self::passed(topic, subject, seen),
            Err(seen) => Self::failed(topic, subject, seen),
        }
    }

    /// The same with what should be seen.
    #[must_use]
    pub fn expecting(self, expected: impl Into<String>) -> Self {
        Self { expected: Some(expected.into()), ..self }
    }

    /// Returns `true` if it is the check of this topic and subject.
    pub fn is(&self, topic: Topic, subject: &Subject) -> bool {
        self.topic == topic && self.subject == *subject
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.topic, self.subject, self.seen)
    }
}
