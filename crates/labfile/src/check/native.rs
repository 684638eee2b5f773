//! MetalLB's own BGP implementation, which lacks many features of a lab.

use super::{
    super::{
        At, Family, Pool, RawLab,
        install::{Backend, Metallb},
        model::{Cluster, Provider},
        problem::Problem,
        raw::RawPool,
        session::{Peer, Timers},
    },
    Finds,
};

/// Leaves out, at both ends, the features that the native backend lacks; those that cannot be left out are problems.
///
/// The same lab file serves every backend: a router that waits for BFD from a node without BFD would never bring a
/// session up.
pub(super) fn adapt(
    finds: &mut Finds,
    raw: &RawLab,
    cluster: &Cluster,
    metallb: &mut Metallb,
    peers: &mut [Peer],
    pools: &mut [Pool],
) {
    // Standalone nodes are FRR, whatever the backend.
    if metallb.backend != Backend::Native || matches!(cluster.provider, Provider::Standalone { .. }) {
        return;
    }
    let mut leave_out = |what, is_there| {
        if is_there && !metallb.left_out.contains(&what) {
            metallb.left_out.push(what);
        }
    };
    for entry in &raw.peers {
        let own = peers.iter().find(|peer| peer.name == entry.name.name(1));
        let over_ipv6 = own.is_some_and(|peer| peer.session.family == Family::Ipv6);
        let lacks = [
            (
                over_ipv6.then(|| entry.family.as_ref().map_or_else(|| entry.name.place(), At::place)),
                "sessions over IPv6",
            ),
            (entry.graceful_restart.as_ref().map(At::place), "graceful restart"),
            (entry.disable_mp.as_ref().map(At::place), "`disableMP`"),
            (entry.dynamic_asn.as_ref().map(At::place), "dynamic AS numbers"),
        ];
        for (place, what) in lacks {
            place.into_iter().for_each(|place| finds.add(place, Problem::Native(what)));
        }
    }
    let communities = raw.advertisements.iter().flat_map(|advertisement| &advertisement.communities);
    for large in communities.filter(|community| community.large().is_some()) {
        finds.add(large.place(), Problem::Native("large communities"));
    }
    for peer in peers {
        leave_out("BFD", peer.session.bfd.take().is_some());
        leave_out("IPv6 prefixes", std::mem::take(&mut peer.dual_stack));
        leave_out("timers", std::mem::take(&mut peer.session.timers) != Timers::default());
    }
    for pool in pools {
        let before = pool.ranges.len();
        pool.ranges.retain(|range| range.is_ipv4());
        leave_out("IPv6 prefixes", pool.ranges.len() < before);
        if pool.ranges.is_empty() {
            let entry = raw.pools.iter().find(|entry: &&At<RawPool>| *entry.name == pool.name);
            finds.add(entry.map_or(0..0, |entry| entry.name.place()), Problem::Native("IPv6 pools"));
        }
    }
}
