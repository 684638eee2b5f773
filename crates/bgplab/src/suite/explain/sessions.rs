//! Sessions that are down.

use std::collections::BTreeMap;

use diagnosis::evidence::Frr;
use frrconf::vty::Daemon;

use super::known::RESET;
use super::{NodeSeen, RouterSeen, Seen, Session, list};

/// Returns the reasons why sessions are down, each with all nodes that it holds for.
pub(super) fn reasons(seen: &Seen) -> Vec<String> {
    let mut all = nowhere(seen);
    // By router, as the same is mostly true of every node; in the order in which they were found.
    let mut nodes: BTreeMap<(usize, String), Vec<&str>> = BTreeMap::new();
    let sessions = seen.sessions();
    for (at, session) in sessions.iter().enumerate().filter(|(_, session)| !seen.is_up(session)) {
        let first = sessions.iter().position(|other| other.router == session.router).unwrap_or(at);
        let why = why(seen, session);
        let nodes = nodes.entry((first, why)).or_default();
        if !nodes.contains(&session.node) {
            nodes.push(session.node);
        }
    }
    all.extend(nodes.into_iter().map(|((_, why), nodes)| why.replace(NODE, &list(&nodes))));
    all
}

/// Stands for the nodes until all of them are known.
const NODE: &str = "{node}";

/// Returns peers at whose address no router is.
fn nowhere(seen: &Seen) -> Vec<String> {
    let is_somewhere = |address: &str| {
        let address = address.parse::<std::net::IpAddr>();
        address.is_ok_and(|address| seen.routers.iter().any(|router| router.addresses.contains(&address)))
    };
    let peers = seen.peers.iter().filter(|peer| !peer.address.is_empty() && !is_somewhere(&peer.address));
    peers
        .map(|peer| format!("BGPPeer {} is at {}, where no router of the suite's runs", peer.name, peer.address))
        .collect()
}

/// Returns the reason why a session is down.
fn why(seen: &Seen, session: &Session<'_>) -> String {
    let Session { router, to, .. } = session;
    let (Some(node), Some(at)) = (seen.node(session.node), seen.router(router)) else { return String::new() };
    if seen.unanswered.contains(&(node.name.clone(), *to)) {
        let between = between(seen, session).unwrap_or_default();
        return format!("{NODE} cannot reach {router}: no answer to a ping of {to}{between}");
    }
    if at.frr.neighbors.is_none() {
        return format!("{router}'s bgpd does not answer: {}", at.frr.why(Daemon::Bgpd));
    }
    differs(node, at, session).or_else(|| reset(at, session)).unwrap_or_else(|| state(at, session))
}

/// Sees the suite's router on the way that does not forward IPv6.
fn between(seen: &Seen, session: &Session<'_>) -> Option<String> {
    let joins = |router: &&RouterSeen| router.addresses.iter().filter(|address| address.is_ipv6()).count() > 1;
    let way = seen.routers.iter().filter(joins).find(|router| router.name != session.router && !router.forwards_ipv6);
    let name = &way.filter(|_| session.to.is_ipv6())?.name;
    Some(format!(
        "; {name}, which is between, does not forward IPv6: releases of the suite before v0.16 leave that to FRR, and not \
         every FRR turns it on"
    ))
}

/// Compares the two ends' configurations.
fn differs(node: &NodeSeen, router: &RouterSeen, session: &Session<'_>) -> Option<String> {
    let name = &router.name;
    let Some((there, neighbor)) = router.frr.configured(session.from) else {
        return Some(format!("{name} is not configured for {NODE}"));
    };
    let ours = node.frr.as_ref().map(|frr| (frr, frr.configured(session.to)));
    let (instance, own) = match ours {
        // A backend without FRR shows nothing; a daemon that does not answer, neither.
        None => return remote_as(neighbor.remote_as.as_deref(), there.asn, session.peer.my_asn, name),
        Some((frr, _)) if !frr.knows_bgp => {
            return Some(format!("the bgpd of {NODE} does not answer: {}", silent(frr)));
        }
        Some((_, None)) => {
            return Some(format!("{NODE} is not configured for {name} yet: MetalLB has BGPPeer {}", session.peer.name));
        }
        Some((_, Some(found))) => found,
    };
    match (&own.password, &neighbor.password) {
        (Some(a), Some(b)) if a != b => {
            return Some(format!("{name} has another password for {NODE} than the other end"));
        }
        (Some(_), None) => return Some(format!("{NODE} uses a password with {name}, which has none")),
        (None, Some(_)) => return Some(format!("{name} uses a password with {NODE}, where there is none")),
        _ => {}
    }
    let asn = own.local_as.unwrap_or(instance.asn);
    remote_as(neighbor.remote_as.as_deref(), there.asn, asn.into(), name)
}

/// Compares the AS that a router expects with the one that the nodes have.
fn remote_as(expects: Option<&str>, own: u32, has: u64, router: &str) -> Option<String> {
    let expected = expects?;
    let fits = match expected {
        "internal" => has == u64::from(own),
        "external" => has != u64::from(own),
        number => number.parse::<u64>().ok() == Some(has),
    };
    (!fits).then(|| format!("{router} expects AS {expected} of {NODE}, which has {has}"))
}

fn silent(frr: &Frr) -> String {
    frr.why(Daemon::Bgpd)
}

/// Sees a session over eBGP multihop that FRR's reload resets with every change.
fn reset(router: &RouterSeen, session: &Session<'_>) -> Option<String> {
    let (_, configured) = router.frr.configured(session.from)?;
    let multihop = session.peer.ebgp_multi_hop || configured.ebgp_multihop.is_some();
    let external = session.peer.my_asn != session.peer.peer_asn;
    let dropped = router.frr.neighbor(session.from)?.dropped;
    (multihop && external && dropped > 0)
        .then(|| format!("{} lost its session with {NODE} {dropped} times: {RESET}", router.name))
}

/// Returns the state of a session for which no reason is seen.
fn state(router: &RouterSeen, session: &Session<'_>) -> String {
    let Some(neighbor) = router.frr.neighbor(session.from) else {
        return format!("{} has no session with {NODE}", router.name);
    };
    let last = neighbor.last_reset.as_ref().map(|why| format!(", last ended by: {why}")).unwrap_or_default();
    format!("{}'s session with {NODE} is {}{last}", router.name, neighbor.state)
}
