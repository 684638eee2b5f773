//! Combinations that MetalLB's own validation refuses (`internal/config` of MetalLB v0.15), each at its line.
//!
//! The other refusals are found beside the values: references, ranges, aggregation lengths, timers,
//! BFD's numbers, and the features that the native backend lacks.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::{
    super::{
        AddressRange, Advertisement, At, Name, Peer, Pool, RawLab,
        problem::{Problem, What},
        raw::RawAdvertisement,
        session::Bfd,
    },
    Finds,
};

/// Finds values that an advertisement lists twice.
pub(super) fn repeated(finds: &mut Finds, raw: &[At<RawAdvertisement>]) {
    for raw in raw {
        each_once(finds, What::Pool, &raw.pools);
        each_once(finds, What::Peer, &raw.peers);
        each_once(finds, What::Community, &raw.communities);
    }
}

fn each_once<T: Ord + Display>(finds: &mut Finds, what: What, list: &[At<T>]) {
    let mut seen = BTreeSet::new();
    for value in list {
        if !seen.insert(value) {
            finds.add(value.place(), Problem::Repeated { what, name: value.to_string() });
        }
    }
}

/// Finds advertisements that give the same prefixes of a pool two local preferences at one peer. A preference that is
/// not given is 0.
pub(super) fn local_preferences(finds: &mut Finds, raw: &[At<RawAdvertisement>], pools: &[Pool]) {
    let preference = |of: &RawAdvertisement| of.local_preference.as_deref().copied().unwrap_or(0);
    for (index, second) in raw.iter().enumerate() {
        let conflict = raw.iter().take(index).filter(|first| share_a_peer(first, second)).find_map(|first| {
            let differ = preference(first) != preference(second);
            let same = |pool: &&Pool| covers(first, pool) && covers(second, pool) && same_prefixes(first, second, pool);
            Some((first, pools.iter().filter(|_| differ).find(same)?))
        });
        if let Some((first, pool)) = conflict {
            let place = second.local_preference.as_ref().map_or_else(|| second.name.place(), At::place);
            let problem = Problem::LocalPreference {
                pool: pool.name.clone(),
                first: (*first.name).clone(),
                first_value: preference(first),
                second: (*second.name).clone(),
                second_value: preference(second),
            };
            finds.add(place, problem);
        }
    }
}

/// `true` if the advertisement takes this pool's addresses.
fn covers(raw: &RawAdvertisement, pool: &Pool) -> bool {
    raw.pools.is_empty() || raw.pools.iter().any(|name| **name == pool.name)
}

fn share_a_peer(first: &RawAdvertisement, second: &RawAdvertisement) -> bool {
    let either_takes_all = first.peers.is_empty() || second.peers.is_empty();
    either_takes_all || first.peers.iter().any(|peer| second.peers.contains(peer))
}

/// `true` if both make the same prefixes of the pool in one of its families.
fn same_prefixes(first: &RawAdvertisement, second: &RawAdvertisement, pool: &Pool) -> bool {
    let length = |given: &Option<At<u8>>, default| given.as_deref().copied().unwrap_or(default);
    let v4 = |of: &RawAdvertisement| length(&of.aggregation_length, 32);
    let v6 = |of: &RawAdvertisement| length(&of.aggregation_length_v6, 128);
    (pool.ranges.iter().any(AddressRange::is_ipv4) && v4(first) == v4(second))
        || (pool.ranges.iter().any(AddressRange::is_ipv6) && v6(first) == v6(second))
}

/// Finds peers with BFD echo packets that get addresses of an IPv6 pool.
pub(super) fn echo(finds: &mut Finds, raw: &RawLab, advertisements: &[Advertisement], peers: &[Peer], pools: &[Pool]) {
    let ipv6 =
        |by: &Advertisement| pools.iter().find(|pool| by.covers(pool) && pool.ranges.iter().any(AddressRange::is_ipv6));
    for entry in &raw.peers {
        let Some(place) = entry.bfd_profile.as_ref().map(At::place) else { continue };
        let Some(peer) = peers.iter().find(|peer| entry.name.name(1) == peer.name) else { continue };
        // Across a router there are no echo packets at all.
        let Some(Bfd::SingleHop(profile)) = &peer.session.bfd else { continue };
        if profile.echo.is_none() {
            continue;
        }
        let to_peer = advertisements.iter().filter(|by| by.goes_to(peer));
        if let Some((by, pool)) = to_peer.filter_map(|by| Some((by, ipv6(by)?))).next() {
            let name = |name: &Name| name.clone();
            let (profile, pool, advertisement) = (name(&profile.name), name(&pool.name), name(&by.name));
            finds.add(place, Problem::EchoIpv6 { profile, pool, advertisement });
        }
    }
}
