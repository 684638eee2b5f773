//! The answers of FRR in one place, each daemon for itself.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Range;

use frrconf::running::{Running, RunningBgp, RunningNeighbor};
use frrconf::views::{
    BfdCounters, BfdPeers, BfdStatus, BgpNeighbor, BgpNeighbors, BgpState, BgpTable, Family, RouteTable,
};
use frrconf::vty::Daemon;

/// The answers of FRR in one place. Those that a daemon did not give are missing.
#[derive(Debug, Clone, Default)]
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

/// The releases that turn the peer away in other states than `Idle`, too: from the first one to the first that recovers.
const DEAF: Range<(u16, u16)> = (10, 2)..(10, 7);

/// Returns `true` if BGP keeps a neighbor down because its own BFD session to it is.
pub fn waits_for_bfd(neighbor: &BgpNeighbor, release: Option<(u16, u16)>) -> bool {
    let deaf = neighbor.state != BgpState::Established
        && neighbor.bfd.as_ref().is_some_and(|bfd| bfd.status == BfdStatus::Down)
        && release.is_some_and(|release| DEAF.contains(&release));
    neighbor.held_by_bfd() || deaf
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_some_releases_are_deaf() {
        let neighbor = |state: &str| {
            let text = format!(
                r#"{{"10.0.1.3": {{"remoteAs": 64500, "localAs": 64500, "bgpState": "{state}",
                "peerBfdInfo": {{"type": "multi hop", "status": "Down"}}}}}}"#
            );
            BgpNeighbors::parse(&text).unwrap().neighbors.pop_first().unwrap().1
        };
        let waits = |state, release| waits_for_bfd(&neighbor(state), Some(release));
        assert!(waits("Idle", (8, 4)), "and lasts, which it does not there");
        assert!(waits("Active", (10, 3)));
        assert!(!waits("Established", (10, 3)));
        assert!(!waits("Active", (10, 1)) && !waits("Active", (10, 7)), "they recover by themselves");
    }
}
