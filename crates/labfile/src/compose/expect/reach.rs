//! The addresses of the service that have to answer.

use std::{collections::BTreeSet, net::IpAddr};

use super::{NextHops, Ping, TableEntry};
use crate::compose::service::Placed;
use crate::{Lab, Name, Node, Route, Router};

/// Returns the requests to the services' addresses from each router from which packets arrive at a node that passes them
/// on, whichever way they take, and to which the node's answers find back. Others leave the lab by a default gateway.
pub(super) fn reach(
    lab: &Lab,
    (here, placed): (&[(&Node, Vec<&Placed<'_>>)], &[Placed<'_>]),
    tables: &[TableEntry],
) -> Vec<Ping> {
    let mut pings = Vec::new();
    let serving = |placed: &Placed<'_>| -> Vec<&Node> {
        let has = |own: &[&Placed<'_>]| own.iter().any(|own| std::ptr::eq(own.service, placed.service));
        here.iter().filter(|(_, own)| !placed.is_local() || has(own)).map(|(node, _)| *node).collect()
    };
    let services: Vec<_> = placed.iter().map(|placed| (placed, serving(placed), lab.title(placed.service))).collect();
    for router in &lab.routers {
        for (placed, serving, title) in &services {
            let ways = Ways { lab, nodes: serving, tables };
            let answered = placed.addresses.iter().filter(|(address, _)| ways.answered(router, *address));
            pings.extend(answered.map(|(address, _)| Ping {
                from: router.name.to_string(),
                to: title.clone(),
                address: *address,
            }));
        }
    }
    pings
}

/// The ways of packets, by static routes and by the tables.
struct Ways<'a> {
    lab: &'a Lab,
    /// The nodes that pass packets for the address on to a pod.
    nodes: &'a [&'a Node],
    tables: &'a [TableEntry],
}

impl Ways<'_> {
    fn answered(&self, router: &Router, address: IpAddr) -> bool {
        let first = self.next(router, address);
        let back = |hop: &IpAddr| {
            let on = self.lab.network_at(*hop).map(|network| &network.name);
            on.is_some_and(|on| router.addresses_on(on).is_some() && self.finds_back(on, address))
        };
        !first.is_empty()
            && first.iter().all(back)
            && self.arrives(router, address, &mut Vec::new(), &mut BTreeSet::new())
    }

    /// `true` if each of the ways from a router ends at a node. Routers on the way here are `passed`, those whose ways all
    /// end are `done`.
    fn arrives<'a>(
        &'a self,
        at: &'a Router,
        address: IpAddr,
        passed: &mut Vec<&'a Name>,
        done: &mut BTreeSet<&'a Name>,
    ) -> bool {
        if done.contains(&at.name) || passed.contains(&&at.name) {
            return done.contains(&at.name);
        }
        passed.push(&at.name);
        let next = self.next(at, address);
        let is_node = |hop: &IpAddr| self.nodes.iter().any(|node| node.addresses.iter().any(|own| own == *hop));
        let mut on = next.iter().filter(|hop| !is_node(hop));
        let arrives = !next.is_empty()
            && on.all(|hop| {
                let has =
                    |router: &&Router| router.attachments.iter().any(|(_, own)| own.iter().any(|own| own == *hop));
                let router = self.lab.routers.iter().find(has);
                router.is_some_and(|router| self.arrives(router, address, passed, done))
            });
        passed.pop();
        done.extend(arrives.then_some(&at.name));
        arrives
    }

    /// Returns the addresses on its own networks that a router sends packets to the service's address to, one of which
    /// may be on none of them.
    fn next(&self, at: &Router, address: IpAddr) -> BTreeSet<IpAddr> {
        let holds = |entry: &&TableEntry| entry.router == at.name && entry.prefix.contains(&address);
        let entry = self.tables.iter().filter(holds).max_by_key(|entry| entry.prefix.prefix_len());
        let hops = entry.map(|entry| match &entry.next_hops {
            NextHops::All(hops) | NextHops::AnyOf(hops) => hops,
        });
        hops.into_iter().flatten().flat_map(|hop| self.gateways(at, *hop)).collect()
    }

    /// Returns the gateways to an address if a static route leads there, else the address.
    fn gateways(&self, at: &Router, to: IpAddr) -> Vec<IpAddr> {
        let mut ways = self.lab.routes_at(at.name.as_str()).flat_map(Route::ways);
        ways.find(|(net, _)| net.contains(&to)).map_or_else(|| vec![to], |(_, hops)| hops)
    }

    /// `true` if nodes have a route to a network, in the family of the service's address.
    fn finds_back(&self, network: &Name, address: IpAddr) -> bool {
        let nodes = &self.lab.cluster.network;
        let leads = |route: &Route| {
            route.from == *nodes
                && route.to == *network
                && route.destinations.iter().any(|net| net.addr().is_ipv4() == address.is_ipv4())
        };
        network == nodes || self.lab.routes.iter().any(leads)
    }
}
