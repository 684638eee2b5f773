//! The addresses of the service that have to answer.

use std::net::IpAddr;

use super::{Ping, TableEntry};
use crate::compose::services;
use crate::{Lab, Name, Router};

/// Returns the requests to the service's addresses from each router that has a route to them, as has every router
/// between. A router without one sends packets to its default gateway, out of the lab.
pub(super) fn reach(lab: &Lab, tables: &[TableEntry]) -> Vec<Ping> {
    let knows = |router: &Name, address: &IpAddr| {
        tables.iter().any(|entry| entry.router == *router && entry.prefix.contains(address))
    };
    let addresses: Vec<IpAddr> = services(lab).into_iter().map(|service| service.address).collect();
    let mut pings = Vec::new();
    for router in &lab.routers {
        let on_the_way = |address: &&IpAddr| {
            knows(&router.name, address) && between(lab, router).iter().all(|via| knows(via, address))
        };
        pings.extend(addresses.iter().filter(on_the_way).map(|address| Ping {
            from: router.name.to_string(),
            to: lab.workload.name.to_string(),
            address: *address,
        }));
    }
    pings
}

/// Returns the routers between a router and the nodes.
fn between<'a>(lab: &'a Lab, router: &Router) -> Vec<&'a Name> {
    let nodes = &lab.cluster.network;
    if router.addresses_on(nodes).is_some() {
        return Vec::new();
    }
    let ways = lab.routes.iter().filter(|way| way.to == *nodes && router.addresses_on(&way.from).is_some());
    ways.map(|way| &way.via).collect()
}
