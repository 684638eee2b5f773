//! Addresses that MetalLB assigns and announces to nobody.

use super::{
    super::{Advertisement, At, Cluster, Family, Peer, Pool, Provider, problem::Problem, raw::RawPool},
    Finds,
};

/// Warns of each family of a pool that no session carries.
pub(super) fn warn(
    finds: &mut Finds,
    raw: &[At<RawPool>],
    pools: &[Pool],
    advertisements: &[Advertisement],
    (peers, cluster): (&[Peer], &Cluster),
) {
    let meet = |by: &Advertisement, peer: &Peer| {
        // The labels of other machines are not known here.
        matches!(cluster.provider, Provider::Existing { .. })
            || cluster.placement.iter().any(|node| node.announces() && node.is_in(&by.nodes) && node.is_in(&peer.nodes))
    };
    for (raw, pool) in raw.iter().filter_map(|raw| Some((raw, pools.iter().find(|pool| pool.name == *raw.name)?))) {
        let by: Vec<&Advertisement> = advertisements.iter().filter(|by| by.covers(pool)).collect();
        let named: Vec<&Peer> = peers.iter().filter(|peer| by.iter().any(|by| by.goes_to(peer))).collect();
        let to = |peer: &&&Peer| by.iter().any(|by| by.goes_to(peer) && meet(by, peer));
        let to: Vec<&Peer> = named.iter().filter(to).copied().collect();
        for family in Family::ALL {
            let Some(range) = pool.ranges.iter().find(|range| Family::of(range.ends().0) == family) else { continue };
            if to.iter().any(|peer| peer.families().contains(&family)) {
                continue;
            }
            let place = raw.addresses.iter().find(|entry| entry.0 == *range).map_or(0..0, At::place);
            let problem = if by.is_empty() {
                Problem::Unadvertised { pool: pool.name.clone(), family }
            } else if to.is_empty() && !named.is_empty() {
                Problem::NowhereAnnounced { pool: pool.name.clone(), family }
            } else {
                let peers = to.iter().map(|peer| peer.name.clone()).collect();
                Problem::Unannounced { pool: pool.name.clone(), family, peers }
            };
            finds.warn(place, problem);
        }
    }
}
