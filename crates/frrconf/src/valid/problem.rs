//! What is wrong with an instance.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::values::{Asn, HostBits, Hostname, Name, Sequence};

/// An instance that FRR would refuse, or take and not do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{hostname}: {}", Lines(.problems))]
#[non_exhaustive]
pub struct Invalid {
    /// Whose configuration it is.
    pub hostname: Hostname,
    /// Everything that is wrong; never empty.
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

/// What a problem is about.
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

/// One thing that is wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Two things of one kind have one name.
    #[error("{kind} {name} is there more than once: keep one, or rename the others")]
    Repeated {
        /// What kind of thing.
        kind: &'static str,
        /// Its name, address or prefix.
        name: String,
    },
    /// A reference to something that is not there.
    #[error("{owner} refers to {kind} {name}, which is not defined: define it, or drop the reference")]
    Undefined {
        /// Who refers to it.
        owner: Owner,
        /// What kind of thing.
        kind: &'static str,
        /// The name.
        name: Name,
    },
    /// A list or map without entries, which FRR would not store: a reference to it would then mean something else.
    #[error("{kind} {name} is empty: give it an entry, or remove it and every reference to it")]
    Empty {
        /// What kind of thing.
        kind: &'static str,
        /// Its name.
        name: Name,
    },
    /// An external neighbor of our own AS.
    #[error("neighbor {address} is external and of our own AS {asn}: make it internal, or give it another AS")]
    ExternalOfOurOwnAs {
        /// The neighbor.
        address: IpAddr,
        /// Our AS.
        asn: Asn,
    },
    /// A neighbor with no address family.
    #[error("neighbor {0} exchanges no address family: turn on IPv4, IPv6 or both")]
    ExchangesNothing(IpAddr),
    /// An address that no host has.
    #[error("{owner}: {address} is {cause}: give the peer's unicast address")]
    NotAHost {
        /// Whose address it is.
        owner: Owner,
        /// The address.
        address: IpAddr,
        /// Why no session can go there.
        cause: &'static str,
    },
    /// A link-local address that does not say on which link.
    #[error("{owner}: link-local {address} says not on which link: {remedy}")]
    LinkLocal {
        /// Whose address it is.
        owner: Owner,
        /// The address.
        address: IpAddr,
        /// What to do about it.
        remedy: &'static str,
    },
    /// A way that drops packets among ways that lead on.
    #[error(
        "static routes to {0} of one distance both drop packets and lead on: keep one kind, or give them two distances"
    )]
    DropsAndLeads(IpNet),
    /// A single-hop peer on whichever link, and on a certain one.
    #[error("BFD peer {0} is there with an interface and without: name the interface of each, or keep one")]
    WithAndWithoutInterface(IpAddr),
    /// Both ends are one.
    #[error("BFD peer {0} is its own local address: give the far end's address")]
    PeerIsLocal(IpAddr),
    /// The echo function on a multihop session (RFC 5883, section 4).
    #[error(
        "{owner} is multihop and its BFD profile {profile} sends echo packets, which cannot cross a router: turn echo off, or give it another profile"
    )]
    EchoOverMultihop {
        /// Whose session it is.
        owner: Owner,
        /// The profile.
        profile: Name,
    },
    /// A prefix with bits behind its length.
    #[error("{owner}: {source}")]
    HostBits {
        /// Whose prefix it is.
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
