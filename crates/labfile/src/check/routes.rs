//! Static routes between networks.

use super::{
    super::{
        At,
        family::Dual,
        model::{Network, Route},
        problem::{Problem, What},
        raw::RawRoute,
    },
    Finds, names,
    routers::Entry,
};

/// Checks the routes; the gateway of each is on both networks.
pub(super) fn check(finds: &mut Finds, raw: &[At<RawRoute>], networks: &[Network], routers: &[Entry]) -> Vec<Route> {
    let mut routes: Vec<Route> = Vec::new();
    for raw in raw {
        let Some(route) = one(finds, raw, networks, routers) else { continue };
        if routes.iter().any(|other| (&other.from, &other.to) == (&route.from, &route.to)) {
            finds.add(raw.to.place(), Problem::Route("there is a route between these networks already"));
        } else if let Some(problem) = two_ways(&routes, &route, routers) {
            finds.add(raw.from.place(), problem);
        }
        routes.push(route);
    }
    routes
}

/// Finds a router on two networks that both have a route to a third: it would get both routes.
fn two_ways(routes: &[Route], route: &Route, routers: &[Entry]) -> Option<Problem> {
    let others = routes.iter().filter(|other| other.to == route.to);
    let mut pairs = others.flat_map(|other| routers.iter().map(move |entry| (other, &entry.router)));
    let (other, router) = pairs.find(|(other, router)| {
        let is_on = |network| router.addresses_on(network).is_some();
        is_on(&route.from) && is_on(&other.from) && !is_on(&route.to)
    })?;
    Some(Problem::TwoWays { router: router.name.clone(), to: route.to.clone(), by: other.from.clone() })
}

fn one(finds: &mut Finds, raw: &RawRoute, networks: &[Network], routers: &[Entry]) -> Option<Route> {
    let from = names::find(finds, What::Network, &raw.from, networks, |network| &network.name);
    let to = names::find(finds, What::Network, &raw.to, networks, |network| &network.name);
    let via = names::find(finds, What::Router, &raw.via, routers, |entry| &entry.router.name);
    let (from, to, via) = (from?, to?, &via?.router);
    if from.name == to.name {
        finds.add(raw.to.place(), Problem::Route("a route from a network to itself"));
        return None;
    }
    let (Some(next_hops), Some(_)) = (via.addresses_on(&from.name), via.addresses_on(&to.name)) else {
        finds.add(raw.via.place(), Problem::Route("the router between is not on both networks"));
        return None;
    };
    // A family is routed only where both networks have it.
    let v6 = next_hops.v6.zip(to.subnets.v6);
    Some(Route {
        from: from.name.clone(),
        to: to.name.clone(),
        via: via.name.clone(),
        next_hops: Dual { v4: next_hops.v4, v6: v6.map(|(next_hop, _)| next_hop) },
        destinations: Dual { v4: to.subnets.v4, v6: v6.map(|(_, subnet)| subnet) },
    })
}
