//! Static routes between networks.

use std::collections::BTreeSet;

use super::{
    super::{
        At, Name, Place,
        family::Family,
        model::Network,
        problem::{Problem, What},
        raw::RawRoute,
        route::{Gateway, Route},
        router::Router,
        ways::{DeadEnd, Ways},
    },
    Finds, names,
    routers::Entry,
};

/// The parts of a lab that routes are checked against.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) networks: &'a [Network],
    pub(super) routers: &'a [Entry],
    /// The nodes' network.
    pub(super) nodes: &'a Name,
}

/// Checks the routes one by one, and then the ways that they make together.
pub(super) fn check(finds: &mut Finds, raw: &[At<RawRoute>], context: Context<'_>) -> Vec<Route> {
    let routes = finds.gate(|finds| {
        let mut routes: Vec<Route> = Vec::new();
        for raw in raw {
            let Some(route) = one(finds, raw, context) else { continue };
            if routes.iter().any(|other| (&other.from, &other.to) == (&route.from, &route.to)) {
                finds.add(raw.to.place(), Problem::Route("there is a route between these networks already"));
            } else if let Some(problem) = two_ways(&routes, &route, context.routers) {
                finds.add(raw.from.place(), problem);
            }
            routes.push(route);
        }
        routes
    });
    let mut routes = routes.unwrap_or_default();
    while let Some((at, family)) = in_one_family(&routes, context) {
        let Some(route) = routes.get_mut(at) else { break };
        route.destinations = route.destinations.only(&[family]).unwrap_or(route.destinations);
    }
    let ways = Ways::new(context.routers.iter().map(|entry| &entry.router), &routes);
    let both = || raw.iter().zip(&routes);
    let arrive = finds.gate(|finds| {
        for (raw, route) in both() {
            let dead_end = |family: &Family| Some((*family, ways.length(route, *family).err()?));
            // What holds for both families is reported once.
            if let Some((family, end)) = route.destinations.families().iter().find_map(dead_end) {
                finds.add(raw.via.place(), lost(&ways, route, family, end));
            }
        }
    });
    // One route too few leaves several without an answer: the first is reported.
    let first = arrive.and_then(|()| both().find_map(|(raw, of)| Some((raw, unanswered(&ways, of, context.nodes)?))));
    if let Some((raw, problem)) = first {
        finds.add(raw.to.place(), problem);
    }
    routes
}

/// Finds a router on two networks that both have a route to a third: it would get both routes.
fn two_ways(routes: &[Route], route: &Route, routers: &[Entry]) -> Option<Problem> {
    let others = routes.iter().filter(|other| other.to == route.to);
    let mut pairs = others.flat_map(|other| routers.iter().map(move |entry| (other, &entry.router)));
    let (other, router) = pairs.find(|(other, router)| route.is_of(router) && other.is_of(router))?;
    Some(Problem::TwoWays { router: router.name.clone(), to: route.to.clone(), by: other.from.clone() })
}

/// Finds a route of both families whose packets come to a router that has a route to its destination in one family only,
/// and which one that is.
fn in_one_family(routes: &[Route], context: Context<'_>) -> Option<(usize, Family)> {
    let ways = Ways::new(context.routers.iter().map(|entry| &entry.router), routes);
    let of_router = |route: &Route, router: &Router| {
        let is_next = route.gateways.iter().any(|gateway| gateway.router == router.name);
        let next = ways.onward(router, &route.to).filter(|_| is_next && router.addresses_on(&route.to).is_none())?;
        match next.destinations.families() {
            [only] => Some(*only),
            _ => None,
        }
    };
    let mut both = routes.iter().enumerate().filter(|(_, route)| route.destinations.families().len() > 1);
    let family = |route: &Route| ways.routers().iter().find_map(|router| of_router(route, router));
    both.find_map(|(at, route)| Some((at, family(route)?)))
}

/// Says where the packets of a route end.
fn lost(ways: &Ways<'_>, route: &Route, family: Family, end: DeadEnd) -> Problem {
    let to = route.to.clone();
    match end {
        DeadEnd::Circle(routers) => Problem::Circle { routers, to },
        DeadEnd::NoRoute(router) => {
            let of_the_other = |own: &&&Router| own.name == router && ways.onward(own, &to).is_some();
            let family = ways.routers().iter().find(of_the_other).map(|_| family);
            Problem::NoWayOn { router, to, family }
        }
    }
}

/// Finds something at the end of a route that has no route back.
fn unanswered(ways: &Ways<'_>, route: &Route, nodes: &Name) -> Option<Problem> {
    // The packets that gateways pass on come from elsewhere, and are answered there.
    let mut own = ways.routers().iter().filter(|router| route.is_of(router));
    if route.from != *nodes && own.all(|router| ways.passes_on(router, &route.to)) {
        return None;
    }
    let lacks = |back: Option<&Route>| match back {
        None => Some(None),
        Some(back) => {
            route.destinations.families().iter().find(|family| !back.leads(**family)).map(|family| Some(*family))
        }
    };
    let of_nodes = (route.to == *nodes).then(|| lacks(ways.route(&route.to, &route.from))).flatten();
    let of_nodes = of_nodes.map(|family| ("a node".to_owned(), family));
    let mut there = ways.routers().iter().filter(|router| router.addresses_on(&route.to).is_some());
    let of_router = || {
        there.find_map(|router| {
            let far = router.addresses_on(&route.from).is_none();
            let family = far.then(|| lacks(ways.onward(router, &route.from))).flatten()?;
            Some((format!("router `{}`", router.name), family))
        })
    };
    let (who, family) = of_nodes.or_else(of_router)?;
    Some(Problem::NoWayBack { who, family, on: route.to.clone(), to: route.from.clone() })
}

fn one(finds: &mut Finds, raw: &RawRoute, context: Context<'_>) -> Option<Route> {
    let from = names::find(finds, What::Network, &raw.from, context.networks, |network| &network.name);
    let to = names::find(finds, What::Network, &raw.to, context.networks, |network| &network.name);
    let gateways = gateways(finds, raw, context.routers);
    let (from, to, gateways) = (from?, to?, gateways?);
    if from.name == to.name {
        finds.add(raw.to.place(), Problem::Route("a route from a network to itself"));
        return None;
    }
    let each = gateways.into_iter().map(|(place, router)| {
        let problem = || Problem::NotOn { router: router.name.clone(), network: from.name.clone() };
        let own = finds.ok(place, router.addresses_on(&from.name).ok_or_else(problem));
        Some(Gateway { router: router.name.clone(), addresses: *own? })
    });
    // Each gateway that is not there is reported.
    let each: Vec<Option<Gateway>> = each.collect();
    // A family is routed only where both networks have it.
    let problem = || Problem::NoFamily { from: from.name.clone(), to: to.name.clone() };
    let destinations = finds.ok(raw.to.place(), to.subnets.only(from.subnets.families()).ok_or_else(problem));
    Some(Route {
        from: from.name.clone(),
        to: to.name.clone(),
        gateways: each.into_iter().collect::<Option<_>>()?,
        destinations: destinations?,
    })
}

/// Returns the routers that a route names, and where, or adds the problems of all of them.
fn gateways<'a>(finds: &mut Finds, raw: &RawRoute, routers: &'a [Entry]) -> Option<Vec<(Place, &'a Router)>> {
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    let named: Vec<(Place, &Name)> = raw.via.routers(raw.via.place()).collect();
    if named.is_empty() {
        finds.add(raw.via.place(), Problem::Missing("a router in `via`"));
        return None;
    }
    for (place, name) in &named {
        let router = routers.iter().map(|entry| &entry.router).find(|router| router.name == **name);
        match router {
            None => {
                let known = routers.iter().map(|entry| entry.router.name.to_string());
                finds.add(place.clone(), names::unknown(What::Router, name.as_str(), known));
            }
            Some(_) if !seen.insert(*name) => {
                finds.add(place.clone(), Problem::Repeated { what: What::Router, name: name.to_string() });
            }
            Some(router) => found.push((place.clone(), router)),
        }
    }
    (found.len() == named.len()).then_some(found)
}
