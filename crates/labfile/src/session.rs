//! Sessions: between nodes and routers (peers), and between routers (links).

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};

use super::{Asn, Name, Password, family::Family, selector::Selector};

/// A BFD profile (RFC 5880), as MetalLB and FRR both take it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BfdProfile {
    /// The name.
    pub name: Name,
    /// The shortest interval at which control packets are received: whole milliseconds, 10 to 60000.
    pub receive_interval: Duration,
    /// The shortest interval at which control packets are sent: whole milliseconds, 10 to 60000.
    pub transmit_interval: Duration,
    /// The number of consecutive packets whose loss takes the session down, 2 to 255.
    pub detect_multiplier: u8,
    /// The echo interval, where echo packets are sent (single hops only): whole milliseconds, 10 to 60000.
    pub echo: Option<Duration>,
    /// `true` if the nodes wait for the router's first packet; the routers never wait.
    pub passive: bool,
    /// Multihop: the lowest TTL of an arriving packet that is accepted, 1 to 254.
    pub minimum_ttl: u8,
}

/// BFD on a session. A multihop session always knows both its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Bfd {
    /// Both ends are on one network (RFC 5881).
    SingleHop(Arc<BfdProfile>),
    /// The ends are on two networks (RFC 5883).
    Multihop {
        /// The profile.
        profile: Arc<BfdProfile>,
        /// The router's own address: its `local-address`, and the nodes' peer address.
        router_address: IpAddr,
    },
}

impl Bfd {
    /// Returns the profile of either kind.
    pub fn profile(&self) -> &Arc<BfdProfile> {
        match self {
            Self::SingleHop(profile) | Self::Multihop { profile, .. } => profile,
        }
    }
}

/// The distance between the ends of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hops {
    /// Both ends are on one network.
    Direct,
    /// Routers are between the ends: so many on the longest way.
    Routed(u8),
}

/// BGP timers in whole seconds; FRR's defaults apply to those that are `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timers {
    /// The keepalive interval and the hold time, always both; 0 for a session that never expires.
    pub keepalive_hold: Option<(u16, u16)>,
    /// The interval of attempts to connect.
    pub connect: Option<u16>,
}

/// The properties that both kinds of session have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Session {
    /// The family of the session's own addresses.
    pub family: Family,
    /// The distance between the ends.
    pub hops: Hops,
    /// BFD, if the session has it.
    pub bfd: Option<Bfd>,
    /// The password.
    pub password: Option<Password>,
    /// The timers.
    pub timers: Timers,
}

/// A session between every node and one router: a `BGPPeer`, and the router's neighbors.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peer {
    /// The `BGPPeer`'s name.
    pub name: Name,
    /// The router.
    pub router: Name,
    /// The router's AS number.
    pub router_asn: Asn,
    /// The router's address that the nodes connect to.
    pub address: IpAddr,
    /// The TCP port on which the router listens.
    pub port: u16,
    /// `true` if both address families are exchanged; else only the session's own is.
    pub dual_stack: bool,
    /// The selectors of the nodes that have the session; none for all of them.
    pub nodes: Vec<Selector>,
    /// The nodes' end.
    pub node_end: NodeEnd,
    /// The session.
    pub session: Session,
}

/// The nodes' end of a peer's session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NodeEnd {
    /// The nodes' AS number.
    pub asn: Asn,
    /// `true` if they take the router's AS number from the router, as long as it is of the right kind.
    pub dynamic_asn: bool,
    /// Their address of the session, where it is set.
    pub source: Option<IpAddr>,
    /// Their BGP identifier, where it is set.
    pub router_id: Option<Ipv4Addr>,
    /// `true` if the router keeps a node's routes while the node's BGP restarts.
    pub graceful_restart: bool,
    /// `true` for `disableMP`.
    pub disable_mp: bool,
    /// The Secret with the password that is there already, if it is not the lab's own.
    pub secret: Option<Name>,
}

/// The TCP port of BGP (RFC 4271).
pub const BGP_PORT: u16 = 179;

impl Peer {
    /// `true` if the ends are in two ASes.
    pub fn is_external(&self) -> bool {
        self.router_asn != self.node_end.asn
    }

    /// `true` if the ends are in two ASes, and routers between them (`ebgpMultiHop`).
    pub fn is_ebgp_multihop(&self) -> bool {
        matches!(self.session.hops, Hops::Routed(_)) && self.is_external()
    }

    /// Returns the address families that are exchanged.
    pub fn families(&self) -> &'static [Family] {
        match (self.dual_stack, self.session.family) {
            (true, _) => &[Family::Ipv4, Family::Ipv6],
            (false, Family::Ipv4) => &[Family::Ipv4],
            (false, Family::Ipv6) => &[Family::Ipv6],
        }
    }
}

/// One end of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct End {
    /// The router.
    pub router: Name,
    /// The AS number.
    pub asn: Asn,
    /// The address.
    pub address: IpAddr,
}

/// A session between two routers; both address families are exchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The end at which the file has the session.
    pub from: End,
    /// The other end.
    pub to: End,
    /// `true` if `to` reflects routes to `from` (RFC 4456).
    pub reflected: bool,
    /// The session; a multihop BFD's `router_address` is that of `to`.
    pub session: Session,
}
