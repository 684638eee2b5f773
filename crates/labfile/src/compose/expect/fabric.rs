//! The lab as its control plane is computed: what each speaker is, and what each session carries in which direction.

use ipnet::IpNet;

use super::super::{router, service};
use super::Sends;
use crate::{
    Addresses, Lab, Link, Name, Node, Peer, Role, Router,
    simulate::{Channel, Fabric, Origin, Speaker},
};

/// Returns the routers that speak BGP, in the lab's order, then the nodes; and the sessions.
pub(super) fn fabric(lab: &Lab, nodes: &[Node], sends: &Sends<'_>) -> Fabric {
    let routers: Vec<&Router> = speakers(lab).collect();
    let place = |name: &Name| routers.iter().position(|router| router.name == *name);
    let of_routers = routers.iter().filter_map(|own| of_router(lab, own));
    let of_nodes = nodes.iter().map(|node| of_node(lab, node));
    let mut channels = Vec::new();
    for peer in &lab.peers {
        let Some(to) = place(&peer.router) else { continue };
        for (number, node) in nodes.iter().enumerate().filter(|(_, node)| node.is_in(&peer.nodes)) {
            channels.extend(from_node(peer, node, service::origins(sends(node, peer))).map(|channel| Channel {
                from: routers.len() + number,
                to,
                ..channel
            }));
        }
    }
    for link in &lab.links {
        let (Some(from), Some(to)) = (place(&link.from.router), place(&link.to.router)) else { continue };
        let own = |at: usize| routers.get(at).and_then(|router| shared(lab, router, link));
        let (Some(of_from), Some(of_to)) = (own(from), own(to)) else { continue };
        let there = Channel {
            from,
            to,
            near: link.from.address,
            far: link.to.address,
            families: router::families(lab, link).to_vec(),
            own: of_from,
            to_client: false,
            from_client: link.reflected,
            origins: Vec::new(),
        };
        channels.push(Channel {
            from: to,
            to: from,
            near: there.far,
            far: there.near,
            families: there.families.clone(),
            own: of_to,
            to_client: link.reflected,
            from_client: false,
            origins: Vec::new(),
        });
        channels.push(there);
    }
    Fabric { speakers: of_routers.chain(of_nodes).collect(), channels }
}

/// Returns the routers that speak BGP.
pub(super) fn speakers(lab: &Lab) -> impl Iterator<Item = &Router> {
    lab.routers.iter().filter(|router| matches!(router.role, Role::Speaker(_)))
}

fn of_router(lab: &Lab, own: &Router) -> Option<Speaker> {
    let Role::Speaker(asn) = own.role else { return None };
    Some(Speaker {
        name: own.name.to_string(),
        asn: asn.get(),
        id: Some(own.id),
        best_path: router::best_path(lab),
        connected: own.attachments.iter().flat_map(|(network, own)| on(lab, network, own)).collect(),
        statics: lab.routes_at(own.name.as_str()).flat_map(|route| route.destinations.iter()).collect(),
    })
}

/// Returns a node's speaker. Kubernetes' nodes choose their identifiers, of all addresses that they have.
fn of_node(lab: &Lab, node: &Node) -> Speaker {
    Speaker {
        name: node.name.clone(),
        asn: lab.node_asn(node).get(),
        id: None,
        best_path: frrconf::model::BestPath::USUAL,
        connected: on(lab, &lab.cluster.network, &node.addresses).collect(),
        statics: Vec::new(),
    }
}

/// Returns the session of a node with a peer's router, with speakers still to be numbered. Nodes accept nothing.
fn from_node(peer: &Peer, node: &Node, origins: Vec<Origin>) -> Option<Channel> {
    Some(Channel {
        from: 0,
        to: 0,
        near: node.addresses.of(peer.session.family)?,
        far: peer.address,
        families: peer.families().to_vec(),
        own: node.addresses,
        to_client: false,
        from_client: false,
        origins,
    })
}

/// Pairs the addresses on a network with its subnets.
fn on(lab: &Lab, network: &Name, own: &Addresses) -> impl Iterator<Item = (std::net::IpAddr, IpNet)> {
    let subnets = lab.network(network.as_str()).map(|network| network.subnets);
    own.iter().filter_map(move |own| Some((own, subnets?.iter().find(|subnet| subnet.contains(&own))?)))
}

/// Returns a router's addresses on the network of a link.
fn shared(lab: &Lab, own: &Router, link: &Link) -> Option<Addresses> {
    own.addresses_on(&lab.network_at(link.to.address)?.name).copied()
}
