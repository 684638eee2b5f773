//! The prefixes that have to be in tables.

use std::{collections::BTreeSet, net::IpAddr};

use ipnet::IpNet;

use super::super::service::{self, Placed};
use super::{Announced, LeftOutBy, NextHops, Sends, TableEntry, fabric};
use crate::{
    Lab, Node, Router,
    simulate::{self, Decision},
};

/// Returns the prefixes that each router has in its table, computed from what every speaker sends.
pub(super) fn tables(lab: &Lab, nodes: &[Node], (placed, sends): (&[Placed<'_>], &Sends<'_>)) -> Vec<TableEntry> {
    let fabric = fabric::fabric(lab, nodes, sends);
    let decided: Vec<_> =
        reaching(lab, placed).into_iter().map(|prefix| (prefix, simulate::run(&fabric, prefix))).collect();
    let entry = |(place, router): (usize, &Router)| {
        let of = |(prefix, all): &(IpNet, Option<Vec<Option<Decision>>>)| {
            let decision = all.as_ref()?.get(place)?.as_ref().filter(|decision| decision.certain)?;
            let name = |speaker: &usize| fabric.speakers.get(*speaker).map(|speaker| speaker.name.clone());
            Some(TableEntry {
                router: router.name.clone(),
                prefix: *prefix,
                next_hops: next_hops(decision),
                learned_from: decision.from.iter().filter_map(name).collect(),
            })
        };
        decided.iter().filter_map(of).collect::<Vec<_>>()
    };
    fabric::speakers(lab).enumerate().flat_map(entry).collect()
}

/// Returns the next hops of a decision.
pub(super) fn next_hops(decision: &Decision) -> NextHops {
    let hops = decision.next_hops.clone();
    if decision.all { NextHops::All(hops) } else { NextHops::AnyOf(hops) }
}

impl NextHops {
    /// Returns `true` if these are the next hops.
    pub fn are(&self, seen: &BTreeSet<IpAddr>) -> bool {
        match self {
            Self::All(all) => seen == all,
            Self::AnyOf(some) => !seen.is_empty() && seen.is_subset(some),
        }
    }
}

/// Returns the prefixes of the services that reach any peer.
fn reaching(lab: &Lab, placed: &[Placed<'_>]) -> BTreeSet<IpNet> {
    let all = placed.iter().flat_map(Placed::prefixes);
    all.filter(|one| lab.peers.iter().any(|peer| one.reaches(peer))).map(|advertised| advertised.prefix).collect()
}

/// Returns the prefixes in the BGP table of each node, which has these services.
pub(super) fn announced(
    lab: &Lab,
    here: &[(&Node, Vec<&Placed<'_>>)],
    (placed, sends): (&[Placed<'_>], &Sends<'_>),
) -> Vec<Announced> {
    let prefixes = reaching(lab, placed);
    let all_local = |prefix: IpNet| placed.iter().filter(|placed| placed.has(prefix)).all(|placed| placed.is_local());
    let of = |(node, services): &(&Node, Vec<&Placed<'_>>)| {
        let own: BTreeSet<IpNet> = lab.peers.iter().flat_map(|peer| sends(node, peer)).map(|one| one.prefix).collect();
        let one = |prefix: &IpNet| Announced {
            node: node.name.clone(),
            prefix: *prefix,
            by: own.contains(prefix),
            left_out_by: match services.iter().any(|placed| placed.has(*prefix)) {
                true => LeftOutBy::Advertisements,
                false if node.announces() && all_local(*prefix) => LeftOutBy::Pods,
                false => LeftOutBy::LoadBalancing,
            },
        };
        prefixes.iter().map(one).collect::<Vec<_>>()
    };
    here.iter().flat_map(of).collect()
}

/// Returns the prefixes of the services' addresses that no node sends to any peer; for an address without an advertisement,
/// its own. Without nodes, those that advertisements and peers select are not known.
pub(super) fn unannounced(lab: &Lab, nodes: &[Node], placed: &[Placed<'_>]) -> Vec<IpNet> {
    let all: Vec<&Placed<'_>> = placed.iter().collect();
    let sent = |node: &Node| {
        lab.peers.iter().flat_map(|peer| service::sent(&all, node, peer)).map(|one| one.prefix).collect::<Vec<_>>()
    };
    let reaching = match nodes {
        [] => reaching(lab, placed),
        nodes => nodes.iter().filter(|node| node.announces()).flat_map(sent).collect(),
    };
    let of = |(address, prefixes): &(IpAddr, Vec<_>)| -> BTreeSet<IpNet> {
        let own = prefixes.iter().map(|one: &super::Advertised| one.prefix);
        if prefixes.is_empty() { [(*address).into()].into() } else { own.collect() }
    };
    let addresses = placed.iter().flat_map(|placed| &placed.addresses).map(of);
    let silent: BTreeSet<IpNet> = addresses.filter(|own| own.is_disjoint(&reaching)).flatten().collect();
    silent.into_iter().collect()
}
