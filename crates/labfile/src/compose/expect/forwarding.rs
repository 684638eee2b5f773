//! The pings that have to be answered.

use super::Ping;
use crate::{Addresses, Family, Lab, Name, Node, Router};

/// Returns the pings between every node and every router that has a way to it.
pub(super) fn forwarding(lab: &Lab, nodes: &[Node]) -> Vec<Ping> {
    let mut pings = Vec::new();
    for node in nodes {
        for router in &lab.routers {
            let Some(there) = reachable(lab, router) else { continue };
            for (to_router, to_node) in there.iter().filter_map(|to| Some((to, node.addresses.of(Family::of(to))?))) {
                let (name, router) = (node.name.clone(), router.name.to_string());
                pings.push(Ping { from: name.clone(), to: router.clone(), address: to_router });
                pings.push(Ping { from: router, to: name, address: to_node });
            }
        }
    }
    pings
}

/// Returns the addresses at which nodes reach a router: on their own network, or where routes lead in both directions.
fn reachable(lab: &Lab, router: &Router) -> Option<Addresses> {
    let nodes = &lab.cluster.network;
    let route = |from: &Name, to: &Name| lab.routes.iter().find(|route| route.from == *from && route.to == *to);
    router.addresses_on(nodes).copied().or_else(|| {
        router.attachments.iter().find_map(|(network, addresses)| {
            let (there, back) = (route(nodes, network)?, route(network, nodes)?);
            let dual = there.destinations.v6.is_some() && back.destinations.v6.is_some();
            Some(Addresses { v4: addresses.v4, v6: addresses.v6.filter(|_| dual) })
        })
    })
}
