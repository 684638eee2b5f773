//! FRR on a cluster's workers instead of MetalLB: BFD without a routing protocol.

use frrconf::{
    Config,
    model::{BfdPeer, Instance, Shells},
    values::{AddressPair, Ends, Hostname},
};

use super::{
    ComposeError,
    sessions::{self, End},
};
use crate::{Hops, Lab, Node, Peer, Router};

/// Composes a worker's FRR configuration: a BFD session to each router that a peer has.
///
/// # Errors
/// [`ComposeError`], which no checked lab causes.
pub fn node(lab: &Lab, node: &Node) -> Result<Config, ComposeError> {
    let mut instance = Instance::new(Hostname::new(node.name.as_str())?);
    // It shares the node's network with whatever else runs there.
    instance.shells = Shells::Closed;
    instance.bfd_profiles = sessions::profiles(lab.peers_of(node).map(|peer| &peer.session), End::Node)?;
    for peer in lab.peers_of(node) {
        let Some(own) = node.addresses.of(peer.session.family) else { continue };
        add(&mut instance, bfd_peer(peer, Ends { peer: peer.address, local: own })?);
    }
    Ok(instance.validate()?)
}

/// Composes a router's configuration: its sessions with other routers, and a BFD session to each worker.
pub(super) fn router(lab: &Lab, own: &Router, nodes: &[Node]) -> Result<Config, ComposeError> {
    let mut instance = super::router::instance(lab, own, &[])?;
    for peer in lab.peers.iter().filter(|peer| peer.router == own.name) {
        let workers = nodes.iter().filter(|node| node.role.is_worker() && node.is_in(&peer.nodes));
        for address in workers.filter_map(|node| node.addresses.of(peer.session.family)) {
            add(&mut instance, bfd_peer(peer, Ends { peer: address, local: peer.address })?);
        }
    }
    Ok(instance.validate()?)
}

/// Adds a session, unless another peer leads to the same address.
fn add(instance: &mut Instance, peer: Option<BfdPeer>) {
    let known = |peer: &BfdPeer| instance.bfd_peers.iter().any(|known| known.peer() == peer.peer());
    instance.bfd_peers.extend(peer.filter(|peer| !known(peer)));
}

/// Composes one end of the BFD session of a peer, if it has BFD.
fn bfd_peer(peer: &Peer, ends: Ends) -> Result<Option<BfdPeer>, ComposeError> {
    let Some(profile) = sessions::profile_name(&peer.session)? else { return Ok(None) };
    let profile = Some(profile);
    Ok(Some(match peer.session.hops {
        Hops::Direct => BfdPeer::SingleHop { peer: ends.peer, interface: None, profile },
        Hops::Routed(_) => BfdPeer::Multihop { path: AddressPair::new(ends)?, profile },
    }))
}
