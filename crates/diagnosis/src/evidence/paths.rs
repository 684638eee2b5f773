//! The ways that packets take through the lab, as the lab file says.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::Evidence;
use labfile::{Addresses, Family, Name};

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
        self.lab.network_at(address).map(|network| &network.name)
    }

    /// The addresses that a place sends to so that packets arrive at another: itself, or those of the routers between.
    pub fn next_hops(&self, from: &str, to: IpAddr) -> Vec<IpAddr> {
        let Some(target) = self.network_at(to) else { return Vec::new() };
        if self.networks_of(from).contains(&target) {
            return vec![to];
        }
        let route = self.lab.routes_at(from).find(|route| route.to == *target);
        route.into_iter().flat_map(|route| route.next_hops(Family::of(to))).collect()
    }

    /// The routers that come next on the way of a place's packets to an address.
    fn gateways(&self, from: &str, to: IpAddr) -> impl Iterator<Item = &str> {
        let hops = self.next_hops(from, to).into_iter().filter(move |hop| *hop != to);
        hops.filter_map(|hop| self.place_at(hop))
    }

    /// The hops of packets from a place to an address: the place itself, and each router between, on whichever way.
    pub fn legs(&self, from: &str, to: IpAddr) -> Vec<Leg> {
        let mut legs: Vec<Leg> = vec![(from.to_owned(), to)];
        let mut followed = 0;
        while let Some((at, _)) = legs.get(followed).cloned() {
            for router in self.gateways(&at, to) {
                // Ways may meet again.
                if !legs.iter().any(|(known, _)| known == router) {
                    legs.push((router.to_owned(), to));
                }
            }
            followed += 1;
        }
        legs
    }

    /// The routers between a place and an address, on whichever way.
    pub fn between(&self, from: &str, to: IpAddr) -> Vec<String> {
        self.legs(from, to).into_iter().skip(1).map(|(at, _)| at).collect()
    }

    /// The largest number of routers that a packet from a place to an address passes.
    pub fn distance(&self, from: &str, to: IpAddr) -> usize {
        let mut reached: BTreeSet<&str> = self.gateways(from, to).collect();
        // A checked lab's routes run in no circle.
        (0..self.lab.routers.len())
            .take_while(|_| {
                let there = !reached.is_empty();
                reached = reached.iter().flat_map(|at| self.gateways(at, to)).collect();
                there
            })
            .count()
    }
}
