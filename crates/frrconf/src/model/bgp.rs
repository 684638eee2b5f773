//! The BGP router (RFC 4271).

use ipnet::IpNet;

use super::Neighbor;
use crate::values::{Asn, Port, RestartTime, RouterId};

/// A BGP router.
///
/// Every router is rendered with the settings that make a lab predictable: `no bgp default ipv4-unicast` (a family is
/// exchanged only where it is asked for), `no bgp ebgp-requires-policy` (RFC 8212 off) and `no bgp network
/// import-check` (a network is advertised whether or not it is in the table); and next hops may resolve through a
/// default route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bgp {
    /// Our AS.
    pub asn: Asn,
    /// Our identifier; `None` takes FRR's choice, the highest IPv4 address, of which an IPv6-only host has none.
    pub router_id: Option<RouterId>,
    /// The connections that we accept.
    pub listen: Listen,
    /// Graceful restart (RFC 4724); `None` leaves it at FRR's default.
    pub graceful_restart: Option<GracefulRestart>,
    /// The choice among paths that are equal so far.
    pub best_path: BestPath,
    /// The peers, in any order.
    pub neighbors: Vec<Neighbor>,
    /// The prefixes that we originate, of both families, in any order.
    pub networks: Vec<IpNet>,
}

impl Bgp {
    /// A router without neighbors.
    pub const fn new(asn: Asn) -> Self {
        Self {
            asn,
            router_id: None,
            listen: Listen::Everywhere,
            graceful_restart: None,
            best_path: BestPath::USUAL,
            neighbors: Vec::new(),
            networks: Vec::new(),
        }
    }
}

/// The choice among paths of the same local preference and length (`bgp bestpath`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BestPath {
    /// Compares the neighbors' identifiers also between paths of eBGP (`compare-routerid`), where FRR otherwise prefers
    /// the path that it learned first.
    pub compare_router_id: bool,
    /// Takes several paths also through different ASes (`as-path multipath-relax`).
    pub multipath_relax: bool,
}

impl BestPath {
    /// FRR's default.
    pub const USUAL: Self = Self { compare_router_id: false, multipath_relax: false };

    /// The choice that depends on the paths alone, and takes all that are equal.
    pub const BY_PATHS: Self = Self { compare_router_id: true, multipath_relax: true };
}

/// The connections that a router accepts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Listen {
    /// On TCP port 179 of every address.
    #[default]
    Everywhere,
    /// On this TCP port of every address (`bgpd -p`).
    On(Port),
    /// Never (`bgpd -p 0`), as MetalLB's speakers: the peers must accept what we open.
    Never,
}

/// Graceful restart (RFC 4724).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GracefulRestart {
    /// Our role.
    pub role: RestartRole,
    /// `true` to announce to peers that our forwarding state outlives a restart.
    pub preserve_forwarding_state: bool,
    /// The time that peers are asked to wait for us; `None` for FRR's 120 s.
    pub restart_time: Option<RestartTime>,
}

/// The role of a router in graceful restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RestartRole {
    /// Keeps a restarting peer's routes; FRR's default.
    Helper,
    /// Also asks peers to keep ours (`bgp graceful-restart`).
    Restarting,
}
