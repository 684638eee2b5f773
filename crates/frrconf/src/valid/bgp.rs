//! Neighbors and networks.

use super::{Owner, Problem, repeated, routes};
use crate::model::{Instance, Neighbor, Peering};
use crate::values::Asn;

pub(super) fn check(instance: &Instance, problems: &mut Vec<Problem>) {
    let Some(bgp) = &instance.bgp else { return };
    for address in repeated(bgp.neighbors.iter().map(|neighbor| neighbor.address)) {
        problems.push(Problem::Repeated { kind: "neighbor", name: address.to_string() });
    }
    for network in repeated(bgp.networks.iter().copied()) {
        problems.push(Problem::Repeated { kind: "BGP network", name: network.to_string() });
    }
    problems.extend(bgp.networks.iter().filter_map(|network| Problem::host_bits(Owner::Network, *network)));
    for neighbor in &bgp.neighbors {
        check_neighbor(instance, bgp.asn, neighbor, problems);
    }
}

fn check_neighbor(instance: &Instance, asn: Asn, neighbor: &Neighbor, problems: &mut Vec<Problem>) {
    let address = neighbor.address;
    let owner = || Owner::Neighbor(address);
    problems.extend(routes::not_a_host(owner(), address));
    if routes::is_link_local(address) {
        problems.push(Problem::LinkLocal { owner: owner(), address, remedy: "give the peer's global address" });
    }
    if matches!(neighbor.peering, Peering::External { remote_as, .. } if remote_as == asn) {
        problems.push(Problem::ExternalOfOurOwnAs { address, asn });
    }
    if let Some(source) = neighbor.source {
        problems.extend(routes::not_a_host(owner(), source));
        if neighbor.bfd.is_some() {
            problems.push(Problem::SourceBesideBfd(address));
        }
        if source.is_ipv4() != address.is_ipv4() {
            problems.push(Problem::SourceOfAnotherFamily { address, own: source });
        }
    }
    let exchanges: Vec<_> = [&neighbor.families.ipv4, &neighbor.families.ipv6].into_iter().flatten().collect();
    if exchanges.is_empty() {
        problems.push(Problem::ExchangesNothing(address));
    }
    let mut maps: Vec<_> =
        exchanges.iter().flat_map(|exchange| [&exchange.inbound, &exchange.outbound]).flatten().collect();
    maps.sort();
    maps.dedup();
    for name in maps {
        if !instance.route_maps.iter().any(|map| map.name == *name) {
            problems.push(Problem::Undefined { owner: owner(), kind: "route map", name: name.clone() });
        }
    }
}
