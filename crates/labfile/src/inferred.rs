//! A lab that no file describes: what MetalLB's resources in a cluster, and the containers around it, say of one.
//!
//! Nothing is guessed: what cannot be seen from here (a peer that is no container of this engine, a field that a lab does
//! not have) is listed as unseen, and nothing is expected of it.

mod peers;
mod services;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use metallb::facts::{Balanced, Configured};
use netlab::{ContainerState, NetworkState};

use super::{Backend, Lab, LabError, Name, Node, Overrides, ProviderName, Subnets, model::Network, text::parse};

/// A cluster, as it is known, and the containers around it.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// MetalLB's configuration.
    pub configured: &'a Configured,
    /// The backend of the speakers.
    pub backend: Option<Backend>,
    /// The nodes that speakers run on, or should.
    pub nodes: &'a [Node],
    /// Every service of type LoadBalancer.
    pub services: &'a [Balanced],
    /// The engine's networks.
    pub networks: &'a [NetworkState],
    /// The engine's containers.
    pub containers: &'a [ContainerState],
    /// The containers that BGP runs in, each with its AS number.
    pub speaking: &'a BTreeMap<String, u32>,
    /// The peers' addresses to which a node has a BFD session, with `true` for multihop ones.
    pub multihop: &'a BTreeMap<IpAddr, bool>,
}

/// A lab that was inferred.
#[derive(Debug, Clone)]
pub struct Inferred {
    /// The lab: its provider is a cluster that is there already, its routers are the peers' ends.
    pub lab: Lab,
    /// The peers' addresses that no container has, although they lie in a network of this engine.
    pub absent: Vec<Absent>,
    /// Everything that cannot be seen, or is not understood, in words.
    pub unseen: Vec<String>,
}

/// An address of peers that no container has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// The name of the peers' end in the lab.
    pub router: String,
    /// The BGPPeers.
    pub peers: Vec<String>,
    /// The address.
    pub address: IpAddr,
    /// The network that it lies in.
    pub network: String,
    /// The containers that do not run and may have had it: the one that asks for it, or else all that are on the network.
    pub stopped: Vec<String>,
}

impl Lab {
    /// Infers a lab.
    ///
    /// # Errors
    /// [`LabError`], which the documented lab, from which the parts come that nobody looks at, does not cause.
    pub fn inferred(known: &Known<'_>) -> Result<Inferred, LabError> {
        let overrides =
            Overrides { provider: Some(ProviderName::Existing), backend: known.backend, ..Overrides::default() };
        let mut lab = Self::documented(&overrides)?;
        let mut unseen = known.configured.beside.clone();
        let ends = peers::ends(known, &mut unseen);
        lab.networks = networks(known, &ends);
        if let Some(network) = known.nodes.iter().find_map(|node| peers::network_of_node(known, node)) {
            lab.cluster.network = parse(&network.name).unwrap_or(lab.cluster.network);
        }
        lab.cluster.placement = known.nodes.to_vec();
        lab.routers = ends.iter().map(|end| end.router(known)).collect();
        (lab.links, lab.routes, lab.warnings) = Default::default();
        lab.bfd_profiles = peers::profiles(known);
        lab.peers = ends.iter().flat_map(|end| end.peers(known, &lab.bfd_profiles)).collect();
        lab.pools = services::pools(known, &mut unseen);
        lab.advertisements = services::advertisements(known, &mut unseen);
        lab.services = services::services(known, &lab.pools, &mut unseen);
        if let Some(peer) = lab.peers.first() {
            lab.cluster.asn = peer.node_end.asn;
        }
        let absent = ends.iter().filter_map(|end| end.absent(known)).collect();
        Ok(Inferred { lab, absent, unseen })
    }
}

/// The networks that nodes and peers are on.
fn networks(known: &Known<'_>, ends: &[peers::End<'_>]) -> Vec<Network> {
    let of_nodes = known.nodes.iter().filter_map(|node| peers::network_of_node(known, node));
    let mut named = BTreeSet::new();
    let all = of_nodes.chain(ends.iter().filter_map(|end| end.network)).filter(|state| named.insert(&state.name));
    let network = |state: &NetworkState| {
        let v4 =
            state.ranges.iter().find_map(|range| if let ipnet::IpNet::V4(net) = range { Some(*net) } else { None });
        let v6 =
            state.ranges.iter().find_map(|range| if let ipnet::IpNet::V6(net) = range { Some(*net) } else { None });
        let name: Name = parse(&state.name).ok()?;
        Some(Network { name, subnets: Subnets::new(v4, v6)?, dynamic: Default::default(), mtu: None })
    };
    all.filter_map(network).collect()
}
