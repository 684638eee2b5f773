//! Static routes between networks.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{
    Name,
    family::{Addresses, Family, Subnets},
    router::Router,
};

/// A static route, on every node and router that is on `from` and not on `to`, except for its gateways.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Route {
    /// The network whose nodes and routers have the route.
    pub from: Name,
    /// The destination.
    pub to: Name,
    /// The gateways, which share the packets equally: at least one.
    pub gateways: Vec<Gateway>,
    /// The subnets of `to`, in the families that both networks and all those between have.
    pub destinations: Subnets,
}

/// A gateway of a static route.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gateway {
    /// The router.
    pub router: Name,
    /// The addresses that it has on the network that the route starts from.
    pub addresses: Addresses,
}

impl Route {
    /// `true` if a router has the route.
    pub fn is_of(&self, router: &Router) -> bool {
        let on = |network| router.addresses_on(network).is_some();
        on(&self.from) && !on(&self.to) && !self.gateways.iter().any(|gateway| gateway.router == router.name)
    }

    /// `true` if it leads packets of a family.
    pub fn leads(&self, family: Family) -> bool {
        self.destinations.has(family)
    }

    /// Returns the next hops of a family.
    pub fn next_hops(&self, family: Family) -> impl Iterator<Item = IpAddr> {
        self.gateways.iter().filter_map(move |gateway| gateway.addresses.of(family)).filter(move |_| self.leads(family))
    }

    /// Returns each destination with its next hops.
    pub fn ways(&self) -> impl Iterator<Item = (IpNet, Vec<IpAddr>)> {
        self.destinations.iter().map(|to| (to, self.next_hops(Family::of(to.addr())).collect()))
    }
}
