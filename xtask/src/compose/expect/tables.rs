//! The prefixes that have to be in tables.

use std::{collections::BTreeSet, net::IpAddr};

use super::super::{services, sessions::is_of};
use super::{Announced, Announces, NextHops, TableEntry};
use crate::lab::{Family, Lab, Link, Name, Node, Peer, Role};

/// What nodes tell routers, and what those pass on within their AS.
pub(super) fn tables(lab: &Lab, nodes: &[Node], announces: &Announces<'_>) -> Vec<TableEntry> {
    let mut entries = Vec::new();
    for router in &lab.routers {
        let Role::Speaker(asn) = router.role else { continue };
        // A link between two AS changes the next hop to the router's own: not judged.
        let passes = |link: &&Link| {
            let inside = link.from.asn == asn && link.to.asn == asn;
            let other_as = lab.cluster.asn != asn;
            inside
                && ((link.from.router == router.name && (link.reflected || other_as))
                    || (link.to.router == router.name && other_as))
        };
        let sources: BTreeSet<&Name> = lab
            .links
            .iter()
            .filter(passes)
            .map(|link| if link.from.router == router.name { &link.to.router } else { &link.from.router })
            .collect();
        for service in services(lab) {
            let family = if service.address.is_ipv4() { Family::Ipv4 } else { Family::Ipv6 };
            for advertised in &service.prefixes {
                let tells = |peer: &&Peer| peer.families().contains(&family) && advertised.goes_to(&peer.name);
                let told = |name: &Name| lab.peers.iter().filter(tells).any(|peer| peer.router == *name);
                let next_hops: BTreeSet<IpAddr> =
                    nodes.iter().filter(|node| announces(node)).filter_map(|node| node.addresses.of(family)).collect();
                debug_assert!(next_hops.iter().all(|address| is_of(family, *address)));
                let next_hops = if told(&router.name) {
                    NextHops::All(next_hops)
                } else if sources.iter().any(|source| told(source)) {
                    NextHops::AnyOf(next_hops)
                } else {
                    continue;
                };
                entries.push(TableEntry { router: router.name.clone(), prefix: advertised.prefix, next_hops });
            }
        }
    }
    entries
}

/// What each node that announces has in its own BGP table.
pub(super) fn announced(lab: &Lab, nodes: &[Node], announces: &Announces<'_>) -> Vec<Announced> {
    let prefixes: BTreeSet<_> =
        services(lab).into_iter().flat_map(|service| service.prefixes).map(|advertised| advertised.prefix).collect();
    let of = |node: &Node| {
        let one = |prefix: &ipnet::IpNet| Announced { node: node.name.clone(), prefix: *prefix, by: announces(node) };
        prefixes.iter().map(one).collect::<Vec<_>>()
    };
    nodes.iter().flat_map(of).collect()
}
