//! The ways that packets take from network to network, by static routes.

use std::collections::BTreeMap;

use super::{
    Name,
    family::{Addresses, Family},
    route::Route,
    router::Router,
};

/// The routers and the static routes of a lab.
#[derive(Debug)]
pub(crate) struct Ways<'a> {
    routers: Vec<&'a Router>,
    routes: &'a [Route],
}

/// The reason why packets do not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DeadEnd {
    /// A router on the way has no route.
    NoRoute(Name),
    /// The way leads back to a router that it has passed: those in the circle, the first one again at the end.
    Circle(Vec<Name>),
}

/// A router's network at which others reach it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Far<'a> {
    /// The addresses that it has there.
    pub(crate) addresses: &'a Addresses,
    /// The largest number of routers between, on the ways there and back.
    pub(crate) between: usize,
    /// `true` if what it sends of its own accord is answered: that leaves with its address on the network where its route
    /// starts, which may be another.
    pub(crate) heard: bool,
}

impl<'a> Ways<'a> {
    /// Collects the routers and routes.
    pub(crate) fn new(routers: impl IntoIterator<Item = &'a Router>, routes: &'a [Route]) -> Self {
        Self { routers: routers.into_iter().collect(), routes }
    }

    /// Returns the routers.
    pub(crate) fn routers(&self) -> &[&'a Router] {
        &self.routers
    }

    /// Returns the route that a router has to a network that it is not on.
    pub(crate) fn onward(&self, router: &Router, to: &Name) -> Option<&'a Route> {
        self.routes.iter().find(|route| route.to == *to && route.is_of(router))
    }

    /// `true` if a router is a gateway to a network.
    pub(crate) fn passes_on(&self, router: &Router, to: &Name) -> bool {
        let mut there = self.routes.iter().filter(|route| route.to == *to).flat_map(|route| &route.gateways);
        there.any(|gateway| gateway.router == router.name)
    }

    /// Returns the route between two networks.
    pub(crate) fn route(&self, from: &Name, to: &Name) -> Option<&'a Route> {
        self.routes.iter().find(|route| route.from == *from && route.to == *to)
    }

    /// Returns the largest number of routers that packets of a route pass until they are on its destination.
    ///
    /// # Errors
    /// [`DeadEnd`], if they do not arrive.
    pub(crate) fn length(&self, route: &'a Route, family: Family) -> Result<usize, DeadEnd> {
        Walk { ways: self, to: &route.to, family, passed: Vec::new(), known: BTreeMap::new() }.after(route)
    }

    /// Returns the place at which packets from a network reach a router that is not on it, and from which its own find
    /// back.
    pub(crate) fn far(&self, from: &Name, router: &'a Router, family: Family) -> Option<Far<'a>> {
        let length = |route: &&'a Route| self.length(route, family).ok().filter(|_| route.leads(family));
        let onward = self.onward(router, from)?;
        let back = length(&onward)?;
        let heard = self.route(from, &onward.from).is_some_and(|answer| length(&answer).is_some());
        router.attachments.iter().find_map(|(network, addresses)| {
            let there = length(&self.route(from, network)?)?;
            Some(Far { addresses, between: there.max(back), heard })
        })
    }
}

/// A walk along all ways to a network.
struct Walk<'w, 'a> {
    ways: &'w Ways<'a>,
    to: &'a Name,
    family: Family,
    /// The routers from the start to here.
    passed: Vec<&'a Name>,
    /// The numbers of routers after those whose ways all arrive.
    known: BTreeMap<&'a Name, usize>,
}

impl<'a> Walk<'_, 'a> {
    fn after(&mut self, route: &'a Route) -> Result<usize, DeadEnd> {
        let each = route.gateways.iter().map(|gateway| self.from(&gateway.router));
        let longest = each.collect::<Result<Vec<_>, _>>()?.into_iter().max();
        Ok(longest.unwrap_or_default() + 1)
    }

    fn from(&mut self, name: &'a Name) -> Result<usize, DeadEnd> {
        if let Some(known) = self.known.get(name) {
            return Ok(*known);
        }
        if let Some(before) = self.passed.iter().position(|passed| *passed == name) {
            let circle = self.passed.iter().skip(before).chain([&name]).map(|name| (*name).clone());
            return Err(DeadEnd::Circle(circle.collect()));
        }
        let no_route = || DeadEnd::NoRoute(name.clone());
        let router = self.ways.routers.iter().find(|router| router.name == *name).ok_or_else(no_route)?;
        let length = match router.addresses_on(self.to) {
            Some(_) => 0,
            None => {
                let next = self.ways.onward(router, self.to).filter(|route| route.leads(self.family));
                let next = next.ok_or_else(no_route)?;
                self.passed.push(name);
                let length = self.after(next)?;
                self.passed.pop();
                length
            }
        };
        self.known.insert(name, length);
        Ok(length)
    }
}
