//! A BGP peer.

use std::net::IpAddr;

use crate::values::{Asn, ConnectTime, Hops, Name, Password, Port, Text, Timers};

/// A BGP peer.
///
/// There is no `update-source`: beside `bfd` it makes FRR 10.2 and later start the BFD session before the BGP one, and
/// wait for each other for ever (FRR #17751, #18761). The kernel's route chooses the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbor {
    /// Where the peer is.
    pub address: IpAddr,
    /// What the peer is to us.
    pub peering: Peering,
    /// A line for people.
    pub description: Option<Text>,
    /// Signs the session (RFC 2385); the peer must have the same.
    pub password: Option<Password>,
    /// Keepalive and hold time; `None` for FRR's 60 s and 180 s.
    pub timers: Option<Timers>,
    /// How often a connection is tried; `None` for FRR's 120 s (30 s from 10.3).
    pub connect: Option<ConnectTime>,
    /// The peer's port, where it is not 179.
    pub port: Option<Port>,
    /// Waits for the peer to connect.
    pub passive: bool,
    /// Takes part in graceful restart with this peer.
    pub graceful_restart: bool,
    /// Watches the peer with BFD: multihop exactly where the session is.
    pub bfd: Option<Bfd>,
    /// What is exchanged.
    pub families: Families,
}

impl Neighbor {
    /// A peer with everything at FRR's default that exchanges the family of its own address.
    pub fn new(address: IpAddr, peering: Peering) -> Self {
        Self {
            address,
            peering,
            description: None,
            password: None,
            timers: None,
            connect: None,
            port: None,
            passive: false,
            graceful_restart: false,
            bfd: None,
            families: Families::of(address),
        }
    }
}

/// What a peer is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peering {
    /// Of our own AS, at whatever distance (iBGP).
    Internal {
        /// We reflect routes to and from this peer (RFC 4456), next hops unchanged.
        route_reflector_client: bool,
    },
    /// Of another AS (eBGP).
    External {
        /// The peer's AS; never our own.
        remote_as: Asn,
        /// How far away it is.
        reach: Reach,
    },
}

impl Peering {
    /// The peering of two routers by their AS: iBGP where they are the same, else eBGP over `reach`.
    pub fn between(local: Asn, remote: Asn, reach: Reach) -> Self {
        if local == remote {
            Self::Internal { route_reflector_client: false }
        } else {
            Self::External { remote_as: remote, reach }
        }
    }
}

/// How far away an eBGP peer is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reach {
    /// On a connected network.
    #[default]
    Connected,
    /// One hop away on an address that is on no connected network (`disable-connected-check`), as MetalLB writes for
    /// IPv6 peers.
    Unchecked,
    /// Across routers (`ebgp-multihop`).
    Multihop(Hops),
}

/// How BFD watches a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Bfd {
    /// With FRR's defaults.
    Default,
    /// With a profile.
    Profile(Name),
}

impl Bfd {
    /// The profile that it refers to.
    pub const fn profile(&self) -> Option<&Name> {
        match self {
            Self::Default => None,
            Self::Profile(name) => Some(name),
        }
    }
}

/// Which address families are exchanged with a peer, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Families {
    /// IPv4 unicast.
    pub ipv4: Option<Exchange>,
    /// IPv6 unicast.
    pub ipv6: Option<Exchange>,
}

impl Families {
    /// The family of an address alone.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self { ipv4: Some(Exchange::default()), ipv6: None },
            IpAddr::V6(_) => Self { ipv4: None, ipv6: Some(Exchange::default()) },
        }
    }

    /// Both families in the same way.
    pub fn both(exchange: Exchange) -> Self {
        Self { ipv4: Some(exchange.clone()), ipv6: Some(exchange) }
    }
}

/// How one address family is exchanged with a peer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchange {
    /// Puts our own address into what is passed on. Reflected routes keep theirs.
    pub next_hop_self: bool,
    /// A route map over what comes in; without one all is taken.
    pub inbound: Option<Name>,
    /// A route map over what goes out; without one all is sent.
    pub outbound: Option<Name>,
}
