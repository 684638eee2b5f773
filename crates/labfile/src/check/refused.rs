//! Combinations that MetalLB's own validation refuses (`internal/config` of MetalLB), each at its line.
//!
//! The other refusals are found beside the values: references, ranges, aggregation lengths, timers,
//! BFD's numbers, and the features that the native backend lacks.

use std::collections::BTreeSet;
use std::fmt::Display;

use metallb::release::Feature;

use super::{
    super::{
        AddressRange, Advertisement, At, Name, NamePattern, Node, Peer, Pool, RawLab, Version,
        problem::{Problem, What},
        raw::RawAdvertisement,
        session::Bfd,
    },
    Finds,
    service::Entry,
};

/// Finds values that an advertisement lists twice.
pub(super) fn repeated(finds: &mut Finds, raw: &[At<RawAdvertisement>]) {
    for raw in raw {
        each_once(finds, What::Pool, &raw.pools);
        each_once(finds, What::Peer, &raw.peers);
        each_once(finds, What::Community, &raw.communities);
    }
}

pub(super) fn each_once<T: Ord + Display>(finds: &mut Finds, what: What, list: &[At<T>]) {
    let mut seen = BTreeSet::new();
    for value in list {
        if !seen.insert(value) {
            finds.add(value.place(), Problem::Repeated { what, name: value.to_string() });
        }
    }
}

/// Finds advertisements by which one node gives the same prefixes of a pool two local preferences at one peer. A
/// preference that is not given is 0. Those that select services meet where both select one. Without nodes, those that an advertisement selects are not known.
pub(super) fn local_preferences(
    finds: &mut Finds,
    raw: &[At<RawAdvertisement>],
    checked: &[(Advertisement, Vec<NamePattern>)],
    (pools, services): (&[Pool], &[Entry<'_>]),
    nodes: &[Node],
) {
    let preference = |of: &RawAdvertisement| of.local_preference.as_deref().copied().unwrap_or(0);
    let announcing = |index: usize, node: &Node| checked.get(index).is_none_or(|(by, _)| node.is_in(&by.nodes));
    for (index, second) in raw.iter().enumerate() {
        let meets = |(other, first): &(usize, &At<RawAdvertisement>)| {
            let both = |node: &Node| announcing(*other, node) && announcing(index, node);
            let same_service = || {
                let of = |index: usize| checked.get(index).map(|(by, _)| by);
                let both =
                    |entry: &Entry<'_>| [*other, index].into_iter().filter_map(of).all(|by| by.selects(&entry.service));
                (first.service_selectors.is_empty() && second.service_selectors.is_empty()) || services.iter().any(both)
            };
            share_a_peer(first, second) && (nodes.is_empty() || nodes.iter().any(both)) && same_service()
        };
        let conflict = raw.iter().enumerate().take(index).filter(meets).find_map(|(_, first)| {
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

/// Finds fields that the version of MetalLB does not have yet.
pub(super) fn versions(finds: &mut Finds, raw: &RawLab, version: &Version) {
    let allocations = raw.pools.iter().filter_map(|pool| pool.service_allocation.as_ref()).map(At::place);
    let selectors = raw.advertisements.iter().filter_map(|by| by.service_selectors.first()).map(At::place);
    let allocations = allocations.map(|place| ("`service-allocation`", place, Feature::ServiceAllocation));
    let selectors = selectors.map(|place| ("`service-selectors`", place, Feature::ServiceSelectors));
    for (field, place, feature) in allocations.chain(selectors) {
        if version.numbers() < feature.since() {
            finds.add(place, Problem::since(field.to_owned(), version, feature));
        }
    }
    for peer in &raw.peers {
        let dual_stack = peer.dual_stack.then(|| peer.name.place());
        let fields = [
            ("`connect-time`", peer.connect_time.as_ref().map(At::place), Feature::ConnectTime),
            ("`dual-stack`", dual_stack, Feature::DualStack),
            ("`disable-mp`", peer.disable_mp.as_ref().map(At::place), Feature::DisableMp),
            ("`graceful-restart`", peer.graceful_restart.as_ref().map(At::place), Feature::GracefulRestart),
            ("`dynamic-asn`", peer.dynamic_asn.as_ref().map(At::place), Feature::DynamicAsn),
        ];
        for (field, place, feature) in fields {
            if let Some(place) = place.filter(|_| version.numbers() < feature.since()) {
                finds.add(place, Problem::since(field.to_owned(), version, feature));
            }
        }
    }
}
