use std::collections::BTreeMap;

use metallb::facts::{Balanced, Configured};
use metallb::k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use metallb::spec::{
    BfdProfile, BfdProfileSpec, BgpAdvertisement, BgpAdvertisementSpec, BgpPeer, BgpPeerSpec, IpAddressPool,
    IpAddressPoolSpec,
};
use netlab::{ContainerState, EndpointState, NetworkState, RunState};

use super::{Inferred, Known};
use crate::compose::{self, BfdHops, Expected, Observed};
use crate::{Addresses, Lab, Node, NodeRole};

/// A cluster of two nodes, the network that they are on, and a router on it.
struct World {
    configured: Configured,
    services: Vec<Balanced>,
    networks: Vec<NetworkState>,
    containers: Vec<ContainerState>,
    nodes: Vec<Node>,
}

fn container(name: &str, network: &str, address: &str, run: RunState) -> ContainerState {
    let (pinned_ipv4, network_id) = (address.parse().ok(), network.to_owned());
    let ipv4 = pinned_ipv4.filter(|_| run.has_processes());
    let endpoint = EndpointState { network_id, pinned_ipv4, ipv4, ..EndpointState::default() };
    let (id, image) = (name.to_owned(), "frr:1".to_owned());
    ContainerState {
        id,
        name: name.into(),
        lab: None,
        spec: None,
        image,
        run,
        endpoints: [(network.into(), endpoint)].into(),
    }
}

fn node(name: &str, address: &str) -> Node {
    let labels = crate::node::usual_labels(name, NodeRole::Worker);
    Node { name: name.into(), role: NodeRole::Worker, addresses: Addresses::V4(address.parse().unwrap()), labels }
}

fn peer(name: &str, address: &str, asn: u64) -> BgpPeer {
    BgpPeer::new(name, BgpPeerSpec::at(address.parse().unwrap(), self::asn(64500), self::asn(asn)))
}

fn asn(number: u64) -> metallb::value::Asn {
    metallb::value::Asn::new(number).unwrap()
}

fn world() -> World {
    let network = |name: &str, range: &str| NetworkState {
        id: name.into(),
        name: name.into(),
        lab: None,
        spec: None,
        driver: "bridge".into(),
        internal: false,
        ranges: vec![range.parse().unwrap()],
        options: BTreeMap::new(),
    };
    let mut tor = peer("tor", "10.9.1.200", 64512);
    tor.spec.bfd_profile = Some("fast".parse().unwrap());
    let configuration = metallb::spec::Configuration {
        peers: vec![tor],
        pools: vec![IpAddressPool::new("public", IpAddressPoolSpec::of(vec!["198.51.100.0/31".parse().unwrap()]))],
        advertisements: vec![BgpAdvertisement::new("public", BgpAdvertisementSpec::default())],
        bfd_profiles: vec![BfdProfile::new("fast", BfdProfileSpec::default())],
        ..Default::default()
    };
    let service = Balanced {
        namespace: "default".into(),
        name: "web".into(),
        addresses: vec!["198.51.100.1".parse().unwrap()],
        families: vec!["IPv4".into()],
        class: None,
        pool: None,
        local: false,
        labels: BTreeMap::new(),
    };
    World {
        configured: Configured { configuration, ..Configured::default() },
        services: vec![service],
        networks: vec![network("n1", "10.9.1.0/24"), network("n2", "10.9.2.0/24")],
        containers: vec![
            container("a", "n1", "10.9.1.2", RunState::Running),
            container("b", "n1", "10.9.1.3", RunState::Running),
            container("frr1", "n1", "10.9.1.200", RunState::Running),
        ],
        nodes: vec![node("a", "10.9.1.2"), node("b", "10.9.1.3")],
    }
}

impl World {
    fn inferred(&self) -> Inferred {
        let speaking = [("frr1".to_owned(), 64512)].into();
        let known = Known {
            configured: &self.configured,
            backend: None,
            nodes: &self.nodes,
            services: &self.services,
            networks: &self.networks,
            containers: &self.containers,
            speaking: &speaking,
            multihop: &BTreeMap::new(),
        };
        Lab::inferred(&known).unwrap()
    }

    fn expected(&self) -> Expected {
        let lab = self.inferred().lab;
        let observed = Observed { announces: &|_, _| true, addresses: &|_| Vec::new() };
        compose::expected_of(&lab, &self.nodes, observed)
    }
}

#[test]
fn a_container_at_a_peers_address_is_its_end() {
    let world = world();
    let inferred = world.inferred();
    assert_eq!((inferred.unseen.as_slice(), inferred.absent.as_slice()), (&[][..], &[][..]));
    let expected = world.expected();
    let ends: Vec<(&str, &str, u32, Option<BfdHops>)> = expected
        .sessions
        .iter()
        .map(|session| (&*session.opener.name, &*session.answerer.name, session.answerer.asn, session.bfd))
        .collect();
    let single = Some(BfdHops::Single);
    assert_eq!(ends, [("a", "frr1", 64512, single), ("b", "frr1", 64512, single)]);
    let announced: Vec<String> =
        expected.announced.iter().map(|entry| format!("{} {}", entry.node, entry.prefix)).collect();
    assert_eq!(announced, ["a 198.51.100.1/32", "b 198.51.100.1/32"]);
}

#[test]
fn a_peer_that_is_no_container_here_is_unseen() {
    let mut world = world();
    world.configured.configuration.peers[0].spec.peer_address = "192.0.2.1".parse().unwrap();
    let inferred = world.inferred();
    assert_eq!(inferred.unseen, ["192.0.2.1 (BGPPeer tor) is no container of this engine: its end is not looked at"]);
    assert_eq!(inferred.absent, []);
    assert_eq!(world.expected().sessions[0].answerer.name, "tor", "the nodes' end is looked at all the same");
}

#[test]
fn a_container_without_frr_is_unseen() {
    let mut world = world();
    world.containers[2].name = "bird".into();
    assert!(world.inferred().unseen[0].starts_with("bird (10.9.1.200, BGPPeer tor): no FRR answers in it"));
}

#[test]
fn an_address_that_nobody_has_is_absent_and_the_container_that_asks_for_it_is_named() {
    let mut world = world();
    world.containers[2] = container("frr1", "n1", "10.9.1.200", RunState::Exited);
    world.containers.push(container("other", "n1", "10.9.1.201", RunState::Exited));
    let inferred = world.inferred();
    let [absent] = inferred.absent.as_slice() else { panic!("{:?}", inferred.absent) };
    assert_eq!((absent.stopped.as_slice(), absent.network.as_str()), (&["frr1".to_owned()][..], "n1"));
    assert_eq!((absent.peers.as_slice(), inferred.unseen.len()), (&["tor".to_owned()][..], 0));
    // The machine itself is on its networks, and anybody may listen there.
    world.configured.configuration.peers[0].spec.peer_address = "10.9.1.1".parse().unwrap();
    let inferred = world.inferred();
    assert_eq!((inferred.absent.len(), inferred.unseen.len()), (0, 1));
}

#[test]
fn bfd_is_multihop_as_frr_takes_it() {
    let hops = |change: &dyn Fn(&mut World)| {
        let mut world = world();
        change(&mut world);
        world.expected().sessions[0].bfd
    };
    let spec = |world: &mut World, asn: u64, multihop| {
        let spec = &mut world.configured.configuration.peers[0].spec;
        (spec.peer_asn, spec.ebgp_multi_hop) = (metallb::spec::PeerAsn::Number(self::asn(asn)), multihop);
    };
    assert_eq!(hops(&|world| spec(world, 64512, true)), Some(BfdHops::Multi));
    assert_eq!(hops(&|world| spec(world, 64500, false)), Some(BfdHops::Single));
    let elsewhere = |world: &mut World| {
        spec(world, 64500, false);
        world.configured.configuration.peers[0].spec.peer_address = "10.9.2.200".parse().unwrap();
        world.containers[2] = container("frr1", "n2", "10.9.2.200", RunState::Running);
    };
    assert_eq!(hops(&elsewhere), Some(BfdHops::Multi));
}

#[test]
fn selectors_choose_nodes() {
    let mut world = world();
    let only = LabelSelector {
        match_labels: Some([("kubernetes.io/hostname".to_owned(), "b".to_owned())].into()),
        ..LabelSelector::default()
    };
    world.configured.configuration.advertisements[0].spec.node_selectors = vec![only.clone()];
    let announces = |world: &World| -> Vec<String> {
        world.expected().announced.into_iter().filter(|entry| entry.by).map(|entry| entry.node).collect()
    };
    assert_eq!(announces(&world), ["b"]);
    world.configured.configuration.peers[0].spec.node_selectors = vec![only];
    assert_eq!(world.expected().sessions.len(), 1);
}

#[test]
fn a_pool_that_only_arp_announces_is_nobodys_matter() {
    let mut world = world();
    world.configured.configuration.advertisements[0].spec.ip_address_pools = vec!["other".parse().unwrap()];
    assert_eq!(world.inferred().lab.pools.len(), 1, "nobody announces it, and that is to be said");
    world.configured.layer2 = ["public".to_owned()].into();
    let lab = world.inferred().lab;
    assert_eq!((lab.pools.len(), lab.services.len()), (0, 0));
}
