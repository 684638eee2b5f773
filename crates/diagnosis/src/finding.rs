//! Findings: a cause, how it was seen, a remedy, and the checks that it explains.

use crate::advice::Advice;
use crate::check::Topic;
use crate::subject::Subject;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::Serialize;

/// The layer in which a cause lies. The order is that of the search, from outside in: whatever lies further out explains what fails
/// further in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Layer {
    /// Things of the machine beside which the lab cannot be made.
    Machine,
    /// The engine's containers.
    Container,
    /// Their networks.
    Network,
    /// Their addresses.
    Address,
    /// Their links.
    Interface,
    /// Their routes.
    Route,
    /// Their forwarding of packets.
    Forwarding,
    /// The machine's own interference.
    Host,
    /// FRR's programs.
    Daemon,
    /// TCP 179.
    Transport,
    /// The cluster's nodes.
    Nodes,
    /// MetalLB's own parts.
    Metallb,
    /// MetalLB's resources.
    Resources,
    /// The two ends of BGP sessions.
    Bgp,
    /// BFD.
    Bfd,
    /// Policies and limits.
    Policy,
    /// Announcements, and the ways to their next hops.
    Announcement,
    /// The service behind the address.
    Service,
    /// Differences that break nothing yet.
    Difference,
}

/// A thing that a cause breaks; whatever needs it fails too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Break {
    /// A container or node with all that it does.
    Place(String),
    /// A network with all that is on it.
    Network(String),
    /// A place's connection to a network.
    Attachment(String, String),
    /// The way from a place to a range.
    Way(String, IpNet),
    /// The forwarding of a place for others, in IPv4 (or IPv6).
    Forwarding(String, bool),
    /// BGP in a place.
    Bgp(String),
    /// BFD in a place.
    Bfd(String),
    /// The routing table of a place.
    Tables(String),
    /// A session between two places.
    Session(String, String),
    /// BFD between two places, and with it their session.
    BfdSession(String, String),
    /// A prefix in a place's table.
    Prefix(String, IpNet),
    /// A prefix wherever it is announced from a place.
    Announced(String, IpNet),
    /// The answer at an address.
    Answer(IpAddr),
    /// A node in the cluster's API.
    Node(String),
    /// MetalLB as a whole.
    Metallb,
    /// A check alone.
    Check(Topic, Subject),
}

/// A cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static str,
    /// The layer.
    pub layer: Layer,
    /// The cause, in one sentence that names the thing.
    pub cause: String,
    /// `true` if it is inferred from what fails, and was not seen itself.
    pub inferred: bool,
    /// The lines that were read, and where.
    pub evidence: Vec<String>,
    /// The remedy; commands where there are any.
    pub remedy: Advice,
    /// The failed checks that it explains.
    pub explains: Vec<String>,
    /// Deeper findings that follow from it.
    pub follows: Vec<String>,
    /// The things that it breaks.
    #[serde(skip)]
    pub breaks: Vec<Break>,
}

/// A finding before its rule is known: what a rule returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub cause: String,
    pub evidence: Vec<String>,
    pub remedy: Advice,
    pub breaks: Vec<Break>,
}

impl Found {
    /// A cause that breaks something.
    pub(crate) fn new(cause: impl Into<String>, breaks: impl IntoIterator<Item = Break>) -> Self {
        let breaks = breaks.into_iter().collect();
        Self { cause: cause.into(), evidence: Vec::new(), remedy: Advice::default(), breaks }
    }

    /// The lines that were read, and where.
    #[must_use]
    pub(crate) fn seen(mut self, evidence: impl Into<String>) -> Self {
        self.evidence.push(evidence.into());
        self
    }

    /// The lines that were read, where there are any.
    #[must_use]
    pub(crate) fn also(mut self, evidence: impl IntoIterator<Item = String>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    /// The finding of a rule.
    pub(crate) fn by(self, rule: &'static str, layer: Layer, inferred: bool) -> Finding {
        let Self { cause, evidence, remedy, breaks } = self;
        Finding { rule, layer, cause, inferred, evidence, remedy, explains: Vec::new(), follows: Vec::new(), breaks }
    }

    /// Sets the remedy.
    #[must_use]
    pub(crate) fn remedy(mut self, remedy: impl Into<Advice>) -> Self {
        self.remedy = remedy.into();
        self
    }
}

impl Break {
    /// A session between two places, in whatever order.
    pub fn session(a: &str, b: &str) -> Self {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        Self::Session(a.to_owned(), b.to_owned())
    }

    /// BFD between two places, in whatever order.
    pub fn bfd_session(a: &str, b: &str) -> Self {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        Self::BfdSession(a.to_owned(), b.to_owned())
    }
}
