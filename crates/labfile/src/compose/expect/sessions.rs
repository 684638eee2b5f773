//! The sessions that have to be up.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use super::super::service;
use super::{Announces, BfdHops, SessionState, Side};
use crate::{Family, Hops, Lab, Link, Node, Peer, Session};

fn bfd(session: &Session) -> Option<BfdHops> {
    session.bfd.as_ref().map(|_| match session.hops {
        Hops::Direct => BfdHops::Single,
        Hops::Routed => BfdHops::Multi,
    })
}

/// Returns the sessions of each node with the routers, and of routers with each other.
pub(super) fn sessions(lab: &Lab, nodes: &[Node], announces: &Announces<'_>) -> Vec<SessionState> {
    let of_node = |peer: &Peer, node: &Node| {
        let address = node.addresses.of(peer.session.family)?;
        let answerer =
            Side { name: peer.router.to_string(), address: peer.address, asn: peer.router_asn.get(), is_node: false };
        Some(SessionState {
            peer: Some(peer.name.clone()),
            opener: Side { name: node.name.clone(), address, asn: lab.cluster.asn.get(), is_node: true },
            answerer,
            families: peer.families().to_vec(),
            advertised: Some(advertised(lab, peer, announces(node))),
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
    let peers = lab.peers.iter().flat_map(|peer| nodes.iter().filter_map(move |node| of_node(peer, node)));
    peers.chain(lab.links.iter().map(of_link)).collect()
}

/// Returns the number of prefixes of each family that a node sends to a peer.
fn advertised(lab: &Lab, peer: &Peer, announces: bool) -> BTreeMap<Family, u64> {
    let sent = service::advertised(lab).filter(|advertised| announces && advertised.reaches(peer));
    let sent: BTreeSet<IpNet> = sent.map(|advertised| advertised.prefix).collect();
    let count = |family: Family| sent.iter().filter(|prefix| Family::of(prefix.addr()) == family).count() as u64;
    peer.families().iter().map(|family| (*family, count(*family))).collect()
}
