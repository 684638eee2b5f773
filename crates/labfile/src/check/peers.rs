//! Sessions between nodes and routers, and between routers.

use std::{net::IpAddr, sync::Arc};

use super::{
    super::{
        At, Name, Place, RawLab,
        family::{Addresses, Family},
        model::Cluster,
        problem::{Problem, What},
        raw::{RawNeighbor, RawPeer, RawRouter},
        route::Route,
        router::{Role, Router},
        session::{BGP_PORT, BfdProfile, End, Hops, Link, Peer},
        ways::Ways,
    },
    Finds, names, node_end, nodes,
    routers::Entry,
    sessions::Fields,
};

/// The parts of a lab that peers are checked against.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) routers: &'a [Entry],
    pub(super) routes: &'a [Route],
}

/// Checks the peers that the entries stand for.
pub(super) fn check(finds: &mut Finds, raw: &RawLab, context: Context<'_>, profiles: &[Arc<BfdProfile>]) -> Vec<Peer> {
    let mut peers: Vec<Peer> = Vec::new();
    for entry in &raw.peers {
        let Some(source) = source(finds, raw, entry) else { continue };
        let same = context.routers.iter().filter(|router| router.source == source);
        let before = finds.count();
        for (number, router) in (1..).zip(same) {
            // All routers of an entry have the same problem, which is reported once.
            let Some(peer) = one(finds, entry, number, &router.router, context, profiles) else { break };
            if let Some((place, problem)) = peers.iter().find_map(|other| conflict(entry, other, &peer, context)) {
                finds.add(place, problem);
                break;
            }
            peers.push(peer);
            if finds.count() > before {
                break;
            }
        }
    }
    peers
}

/// Returns the problem of two peers, whatever version of MetalLB has them.
fn conflict(entry: &RawPeer, other: &Peer, peer: &Peer, context: Context<'_>) -> Option<(Place, Problem)> {
    let mut nodes = context.cluster.placement.iter();
    let (first, second) = (other.name.to_string(), peer.name.to_string());
    if other.name == peer.name {
        Some((entry.name.place(), Problem::Duplicate { what: What::Peer, name: second }))
    } else if other.address == peer.address && nodes.any(|node| node.is_in(&other.nodes) && node.is_in(&peer.nodes)) {
        Some((entry.name.place(), Problem::SameAddress { address: peer.address, first, second }))
    } else if other.router == peer.router && other.port != peer.port {
        let place = entry.port.as_ref().map_or_else(|| entry.name.place(), At::place);
        Some((place, Problem::Ports { router: peer.router.clone(), first, port: other.port }))
    } else {
        None
    }
}

/// Returns the index of the router entry that a peer names.
fn source(finds: &mut Finds, raw: &RawLab, peer: &RawPeer) -> Option<usize> {
    if peer.name.is_pattern() != peer.router.is_pattern() {
        let problem = Problem::PeerPattern { peer: peer.name.to_string(), router: peer.router.to_string() };
        finds.add(peer.name.place(), problem);
        return None;
    }
    let source = raw.routers.iter().position(|router| *router.name == *peer.router);
    if source.is_none() {
        let known = raw.routers.iter().map(|router| router.name.to_string());
        finds.add(peer.router.place(), names::unknown(What::Router, &peer.router.to_string(), known));
    }
    source
}

fn one(
    finds: &mut Finds,
    raw: &At<RawPeer>,
    number: u16,
    router: &Router,
    context: Context<'_>,
    profiles: &[Arc<BfdProfile>],
) -> Option<Peer> {
    let Role::Speaker(router_asn) = router.role else {
        finds.add(raw.router.place(), Problem::ForwarderSession(router.name.clone()));
        return None;
    };
    let fields = Fields::from(&**raw);
    let way = fields.family(|family| way(router, context, family));
    let (_, (hops, address)) = finds.ok(fields.place(raw.router.place()), way)?;
    let (nodes, session) =
        (nodes::selectors(finds, &raw.node_selectors), fields.session(finds, hops, address, profiles));
    let of = node_end::Of { cluster: context.cluster, router, router_asn, nodes: &nodes, session: &session };
    Some(Peer {
        name: raw.name.name(number),
        router: router.name.clone(),
        router_asn,
        address,
        // The API's own bounds.
        port: finds.number(raw.port.as_ref(), BGP_PORT, 1..=16_384, "1 to 16384"),
        dual_stack: raw.dual_stack,
        node_end: node_end::check(finds, raw, &of),
        nodes,
        session,
    })
}

/// The most routers that packets pass: they leave with TTL 255.
const MOST_BETWEEN: u8 = 254;

/// Returns the way from the nodes to a router: on their own network, or by routes in both directions.
pub(super) fn way(router: &Router, context: Context<'_>, family: Family) -> Result<(Hops, IpAddr), Problem> {
    let nodes = &context.cluster.network;
    let address = |addresses: &Addresses, on: &Name| {
        let problem = || Problem::NoAddress { router: router.name.clone(), family, on: format!("network `{on}`") };
        addresses.of(family).ok_or_else(problem)
    };
    if let Some(addresses) = router.addresses_on(nodes) {
        return Ok((Hops::Direct, address(addresses, nodes)?));
    }
    let ways = Ways::new(context.routers.iter().map(|entry| &entry.router), context.routes);
    match (ways.far(nodes, router, family), router.attachments.first()) {
        (Some(far), Some((network, _))) => {
            let between = u8::try_from(far.between).unwrap_or(u8::MAX).min(MOST_BETWEEN);
            Ok((Hops::Routed(between), address(far.addresses, network)?))
        }
        (_, Some((to, _))) => {
            let is_other = |other: &Family| *other != family && ways.far(nodes, router, *other).is_some();
            let lacks = Family::ALL.iter().find(|other| is_other(other)).map(|_| family);
            Err(Problem::NoRoute { from: nodes.clone(), to: to.clone(), family: lacks })
        }
        (_, None) => Err(Problem::NoAddress { router: router.name.clone(), family, on: "any network".to_owned() }),
    }
}

/// Checks the sessions between routers.
pub(super) fn links(
    finds: &mut Finds,
    raw: &[At<RawRouter>],
    routers: &[Entry],
    profiles: &[Arc<BfdProfile>],
) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let mut wrong = None;
    for entry in routers {
        let Some(raw) = raw.get(entry.source).filter(|_| wrong != Some(entry.source)) else { continue };
        let before = finds.count();
        for neighbor in &raw.neighbors {
            let Some(link) = link(finds, &entry.router, neighbor, routers, profiles) else { break };
            let ends = |link: &Link| (link.from.router.clone(), link.to.router.clone());
            let (from, to) = ends(&link);
            if links
                .iter()
                .map(ends)
                .any(|other| other == (from.clone(), to.clone()) || other == (to.clone(), from.clone()))
            {
                finds.add(neighbor.router.place(), Problem::Neighbor("these two routers have a session already"));
                break;
            }
            links.push(link);
        }
        // As with peers, an entry is reported once.
        wrong = (finds.count() > before).then_some(entry.source);
    }
    links
}

fn link(
    finds: &mut Finds,
    router: &Router,
    raw: &At<RawNeighbor>,
    routers: &[Entry],
    profiles: &[Arc<BfdProfile>],
) -> Option<Link> {
    let place = raw.router.place();
    let other = &names::find(finds, What::Router, &raw.router, routers, |entry| &entry.router.name)?.router;
    if other.name == router.name {
        finds.add(place, Problem::Neighbor("a session of a router with itself"));
        return None;
    }
    let mut asn = |router: &Router| match router.role {
        Role::Speaker(asn) => Some(asn),
        Role::Forwarder => {
            finds.add(place.clone(), Problem::ForwarderSession(router.name.clone()));
            None
        }
    };
    let (from_asn, to_asn) = (asn(router)?, asn(other)?);
    let fields = Fields::from(&**raw);
    let shared = |family| {
        let mut both = router.attachments.iter().filter_map(|(network, own)| Some((own, other.addresses_on(network)?)));
        let on = format!("a network that `{}` is on", router.name);
        let addresses = both.find_map(|(own, there)| own.of(family).zip(there.of(family)));
        addresses.ok_or(Problem::NoAddress { router: other.name.clone(), family, on })
    };
    let (_, (from, to)) = finds.ok(fields.place(place.clone()), fields.family(shared))?;
    if raw.route_reflector && from_asn != to_asn {
        let (client, reflector) = (router.name.clone(), other.name.clone());
        let (client_asn, reflector_asn) = (from_asn.get(), to_asn.get());
        finds.add(place, Problem::Reflector { client, client_asn, reflector, reflector_asn });
    }
    let session = fields.session(finds, Hops::Direct, to, profiles);
    Some(Link {
        from: End { router: router.name.clone(), asn: from_asn, address: from },
        to: End { router: other.name.clone(), asn: to_asn, address: to },
        reflected: raw.route_reflector,
        session,
    })
}
