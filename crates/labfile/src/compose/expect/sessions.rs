//! The sessions that have to be up.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use super::{Advertised, BfdHops, Sends, SessionState, Side};
use crate::{Family, Hops, Lab, Link, Node, Peer, Session};

fn bfd(session: &Session) -> Option<BfdHops> {
    session.bfd.as_ref().map(|_| match session.hops {
        Hops::Direct => BfdHops::Single,
        Hops::Routed(_) => BfdHops::Multi,
    })
}

/// Returns the sessions of each node with the routers of its peers, and of routers with each other.
pub(super) fn sessions(lab: &Lab, nodes: &[Node], sends: &Sends<'_>) -> Vec<SessionState> {
    let of_node = |peer: &Peer, node: &Node| {
        let address = node.addresses.of(peer.session.family)?;
        let answerer =
            Side { name: peer.router.to_string(), address: peer.address, asn: peer.router_asn.get(), is_node: false };
        Some(SessionState {
            peer: Some(peer.name.clone()),
            opener: Side { name: node.name.clone(), address, asn: peer.node_end.asn.get(), is_node: true },
            answerer,
            families: peer.families().to_vec(),
            advertised: Some(advertised(peer, &sends(node, peer))),
            bfd: bfd(&peer.session),
        })
    };
    let of_link = |link: &Link| {
        let side = |end: &crate::End| Side {
            name: end.router.to_string(),
            address: end.address,
            asn: end.asn.get(),
            is_node: false,
        };
        SessionState {
            peer: None,
            opener: side(&link.from),
            answerer: side(&link.to),
            families: vec![link.session.family],
            advertised: None,
            bfd: bfd(&link.session),
        }
    };
    let selected = |peer: &'_ Peer| {
        nodes.iter().filter(|node| node.is_in(&peer.nodes)).filter_map(|node| of_node(peer, node)).collect::<Vec<_>>()
    };
    let peers = lab.peers.iter().flat_map(selected);
    peers.chain(lab.links.iter().map(of_link)).collect()
}

/// Returns the number of prefixes of each family among those that a node sends to a peer.
fn advertised(peer: &Peer, sent: &[Advertised]) -> BTreeMap<Family, u64> {
    let sent: BTreeSet<IpNet> = sent.iter().map(|advertised| advertised.prefix).collect();
    let count = |family: Family| sent.iter().filter(|prefix| Family::of(prefix.addr()) == family).count() as u64;
    peer.families().iter().map(|family| (*family, count(*family))).collect()
}
