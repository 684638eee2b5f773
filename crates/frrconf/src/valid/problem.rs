//! The problems of an instance.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::values::{Asn, HostBits, Hostname, Name, Sequence};

/// An instance that FRR would refuse, or accept without effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{hostname}: {}", Lines(.problems))]
#[non_exhaustive]
pub struct Invalid {
    /// The host name of the instance.
    pub hostname: Hostname,
    /// Every problem; never empty.
    pub problems: Vec<Problem>,
}

struct Lines<'a>(&'a [Problem]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            write!(f, "{}{problem}", if index == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

/// The part of an instance that has a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Owner {
    /// A BGP neighbor.
    Neighbor(IpAddr),
    /// A BFD peer.
    BfdPeer(IpAddr),
    /// A static route.
    StaticRoute(String),
    /// A network of the BGP router.
    Network,
    /// A prefix list.
    PrefixList(Name),
    /// An entry of a route map.
    RouteMap(Name, Sequence),
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Neighbor(address) => write!(f, "neighbor {address}"),
            Self::BfdPeer(address) => write!(f, "BFD peer {address}"),
            Self::StaticRoute(route) => write!(f, "static route {route}"),
            Self::Network => write!(f, "BGP network"),
            Self::PrefixList(name) => write!(f, "prefix list {name}"),
            Self::RouteMap(name, sequence) => write!(f, "route map {name} entry {sequence}"),
        }
    }
}

/// A problem, its place and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Two definitions of one kind have the same name.
    #[error("{kind} {name} is defined more than once: keep one, or rename the others")]
    Repeated {
        /// The kind.
        kind: &'static str,
        /// The name, address or prefix.
        name: String,
    },
    /// A reference to an undefined name.
    #[error("{owner} refers to {kind} {name}, which is not defined: define it, or drop the reference")]
    Undefined {
        /// The place of the reference.
        owner: Owner,
        /// The kind.
        kind: &'static str,
        /// The name.
        name: Name,
    },
    /// A list or map without entries, which FRR would not store: a reference to it would then mean something else.
    #[error("{kind} {name} is empty: give it an entry, or remove it and every reference to it")]
    Empty {
        /// The kind.
        kind: &'static str,
        /// The name.
        name: Name,
    },
    /// An external neighbor in our own AS.
    #[error("neighbor {address} is external but in our own AS {asn}: make it internal, or give it another AS")]
    ExternalOfOurOwnAs {
        /// The neighbor.
        address: IpAddr,
        /// Our AS.
        asn: Asn,
    },
    /// A source address beside BFD.
    #[error(
        "neighbor {0} has update-source and BFD, which FRR 10.2 and later never bring up together: drop one of them"
    )]
    SourceBesideBfd(IpAddr),
    /// A source address that cannot reach the neighbor.
    #[error("neighbor {address} has update-source {own}, of another address family: give one of the same family")]
    SourceOfAnotherFamily {
        /// The neighbor.
        address: IpAddr,
        /// The source address.
        own: IpAddr,
    },
    /// A neighbor with no address family.
    #[error("neighbor {0} exchanges no address family: turn on IPv4, IPv6 or both")]
    ExchangesNothing(IpAddr),
    /// An address that no host can have.
    #[error("{owner}: {address} is {cause}: give the peer's unicast address")]
    NotAHost {
        /// The place of the address.
        owner: Owner,
        /// The address.
        address: IpAddr,
        /// The kind of address, which no session can go to.
        cause: &'static str,
    },
    /// A link-local address without its link.
    #[error("{owner}: link-local {address} does not name its link: {remedy}")]
    LinkLocal {
        /// The place of the address.
        owner: Owner,
        /// The address.
        address: IpAddr,
        /// The remedy.
        remedy: &'static str,
    },
    /// A route that drops packets beside one of the same distance that forwards them.
    #[error(
        "static routes to {0} with the same distance both drop and forward packets: keep one kind, or give them different distances"
    )]
    DropsAndLeads(IpNet),
    /// A single-hop peer both on any link and on a named one.
    #[error("BFD peer {0} is defined both with and without an interface: name the interface of each, or keep one")]
    WithAndWithoutInterface(IpAddr),
    /// Both ends are the same address.
    #[error("BFD peer {0} is its own local address: give the far end's address")]
    PeerIsLocal(IpAddr),
    /// The echo function on a multihop session (RFC 5883, section 4).
    #[error(
        "{owner} is multihop and its BFD profile {profile} sends echo packets, which cannot cross a router: turn echo off, or give it another profile"
    )]
    EchoOverMultihop {
        /// The place of the session.
        owner: Owner,
        /// The profile.
        profile: Name,
    },
    /// A prefix with bits set beyond its length.
    #[error("{owner}: {source}")]
    HostBits {
        /// The place of the prefix.
        owner: Owner,
        /// The prefix.
        source: HostBits,
    },
}

impl Problem {
    pub(super) fn host_bits(owner: Owner, prefix: IpNet) -> Option<Self> {
        crate::values::without_host_bits(prefix).err().map(|source| Self::HostBits { owner, source })
    }
}
