//! The pings that have to be answered.

use std::net::IpAddr;

use super::Ping;
use crate::{Family, Lab, Node, Router, ways::Ways};

/// Returns the pings between every node and every router that has a way to it.
pub(super) fn forwarding(lab: &Lab, nodes: &[Node]) -> Vec<Ping> {
    let mut pings = Vec::new();
    for node in nodes {
        for router in &lab.routers {
            let there = reachable(lab, router);
            let pairs =
                there.into_iter().filter_map(|(to, heard)| Some((to, node.addresses.of(Family::of(to))?, heard)));
            for (to_router, to_node, heard) in pairs {
                let (name, router) = (node.name.clone(), router.name.to_string());
                pings.push(Ping { from: name.clone(), to: router.clone(), address: to_router });
                pings.extend(heard.then_some(Ping { from: router, to: name, address: to_node }));
            }
        }
    }
    pings
}

/// Returns the addresses at which nodes reach a router: on their own network, or where routes lead in both directions. With
/// each comes if the router's own pings are answered.
fn reachable(lab: &Lab, router: &Router) -> Vec<(IpAddr, bool)> {
    let nodes = &lab.cluster.network;
    if let Some(own) = router.addresses_on(nodes) {
        return own.iter().map(|own| (own, true)).collect();
    }
    let ways = Ways::new(&lab.routers, &lab.routes);
    let far = |family| {
        let far = ways.far(nodes, router, family)?;
        Some((far.addresses.of(family)?, far.heard))
    };
    [Family::Ipv4, Family::Ipv6].into_iter().filter_map(far).collect()
}
