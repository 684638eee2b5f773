//! The answers of FRR in one place, each daemon for itself.

use std::collections::BTreeMap;
use std::net::IpAddr;

use frrconf::running::{Running, RunningBgp, RunningNeighbor};
use frrconf::views::{BfdCounters, BfdPeers, BgpNeighbor, BgpNeighbors, BgpTable, Family, RouteTable};
use frrconf::vty::Daemon;

/// The answers of FRR in one place. Those that a daemon did not give are missing.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Frr {
    /// The BGP neighbors in detail.
    pub neighbors: Option<BgpNeighbors>,
    /// The BGP tables.
    pub bgp: BTreeMap<Family, BgpTable>,
    /// Zebra's tables.
    pub routes: BTreeMap<Family, RouteTable>,
    /// The BFD sessions.
    pub bfd: Option<BfdPeers>,
    /// Their counters.
    pub counters: Option<BfdCounters>,
    /// The running configuration of bgpd and bfdd.
    pub running: Option<Running>,
    /// `true` if bgpd showed its running configuration.
    pub knows_bgp: bool,
    /// The reason why a daemon did not answer.
    pub silent: BTreeMap<Daemon, String>,
}

impl Frr {
    /// A neighbor's state.
    pub fn neighbor(&self, address: IpAddr) -> Option<&BgpNeighbor> {
        self.neighbors.as_ref()?.neighbors.get(&address)
    }

    /// The BGP instance that runs.
    pub fn instance(&self) -> Option<&RunningBgp> {
        self.running.as_ref()?.bgp.as_ref()
    }

    /// The configuration of a neighbor, and of the instance around it.
    pub fn configured(&self, address: IpAddr) -> Option<(&RunningBgp, &RunningNeighbor)> {
        let instance = self.instance()?;
        Some((instance, instance.neighbors.get(&address)?))
    }
}
