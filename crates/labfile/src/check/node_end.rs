//! The nodes' end of a session, and the peers that a node can have side by side.

use std::net::{IpAddr, Ipv4Addr};

use metallb::release::Feature;

use super::{
    super::{
        Asn, At, Backend, Cluster, Family, Metallb, Node, NodeEnd, Peer, Place, Provider, RawLab, Router, Selector,
        Session,
        problem::Problem,
        raw::{RawDynamicAsn, RawPeer},
    },
    Finds, ids,
};

/// The session whose end it is.
pub(super) struct Of<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) router: &'a Router,
    pub(super) router_asn: Asn,
    pub(super) nodes: &'a [Selector],
    pub(super) session: &'a Session,
}

/// Checks the nodes' end of a session.
pub(super) fn check(finds: &mut Finds, raw: &RawPeer, of: &Of<'_>) -> NodeEnd {
    let asn = raw.my_asn.as_deref().copied().unwrap_or(of.cluster.asn);
    let external = asn != of.router_asn;
    if let Some(kind) = raw.dynamic_asn.as_ref().filter(|kind| (***kind == RawDynamicAsn::External) != external) {
        let expected =
            if external { "external: the router is in another AS" } else { "internal: the router is in their AS" };
        finds.add(kind.place(), Problem::Unfit { value: "this kind of AS number".to_owned(), expected });
    }
    let set = |flag: &Option<At<bool>>| flag.as_deref().copied().unwrap_or_default();
    if let Some(flag) = raw.disable_mp.as_ref().filter(|flag| ***flag && raw.dual_stack) {
        let expected = "either disable-mp or dual-stack";
        finds.add(flag.place(), Problem::Unfit { value: "disable-mp beside dual-stack".to_owned(), expected });
    }
    if let (Some(secret), None) = (&raw.password_secret, &raw.password) {
        let expected = "`password` beside it, which the router needs: the Secret's own";
        finds.add(secret.place(), Problem::Unfit { value: "a Secret without a password".to_owned(), expected });
    }
    NodeEnd {
        asn,
        dynamic_asn: raw.dynamic_asn.is_some(),
        source: raw.source_address.as_ref().map(|source| {
            source_address(finds, (source.0, source.place()), of);
            source.0
        }),
        router_id: raw.router_id.as_ref().and_then(|id| router_id(finds, (id.0, id.place()), of.router, external)),
        graceful_restart: set(&raw.graceful_restart),
        disable_mp: set(&raw.disable_mp),
        secret: raw.password_secret.as_deref().cloned(),
    }
}

/// Checks that the address is that of the one node that has the session, as far as it is known.
fn source_address(finds: &mut Finds, (address, place): (IpAddr, Place), of: &Of<'_>) {
    let mut wrong =
        |expected| finds.add(place.clone(), Problem::Unfit { value: format!("source address {address}"), expected });
    if Family::of(address) != of.session.family {
        wrong("an address of the session's own family");
    }
    if of.session.bfd.is_some() {
        wrong("no BFD profile beside it: FRR 10.2 and later then starts BFD first, and BGP waits for it for ever");
    }
    if matches!(of.cluster.provider, Provider::Existing { .. }) {
        return;
    }
    let nodes: Vec<&Node> = of.cluster.placement.iter().filter(|node| node.is_in(of.nodes)).collect();
    match nodes.as_slice() {
        [node] if matches!(of.cluster.provider, Provider::Kind) || node.addresses.iter().any(|own| own == address) => {}
        [_] => wrong("the address that the selected node has: see its files, `render`"),
        _ => wrong("node-selectors beside it that select the one node with this address"),
    }
}

fn router_id(finds: &mut Finds, (id, place): (IpAddr, Place), router: &Router, external: bool) -> Option<Ipv4Addr> {
    let expected = match ids::fit(id) {
        Ok(v4) if !external && router.id == v4 => "another one than the router's own: they are in one AS",
        Ok(v4) => return Some(v4),
        Err(expected) => expected,
    };
    finds.add(place, Problem::Unfit { value: format!("router id {id}"), expected });
    None
}

/// Finds peers that one node cannot have side by side, and those that a version of MetalLB cannot have at all.
pub(super) fn side_by_side(finds: &mut Finds, raw: &RawLab, lab: (&[Peer], &Cluster), metallb: &Metallb) {
    let (peers, cluster) = lab;
    let by_node = metallb.version.numbers() >= Feature::PeersByNode.since();
    let native = metallb.backend == Backend::Native && !matches!(cluster.provider, Provider::Standalone { .. });
    for (index, second) in peers.iter().enumerate() {
        let Some(entry) = raw.peers.iter().find(|entry| entry.name.name(1) == second.name) else { continue };
        let own = |field: Option<Place>| field.unwrap_or_else(|| entry.name.place());
        for first in peers.iter().take(index) {
            let node = cluster.placement.iter().find(|node| node.is_in(&first.nodes) && node.is_in(&second.nodes));
            if native || (node.is_none() && by_node) {
                continue;
            }
            let (asns, ids) =
                ((first.node_end.asn, second.node_end.asn), (first.node_end.router_id, second.node_end.router_id));
            let id = |id: Option<Ipv4Addr>| id.map_or_else(|| "none".to_owned(), |id| id.to_string());
            let mut differ = |place, what, (one, other): (String, String)| {
                let (first, second) = (Box::new((first.name.clone(), one)), Box::new((second.name.clone(), other)));
                let problem = Problem::SideBySide { what, first, second, node: node.map(|node| node.name.clone()) };
                finds.add(place, problem);
            };
            if asns.0 != asns.1 {
                differ(
                    own(entry.my_asn.as_ref().map(At::place)),
                    "AS number",
                    (asns.0.to_string(), asns.1.to_string()),
                );
            }
            if ids.0 != ids.1 {
                differ(own(entry.router_id.as_ref().map(At::place)), "router id", (id(ids.0), id(ids.1)));
            }
            if first.address == second.address && node.is_none() {
                let what =
                    format!("peers of one address on different nodes, such as `{}` and `{}`", first.name, second.name);
                finds.add(entry.name.place(), Problem::since(what, &metallb.version, Feature::PeersByNode));
            }
        }
    }
}
