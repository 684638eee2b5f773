//! Named checks: what a lab has to be, looked at once.
//!
//! `verify` looks once and reports; `lab-up` looks until every check passes, and reports the last look when it has to
//! give up. Both say the same things by the same names.

mod cluster;
mod docker;
mod frr;
mod look;
mod ping;
mod report;
mod scene;
mod shells;
mod stuck;
mod views;
mod web;

use std::fmt;

use metallb::NodeView;
use serde::Serialize;

pub use cluster::{Seen, of_metallb};
pub use look::Look;
pub use report::Report;
pub use scene::Scene;
pub use stuck::{Stuck, waits_for_bfd};
pub use views::{Part, Views};
pub use web::Get;

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

/// A check for each node of a cluster, Ready by now.
pub fn nodes(nodes: &[NodeView]) -> Vec<Check> {
    let addresses = |node: &NodeView| node.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let seen = |node: &NodeView| {
        if node.ready { Ok(format!("Ready, {}", addresses(node))) } else { Err("not Ready".to_owned()) }
    };
    nodes.iter().map(|node| Check::of(Topic::Nodes, &*node.name, seen(node))).collect()
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.topic, self.subject, self.seen)
    }
}
