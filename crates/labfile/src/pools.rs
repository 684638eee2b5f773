//! Address pools, their advertisements, and the application that gets an address.

pub use super::raw::RawTrafficPolicy as TrafficPolicy;
use super::{AddressRange, Name, Peer, values::Community};

/// An address pool.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pool {
    /// The name.
    pub name: Name,
    /// The addresses; at least one range.
    pub ranges: Vec<AddressRange>,
    /// `true` if services get addresses of it without asking.
    pub auto_assign: bool,
}

/// An advertisement of pools to peers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advertisement {
    /// The name.
    pub name: Name,
    /// The pools; empty for all of them.
    pub pools: Vec<Name>,
    /// The peers; empty for all of them.
    pub peers: Vec<Name>,
    /// The length of the advertised IPv4 prefixes, 1 to 32.
    pub aggregation_length: u8,
    /// The length of the advertised IPv6 prefixes, 1 to 128.
    pub aggregation_length_v6: u8,
    /// The local preference.
    pub local_preference: Option<u32>,
    /// Communities.
    pub communities: Vec<Community>,
}

impl Advertisement {
    /// `true` if it takes this pool's addresses.
    pub fn covers(&self, pool: &Pool) -> bool {
        self.pools.is_empty() || self.pools.contains(&pool.name)
    }

    /// `true` if it is for this peer, whatever families the session carries.
    pub fn goes_to(&self, peer: &Peer) -> bool {
        self.peers.is_empty() || self.peers.contains(&peer.name)
    }
}

/// The application behind the advertised address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Workload {
    /// The name of its Deployment and Service.
    pub name: Name,
    /// The namespace.
    pub namespace: Name,
    /// The service's port.
    pub port: u16,
    /// The number of pods.
    pub replicas: u16,
    /// The pool that the service asks for; without one, MetalLB chooses.
    pub pool: Option<Name>,
    /// The nodes that take traffic.
    pub external_traffic_policy: TrafficPolicy,
}

impl Workload {
    /// Returns the pools among which MetalLB chooses freely for the service: the one that the service asks for; else those
    /// that are assigned automatically, with both families if there are any, else with IPv4, else with IPv6 (MetalLB's
    /// `internal/allocator`). In a checked lab that is at most one.
    pub fn candidates<'a>(&self, pools: &'a [Pool]) -> Vec<&'a Pool> {
        let asked = |pool: &&Pool| self.pool.as_ref().map_or(pool.auto_assign, |name| *name == pool.name);
        let usable: Vec<&Pool> = pools.iter().filter(asked).collect();
        let has = |pool: &Pool, v4: bool| pool.ranges.iter().any(|range| range.is_ipv4() == v4);
        let families = |pool: &Pool| (has(pool, true) && has(pool, false), has(pool, true));
        let best = usable.iter().map(|pool| families(pool)).max();
        usable.into_iter().filter(|pool| Some(families(pool)) == best).collect()
    }
}
