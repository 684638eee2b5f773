//! Conflicts, and their severity.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::{NetworkSpec, give_way};

/// A range of the lab, and its purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRange {
    /// The purpose, such as `pods`.
    pub name: String,
    /// The range.
    pub range: IpNet,
    /// `true` if it is a Docker network of the lab: the machine itself then gets an address and a route in it.
    pub on_host: bool,
}

impl NamedRange {
    /// Names a range that is used inside the lab's containers only, such as `pods`.
    pub fn inside(name: impl Into<String>, range: IpNet) -> Self {
        Self { name: name.into(), range, on_host: false }
    }

    pub(super) fn network(network: &NetworkSpec, range: IpNet) -> Self {
        Self { name: format!("network {}", network.name), range, on_host: true }
    }
}

impl fmt::Display for NamedRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.range)
    }
}

/// The severity of a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The lab works, and may hide something else.
    Warns,
    /// The lab would not work, or would break something else.
    Blocks,
}

/// Two things that exclude each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Conflict {
    /// Two ranges of the lab.
    #[error("{a} overlaps with {b}; give one another range")]
    Lab {
        /// One range.
        a: NamedRange,
        /// The other.
        b: NamedRange,
    },
    /// The range of a Docker network that is not the lab's.
    #[error(
        "{ours} overlaps with {range} of Docker's network {network}; choose another range, or {}",
        give_way(network, *range)
    )]
    Docker {
        /// The lab's range.
        ours: NamedRange,
        /// The network.
        network: String,
        /// The range.
        range: IpNet,
    },
    /// A bridge that an engine left behind: Docker no longer knows it, and it swallows the network's packets.
    #[error(
        "{ours}: the bridge {dev} has {route} and belongs to no Docker network: an engine left it behind, and containers of a new network of that range would not reach each other; remove it (`ip link delete {dev}`), and the rules that name it (`{}-save -t nat | grep {dev}`)",
        iptables(.ours)
    )]
    StaleBridge {
        /// The lab's range.
        ours: NamedRange,
        /// The bridge's interface.
        dev: String,
        /// The route.
        route: IpNet,
    },
    /// A route of this machine.
    #[error(
        "{ours} overlaps with this machine's route to {route} through {dev}; choose another range, or remove the route"
    )]
    HostRoute {
        /// The lab's range.
        ours: NamedRange,
        /// The interface.
        dev: String,
        /// The route's destination.
        route: IpNet,
    },
    /// An address of this machine.
    #[error("{ours} holds this machine's own address {address}; choose another range")]
    HostAddress {
        /// The lab's range.
        ours: NamedRange,
        /// The address.
        address: IpAddr,
    },
    /// A rule that an engine left behind, and that rewrites packets inside the lab.
    #[error(
        "{ours}: a masquerading rule of the bridge {dev}, which belongs to no Docker network, rewrites packets between the lab's containers, because net.bridge.bridge-nf-call-{0} is 1; remove it (`{0} -t nat -D {rule}`)",
        iptables(.ours)
    )]
    StaleMasquerade {
        /// The lab's range.
        ours: NamedRange,
        /// The bridge's interface.
        dev: String,
        /// The rule without `-A`.
        rule: String,
    },
}

/// Returns the program for the rules of a range's family, which is also the last part of the kernel's setting.
fn iptables(ours: &NamedRange) -> &'static str {
    if matches!(ours.range, IpNet::V4(_)) { "iptables" } else { "ip6tables" }
}

impl Conflict {
    /// Returns the severity. A range inside the lab's containers only hides nothing from the machine, and a network may
    /// lie within a wider route (that of a VPN, say): the more specific route wins, and hides a part of the wider one.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Docker { ours, .. } | Self::HostAddress { ours, .. } if !ours.on_host => Severity::Warns,
            Self::HostRoute { ours, route, .. } if !ours.on_host || route.prefix_len() < ours.range.prefix_len() => {
                Severity::Warns
            }
            _ => Severity::Blocks,
        }
    }
}
