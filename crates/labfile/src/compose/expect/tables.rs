//! The prefixes that have to be in tables.

use std::{collections::BTreeSet, net::IpAddr};

use ipnet::IpNet;

use super::super::service::{self, Advertised, Service};
use super::{Announced, Announces, NextHops, TableEntry};
use crate::{Family, Lab, Name, Node, Role};

/// Returns the prefixes that routers learn from nodes, and those that they pass on within their AS.
pub(super) fn tables(lab: &Lab, nodes: &[Node], announces: &Announces<'_>) -> Vec<TableEntry> {
    let all: Vec<Advertised> = service::advertised(lab).collect();
    let prefixes = reaching(lab);
    let mut entries = Vec::new();
    for router in &lab.routers {
        if !matches!(router.role, Role::Speaker(_)) {
            continue;
        }
        let sources: BTreeSet<&Name> = lab.sources(router.name.as_str()).collect();
        for prefix in &prefixes {
            let to = |name: &Name| {
                let peers: Vec<_> = lab.peers.iter().filter(|peer| peer.router == *name).collect();
                let goes = move |one: &&Advertised| one.prefix == *prefix && peers.iter().any(|peer| one.reaches(peer));
                all.iter().filter(goes)
            };
            let passes_on = |name: &&Name| to(name).next().is_some() && !to(name).any(Advertised::is_no_advertise);
            let next_hops = next_hops(nodes, announces, *prefix);
            if next_hops.is_empty() {
                continue;
            }
            let next_hops = if to(&router.name).next().is_some() {
                NextHops::All(next_hops)
            } else if sources.iter().any(passes_on) {
                NextHops::AnyOf(next_hops)
            } else {
                continue;
            };
            entries.push(TableEntry { router: router.name.clone(), prefix: *prefix, next_hops });
        }
    }
    entries
}

/// Returns the addresses of the nodes that announce, of a prefix' family.
fn next_hops(nodes: &[Node], announces: &Announces<'_>, prefix: IpNet) -> BTreeSet<IpAddr> {
    nodes
        .iter()
        .filter(|node| announces(node))
        .filter_map(|node| node.addresses.of(Family::of(prefix.addr())))
        .collect()
}

/// Returns the prefixes that reach any peer. A speaker has no others.
fn reaching(lab: &Lab) -> BTreeSet<IpNet> {
    let goes = |one: &Advertised| lab.peers.iter().any(|peer| one.reaches(peer));
    service::advertised(lab).filter(goes).map(|advertised| advertised.prefix).collect()
}

/// Returns the prefixes in the BGP table of each node.
pub(super) fn announced(lab: &Lab, nodes: &[Node], announces: &Announces<'_>) -> Vec<Announced> {
    let prefixes = reaching(lab);
    let of = |node: &Node| {
        let one = |prefix: &IpNet| Announced { node: node.name.clone(), prefix: *prefix, by: announces(node) };
        prefixes.iter().map(one).collect::<Vec<_>>()
    };
    nodes.iter().flat_map(of).collect()
}

/// Returns the prefixes of the service's addresses that reach no peer; for an address without an advertisement, its own.
pub(super) fn unannounced(lab: &Lab) -> Vec<IpNet> {
    let reaching = reaching(lab);
    let of = |service: Service| -> BTreeSet<IpNet> {
        let prefixes = service.prefixes.iter().map(|one| one.prefix);
        if service.prefixes.is_empty() { [service.address.into()].into() } else { prefixes.collect() }
    };
    let services = service::services(lab).into_iter().map(of).filter(|own| own.is_disjoint(&reaching));
    services.flatten().collect()
}
