//! The peers' ends: containers by their addresses, or what is known of somebody else.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use metallb::spec::{BgpPeer, DynamicAsn, PeerAsn};
use netlab::{ContainerState, NetworkState, RunState};

use super::{Absent, Known};
use crate::{
    Addresses, Asn, Bfd, BfdProfile, Family, Hops, Name, Node, NodeEnd, Password, Peer, Role, Router, Session, Timers,
    session::BGP_PORT, text::parse,
};

/// An address that peers lead to.
pub(super) struct End<'a> {
    pub(super) network: Option<&'a NetworkState>,
    name: Name,
    address: IpAddr,
    container: Option<&'a ContainerState>,
    peers: Vec<(Name, &'a BgpPeer)>,
}

/// Returns the addresses that peers lead to; those that nobody here can look at are listed.
pub(super) fn ends<'a>(known: &Known<'a>, unseen: &mut Vec<String>) -> Vec<End<'a>> {
    let mut ends: Vec<End<'a>> = Vec::new();
    for peer in &known.configured.configuration.peers {
        let address = peer.spec.peer_address;
        let Ok(name) = parse::<Name>(peer.name()) else {
            unseen.push(format!("BGPPeer {}: its name is none that is followed here", peer.name()));
            continue;
        };
        if let Some(end) = ends.iter_mut().find(|end| end.address == address) {
            end.peers.push((name, peer));
            continue;
        }
        let end = End::at(known, address, (name, peer));
        // No two may have a name, and a node's is a node's.
        let taken = |name: &Name| {
            known.nodes.iter().any(|node| node.name == name.as_str()) || ends.iter().any(|end| end.name == *name)
        };
        let end =
            if taken(&end.name) { End { name: unique(&end.name, ends.len()), container: None, ..end } } else { end };
        if !end.speaks(known) && end.absent(known).is_none() {
            unseen.push(end.unseen());
        }
        ends.push(end);
    }
    ends
}

/// Returns another name.
fn unique(name: &Name, number: usize) -> Name {
    let start: String = name.as_str().chars().take(50).collect();
    parse(&format!("{start}-{number}")).unwrap_or_else(|_| name.clone())
}

impl<'a> End<'a> {
    fn at(known: &Known<'a>, address: IpAddr, (peer, of): (Name, &'a BgpPeer)) -> Self {
        let container = known.containers.iter().find(|container| {
            container.run.has_processes()
                && container.endpoints.values().any(|own| own.addresses().any(|a| a == address))
        });
        let network = known.networks.iter().find(|network| network.ranges.iter().any(|range| range.contains(&address)));
        let named = container.and_then(|container| parse(&container.name).ok());
        let container = container.filter(|_| named.is_some());
        let name = named.unwrap_or_else(|| peer.clone());
        Self { network, name, address, container, peers: vec![(peer, of)] }
    }

    fn speaks(&self, known: &Known<'_>) -> bool {
        self.container.is_some_and(|container| known.speaking.contains_key(&container.name))
    }

    fn unseen(&self) -> String {
        let (address, names) = (self.address, self.names().join(", "));
        match self.container {
            Some(container) => {
                format!(
                    "{} ({address}, BGPPeer {names}): no FRR answers in it, so its end is not looked at",
                    container.name
                )
            }
            None => format!("{address} (BGPPeer {names}) is no container of this engine: its end is not looked at"),
        }
    }

    fn names(&self) -> Vec<String> {
        self.peers.iter().map(|(name, _)| name.to_string()).collect()
    }

    /// Returns the address, where it lies in a network of this engine and no container has it. The machine's own address
    /// there is anybody's who listens on the machine.
    pub(super) fn absent(&self, known: &Known<'_>) -> Option<Absent> {
        let network = self.network.filter(|_| self.container.is_none())?;
        let held = known.containers.iter().any(|container| container.holds(network, self.address));
        let is_gateway = network.ranges.iter().any(|range| range.hosts().next() == Some(self.address));
        if held || is_gateway {
            return None;
        }
        let ended = |container: &&ContainerState| !container.run.has_processes() && container.run != RunState::Created;
        let stopped: Vec<&ContainerState> =
            known.containers.iter().filter(ended).filter(|own| own.is_on(network)).collect();
        let asks = |container: &&&ContainerState| {
            let mut pinned = container.endpoints.values().flat_map(|own| {
                [own.pinned_ipv4.map(IpAddr::V4), own.pinned_ipv6.map(IpAddr::V6)].into_iter().flatten()
            });
            pinned.any(|pinned| pinned == self.address)
        };
        let one = stopped.iter().find(asks).map(|container| vec![container.name.clone()]);
        let stopped = one.unwrap_or_else(|| stopped.iter().map(|container| container.name.clone()).collect());
        let (router, peers) = (self.name.to_string(), self.names());
        Some(Absent { router, peers, address: self.address, network: network.name.clone(), stopped })
    }

    pub(super) fn router(&self, known: &Known<'_>) -> Router {
        let on = |(network, own): (&String, &netlab::EndpointState)| {
            Some((parse(network).ok()?, Addresses::new(own.ipv4, own.ipv6)?))
        };
        let alone = || match (self.network.and_then(|network| parse(&network.name).ok()), self.address) {
            (Some(network), IpAddr::V4(v4)) => vec![(network, Addresses::V4(v4))],
            (Some(network), IpAddr::V6(v6)) => vec![(network, Addresses::V6(v6))],
            (None, _) => Vec::new(),
        };
        let attachments =
            self.container.map_or_else(alone, |container| container.endpoints.iter().filter_map(on).collect());
        let role = self.asn(known).map_or(Role::Forwarder, Role::Speaker);
        Router { name: self.name.clone(), attachments, role, id: Ipv4Addr::UNSPECIFIED }
    }

    /// The AS number by the resources; where they leave it to the peer, its own.
    fn asn(&self, known: &Known<'_>) -> Option<Asn> {
        self.peers.iter().find_map(|(_, peer)| self.asn_of(known, peer))
    }

    fn asn_of(&self, known: &Known<'_>, peer: &BgpPeer) -> Option<Asn> {
        let number = match peer.spec.peer_asn {
            PeerAsn::Number(asn) => i64::from(asn.get()),
            PeerAsn::Dynamic(DynamicAsn::Internal) => i64::from(peer.spec.my_asn.get()),
            PeerAsn::Dynamic(DynamicAsn::External) => i64::from(*known.speaking.get(&self.container.as_ref()?.name)?),
        };
        Asn::new(number).ok()
    }

    pub(super) fn peers(&self, known: &Known<'_>, profiles: &[Arc<BfdProfile>]) -> Vec<Peer> {
        let all = self.peers.iter();
        all.filter_map(|(name, peer)| self.peer(known, name, peer, profiles)).collect()
    }

    fn peer(&self, known: &Known<'_>, name: &Name, peer: &BgpPeer, profiles: &[Arc<BfdProfile>]) -> Option<Peer> {
        let spec = &peer.spec;
        let own = Asn::new(i64::from(spec.my_asn.get())).ok()?;
        let hops = self.hops(known, peer);
        let profile =
            spec.bfd_profile.as_ref().and_then(|name| profiles.iter().find(|p| p.name.as_str() == name.as_str()));
        let bfd = profile.map(|profile| match hops {
            Hops::Direct => Bfd::SingleHop(Arc::clone(profile)),
            Hops::Routed(_) => Bfd::Multihop { profile: Arc::clone(profile), router_address: self.address },
        });
        Some(Peer {
            name: name.clone(),
            router: self.name.clone(),
            router_asn: self.asn_of(known, peer)?,
            address: self.address,
            port: spec.peer_port.unwrap_or(BGP_PORT),
            dual_stack: spec.dual_stack_address_family,
            nodes: spec.node_selectors.iter().map(super::services::selector).collect(),
            node_end: NodeEnd {
                asn: own,
                dynamic_asn: matches!(spec.peer_asn, PeerAsn::Dynamic(_)),
                source: spec.source_address,
                router_id: spec.router_id,
                graceful_restart: spec.enable_graceful_restart,
                disable_mp: spec.disable_mp,
                secret: spec.password_secret.as_ref().and_then(|secret| parse(secret.name.as_str()).ok()),
            },
            session: Session {
                family: Family::of(self.address),
                hops,
                bfd,
                password: None::<Password>,
                timers: Timers::default(),
            },
        })
    }

    /// The distance as FRR takes it: several hops by `ebgpMultiHop`, or within an AS to another network.
    fn hops(&self, known: &Known<'_>, peer: &BgpPeer) -> Hops {
        let multihop = if peer.spec.is_internal() {
            let of_nodes = known.nodes.iter().find_map(|node| network_of_node(known, node));
            match (of_nodes, self.network) {
                (Some(nodes), Some(own)) => nodes.id != own.id,
                // Whether they share a network is not known here, and read from the session itself.
                _ => known.multihop.get(&self.address).copied().unwrap_or(false),
            }
        } else {
            peer.spec.ebgp_multi_hop
        };
        if multihop { Hops::Routed(1) } else { Hops::Direct }
    }
}

/// Returns the engine's network that a node is on, where it is a container of the engine.
pub(super) fn network_of_node<'a>(known: &Known<'a>, node: &Node) -> Option<&'a NetworkState> {
    let holds = |network: &&NetworkState, container: &ContainerState| {
        node.addresses.iter().any(|address| container.holds(network, address))
    };
    known.networks.iter().find(|network| known.containers.iter().any(|container| holds(network, container)))
}

/// Returns the BFD profiles, with FRR's defaults where they say nothing.
pub(super) fn profiles(known: &Known<'_>) -> Vec<Arc<BfdProfile>> {
    let one = |profile: &metallb::spec::BfdProfile| {
        let spec = &profile.spec;
        Some(Arc::new(BfdProfile {
            name: parse(profile.name()).ok()?,
            receive_interval: Duration::from_millis(300),
            transmit_interval: Duration::from_millis(300),
            detect_multiplier: 3,
            echo: (spec.echo_mode == Some(true)).then_some(Duration::from_millis(50)),
            passive: spec.passive_mode == Some(true),
            minimum_ttl: 254,
        }))
    };
    known.configured.configuration.bfd_profiles.iter().filter_map(one).collect()
}
