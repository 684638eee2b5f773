//! The ways that packets take through the lab, as the lab file says.

use std::net::IpAddr;

use super::Evidence;
use labfile::{Addresses, Name};

/// A hop: a place, and the address that it sends to.
pub(crate) type Leg = (String, IpAddr);

impl Evidence {
    /// The addresses of a place on a network.
    pub fn addresses_on(&self, place: &str, network: &Name) -> Option<&Addresses> {
        let router = self.lab.routers.iter().find(|router| router.name.as_str() == place);
        let node = || self.nodes.iter().find(|node| node.name == place && self.lab.cluster.network == *network);
        match router {
            Some(router) => router.addresses_on(network),
            None => node().map(|node| &node.addresses),
        }
    }

    /// The networks that a place should be on.
    pub fn networks_of(&self, place: &str) -> Vec<&Name> {
        match self.lab.routers.iter().find(|router| router.name.as_str() == place) {
            Some(router) => router.attachments.iter().map(|(network, _)| network).collect(),
            None => vec![&self.lab.cluster.network],
        }
    }

    /// The place that has an address.
    pub fn place_at(&self, address: IpAddr) -> Option<&str> {
        let router =
            self.lab.routers.iter().find(|router| {
                router.attachments.iter().any(|(_, addresses)| addresses.iter().any(|own| own == address))
            });
        let node = || self.nodes.iter().find(|node| node.addresses.iter().any(|own| own == address));
        router.map(|router| router.name.as_str()).or_else(|| node().map(|node| node.name.as_str()))
    }

    /// The network that an address lies in.
    pub fn network_at(&self, address: IpAddr) -> Option<&Name> {
        let holds = |network: &&labfile::Network| network.subnets.iter().any(|net| net.contains(&address));
        self.lab.networks.iter().find(holds).map(|network| &network.name)
    }

    /// The address that a place sends to so that a packet arrives at another: itself, or the router's between.
    pub fn next_hop(&self, from: &str, to: IpAddr) -> Option<IpAddr> {
        let (target, own) = (self.network_at(to)?, self.networks_of(from));
        if own.contains(&target) {
            return Some(to);
        }
        let route = self.lab.routes.iter().find(|route| own.contains(&&route.from) && route.to == *target)?;
        route.next_hops.iter().find(|hop| hop.is_ipv4() == to.is_ipv4())
    }

    /// The hops of a packet from a place to an address: the place itself, and each router between.
    pub fn legs(&self, from: &str, to: IpAddr) -> Vec<Leg> {
        let mut legs: Vec<Leg> = vec![(from.to_owned(), to)];
        let mut at = from.to_owned();
        // A lab whose routes lead in a circle is not followed for ever.
        for _ in 0..self.lab.routers.len() {
            let Some(hop) = self.next_hop(&at, to).filter(|hop| *hop != to) else { break };
            let Some(router) = self.place_at(hop) else { break };
            at = router.to_owned();
            legs.push((at.clone(), to));
        }
        legs
    }

    /// The routers between a place and an address.
    pub fn between(&self, from: &str, to: IpAddr) -> Vec<String> {
        self.legs(from, to).into_iter().skip(1).map(|(at, _)| at).collect()
    }
}
