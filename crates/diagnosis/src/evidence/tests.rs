//! A healthy lab's evidence, made from what the lab should be; tests break one thing of it.

mod frr;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use netlab::iproute::{AddressFamily, KernelRoute};
use netlab::{ApiVersion, ContainerState, EndpointState, EngineVersion, NetworkState, Observed, RunState};
use serde_json::json;

use super::inside::{DISABLE6, FORWARD4, FORWARD6};
use super::iproute::Link;
use super::{Evidence, Inside, procfs};
use crate::check::{Check, Topic};
use crate::subject::Subject;
use labfile::compose;
use labfile::{Lab, Overrides, ProviderName};

/// The documented lab, standalone and healthy.
pub(crate) fn healthy() -> Evidence {
    of(Lab::documented(&Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() }).unwrap())
}

/// Another lab that is kept, likewise.
pub(crate) fn healthy_of(file: &str) -> Evidence {
    let path = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs").join(file);
    let overrides = Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() };
    of(Lab::from_file(&path, &overrides).unwrap())
}

/// The documented lab on kind, healthy; its cluster is the test's own to add.
pub(crate) fn healthy_kind() -> Evidence {
    let mut evidence = healthy();
    evidence.lab.cluster.provider = labfile::Provider::Kind;
    let nodes: Vec<String> = evidence.nodes.iter().map(|node| node.name.clone()).collect();
    // MetalLB configures what runs on nodes, and Docker has them as guests.
    evidence.meant.retain(|name, _| !nodes.contains(name));
    evidence.topology = compose::docker_lab(&evidence.lab, &evidence.nodes).unwrap();
    for (_, inside) in evidence.inside.iter_mut().filter(|(name, _)| nodes.contains(name)) {
        inside.programs.insert("kube-proxy".to_owned(), false);
        inside.tcp.push(listening("2810"));
    }
    evidence
}

/// A socket that listens on a port everywhere, both in hexadecimal.
fn listening(port: &str) -> procfs::Socket {
    procfs::socket(&format!(" 0: {0}:{port} {0}:0000 0A", "0".repeat(32))).unwrap()
}

/// The way from a place to an address of another.
pub(crate) fn way(from: &str, to: &str, address: &str) -> Subject {
    Subject::Way { from: from.to_owned(), to: to.to_owned(), address: address.parse().unwrap() }
}

/// A prefix in the table of a place.
pub(crate) fn prefix(place: &str, prefix: &str) -> Subject {
    Subject::prefix(place, prefix.parse().unwrap())
}

/// The answer of the documented service to a ping.
pub(crate) fn answer(from: &str, address: &str) -> Subject {
    let (from, service) = (from.to_owned(), "test-agnhost".to_owned());
    Subject::Answer { from, service, address: address.parse().unwrap(), port: None }
}

/// Fails a check.
pub(crate) fn fail(evidence: &mut Evidence, topic: Topic, subject: Subject) {
    evidence.failed.push(Check::failed(topic, subject, "not as expected"));
}

/// Any lab, healthy.
pub(crate) fn of(lab: Lab) -> Evidence {
    let nodes = compose::known_nodes(&lab).to_vec();
    let mut evidence = Evidence::unseen(lab, nodes).unwrap();
    let (lab, topology) = (&evidence.lab, &evidence.topology);
    evidence.docker = Some(observed(topology));
    evidence.inside = topology.containers().iter().map(|spec| (spec.name.to_string(), inside(spec, lab))).collect();
    let names: Vec<String> = evidence.places().map(str::to_owned).collect();
    evidence.frr = names.into_iter().map(|name| (name.clone(), frr::frr(&name, &evidence))).collect();
    evidence
}

fn observed(topology: &netlab::Lab) -> Observed {
    let network = |spec: &netlab::NetworkSpec| NetworkState {
        id: format!("{:0<64}", spec.name),
        name: spec.name.to_string(),
        lab: Some(topology.name().to_string()),
        spec: None,
        driver: "bridge".to_owned(),
        internal: false,
        ranges: spec.ranges().collect(),
        options: BTreeMap::new(),
    };
    let container = |spec: &netlab::ContainerSpec| ContainerState {
        id: spec.name.to_string(),
        name: spec.name.to_string(),
        lab: Some(topology.name().to_string()),
        spec: None,
        image: spec.image.clone(),
        run: RunState::Running,
        endpoints: spec.endpoints.iter().map(|at| (at.network.to_string(), endpoint(at))).collect(),
    };
    Observed {
        engine: EngineVersion {
            server: "26.1.5".to_owned(),
            api: ApiVersion { major: 1, minor: 45 },
            kernel: String::new(),
            arch: String::new(),
        },
        networks: topology.networks().iter().map(network).collect(),
        containers: topology.containers().iter().map(container).collect(),
        facts: BTreeMap::new(),
        unseen: BTreeMap::new(),
    }
}

fn endpoint(at: &netlab::Endpoint) -> EndpointState {
    EndpointState {
        network_id: format!("{:0<64}", at.network),
        pinned_ipv4: at.ipv4,
        pinned_ipv6: at.ipv6,
        ipv4: at.ipv4,
        ipv6: at.ipv6,
    }
}

fn inside(spec: &netlab::ContainerSpec, lab: &Lab) -> Inside {
    let mut routes = Vec::new();
    let links = spec.endpoints.iter().enumerate().map(|(n, at)| {
        let network = lab.networks.iter().find(|network| network.name.as_str() == at.network.as_str()).unwrap();
        let name = format!("eth{n}");
        let nets = network.subnets.iter().zip(at.pinned());
        let addresses: Vec<IpNet> = nets.map(|(net, own)| IpNet::new(own, net.prefix_len()).unwrap()).collect();
        routes.extend(addresses.iter().map(|net| route(net.trunc(), None, &name, "kernel")));
        let mac = format!("02:42:{}-{n}", spec.name);
        Link { name, up: true, carrier: true, arp: true, mtu: 1500, mac, addresses }
    });
    let own: Vec<IpNet> = compose::service_addresses(lab).into_iter().map(|service| service.address.into()).collect();
    let mut links: Vec<Link> = links.collect();
    links.push(Link {
        name: "lo".to_owned(),
        up: true,
        carrier: true,
        arp: true,
        mtu: 65536,
        mac: String::new(),
        addresses: own,
    });
    routes.extend(spec.routes.iter().map(|own| {
        let mut route = route(own.dst(), None, "eth0", "static");
        route.via.extend(own.via());
        route
    }));
    let one = |name: &str| (name.to_owned(), "1".to_owned());
    Inside {
        links,
        routes,
        sysctls: [one(FORWARD4), one(FORWARD6), (DISABLE6.to_owned(), "0".to_owned())].into(),
        tcp: ["00000000", "00000000000000000000000000000000"]
            .map(|any| procfs::socket(&format!(" 0: {any}:00B3 {any}:0000 0A")).unwrap())
            .into(),
        udp: [3784, 4784].into(),
        programs: ["zebra", "bgpd", "bfdd", "staticd", "watchfrr"].map(|name| (name.to_owned(), false)).into(),
        run_frr: ["zebra.vty", "bgpd.vty", "bfdd.vty", "staticd.vty"].map(str::to_owned).into(),
        capabilities: Some(0xa824_35fb),
        ..Inside::default()
    }
}

fn route(dst: IpNet, via: Option<IpAddr>, dev: &str, protocol: &str) -> KernelRoute {
    let family = if dst.addr().is_ipv4() { AddressFamily::Ipv4 } else { AddressFamily::Ipv6 };
    let json = json!([{"dst": dst, "gateway": via, "dev": dev, "protocol": protocol}]);
    netlab::iproute::routes(&json.to_string(), family).remove(0)
}

#[test]
fn the_ways_are_those_of_the_lab_file() {
    let e = healthy();
    let node: IpAddr = "10.0.1.3".parse().unwrap();
    assert_eq!(e.between("frr1", node), ["next-hop-router"]);
    assert_eq!(e.next_hops("frr1", node), ["10.0.2.2".parse::<IpAddr>().unwrap()]);
    assert_eq!((e.distance("frr1", node), e.distance("next-hop-router", node)), (1, 0));
    assert_eq!(e.between("kind-worker", "fd00:10:0:2::3".parse().unwrap()), ["next-hop-router"]);
    assert_eq!(e.between("next-hop-router", node), [""; 0]);
    assert_eq!(e.place_at(node), Some("kind-worker"));
    assert!(e.inside["frr1"].listens("10.0.2.3:179".parse::<SocketAddr>().unwrap()));
}
