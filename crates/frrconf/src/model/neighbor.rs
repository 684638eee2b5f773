//! A BGP peer.

use std::net::IpAddr;

use crate::values::{Asn, ConnectTime, Hops, Name, Password, Port, Text, Timers};

/// A BGP peer.
///
/// `update-source` does not go with `bfd`: FRR 10.2 and later start the BFD session before the BGP one then, and both wait
/// for each other for ever (FRR #17751, #18761). Without it, the kernel's route chooses the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbor {
    /// The peer's address.
    pub address: IpAddr,
    /// The relation to the peer: iBGP or eBGP.
    pub peering: Peering,
    /// Takes any AS number from the peer that makes it such a relation (`remote-as internal`, `remote-as external`).
    pub any_as: bool,
    /// A description, for people.
    pub description: Option<Text>,
    /// Signs the session (RFC 2385); the peer must have the same.
    pub password: Option<Password>,
    /// Keepalive and hold time; `None` for FRR's 60 s and 180 s.
    pub timers: Option<Timers>,
    /// The interval between attempts to connect; `None` for FRR's 120 s (30 s from 10.3).
    pub connect: Option<ConnectTime>,
    /// The peer's port, where it is not 179.
    pub port: Option<Port>,
    /// Our own address of the session (`update-source`).
    pub source: Option<IpAddr>,
    /// Waits for the peer to connect.
    pub passive: bool,
    /// Takes part in graceful restart with this peer.
    pub graceful_restart: bool,
    /// Watches the peer with BFD: multihop exactly where the session is.
    pub bfd: Option<Bfd>,
    /// The address families that are exchanged.
    pub families: Families,
}

impl Neighbor {
    /// Makes a peer with FRR's defaults that exchanges the family to which its own address belongs.
    pub fn new(address: IpAddr, peering: Peering) -> Self {
        Self {
            address,
            peering,
            any_as: false,
            description: None,
            password: None,
            timers: None,
            connect: None,
            port: None,
            source: None,
            passive: false,
            graceful_restart: false,
            bfd: None,
            families: Families::of(address),
        }
    }
}

/// The relation to a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peering {
    /// A peer of our own AS, at any distance (iBGP).
    Internal {
        /// `true` if we reflect routes to and from this peer (RFC 4456), next hops unchanged.
        route_reflector_client: bool,
    },
    /// A peer of another AS (eBGP).
    External {
        /// The peer's AS; never our own.
        remote_as: Asn,
        /// The distance.
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

/// The distance of an eBGP peer.
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

/// BFD for a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Bfd {
    /// BFD with FRR's defaults.
    Default,
    /// BFD with a profile.
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

/// The address families that are exchanged with a peer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Families {
    /// IPv4 unicast.
    pub ipv4: Option<Exchange>,
    /// IPv6 unicast.
    pub ipv6: Option<Exchange>,
}

impl Families {
    /// Only the family of an address.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self { ipv4: Some(Exchange::default()), ipv6: None },
            IpAddr::V6(_) => Self { ipv4: None, ipv6: Some(Exchange::default()) },
        }
    }

    /// Both families, exchanged in the same way.
    pub fn both(exchange: Exchange) -> Self {
        Self { ipv4: Some(exchange.clone()), ipv6: Some(exchange) }
    }
}

/// The exchange of one address family with a peer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchange {
    /// Sets our own address as the next hop of routes that we pass on. Reflected routes keep theirs.
    pub next_hop_self: bool,
    /// The route map for received routes; `None` accepts all.
    pub inbound: Option<Name>,
    /// The route map for sent routes; `None` sends all.
    pub outbound: Option<Name>,
}
