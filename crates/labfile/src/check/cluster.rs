//! The cluster, and the addresses of standalone nodes.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use camino::Utf8Path;
use ipnet::IpNet;

use super::{
    super::{
        At, Name, Overrides, ProviderName, RawLab,
        family::{Family, Subnets},
        model::{Cluster, Network, Provider},
        node::{Node, NodeRole},
        problem::{Problem, What},
        raw::{RawCluster, RawPool},
        selector::Labels,
        text::parse,
    },
    Finds, families, names, nodes,
    routers::Entry,
    sessions,
};

/// Checks the cluster, and places its nodes.
pub(super) fn check(
    finds: &mut Finds,
    raw: &RawLab,
    folder: &Utf8Path,
    networks: &[Network],
    routers: &[Entry],
    overrides: &Overrides,
) -> Option<Cluster> {
    let (raw, all_pools, all_nodes): (&RawCluster, _, _) = (&raw.cluster, &raw.pools, &raw.nodes);
    if *raw.workers > 1000 {
        finds.add(
            raw.workers.place(),
            Problem::Range { value: raw.workers.to_string(), expected: "at most 1000 workers" },
        );
        return None;
    }
    // The longest node name is the control plane's or the last worker's.
    if parse::<Name>(&format!("{}-control-plane", *raw.name)).is_err() {
        let expected = "a name of at most 49 letters: its nodes' names are longer";
        finds.add(raw.name.place(), Problem::Unfit { value: format!("`{}`", *raw.name), expected });
    }
    let network = names::find(finds, What::Network, &raw.network, networks, |network| &network.name);
    let (pods, services) = (families::subnets(finds, &raw.pods), families::subnets(finds, &raw.services));
    half_dual_stack(finds, raw, network?, &pods?, &services?);
    pools_beside(finds, all_pools, &pods?, &services?);
    let mut cluster = Cluster {
        name: (*raw.name).clone(),
        provider: Provider::Kind,
        network: (*raw.network).clone(),
        asn: *raw.asn,
        workers: *raw.workers,
        pods: pods?,
        services: services?,
        kube_proxy: overrides.kube_proxy.or(raw.kube_proxy).unwrap_or_default(),
        placement: Vec::new(),
    };
    // Its bounds hold for every provider, so that changing the provider does not break the file.
    let connect_time = raw.connect_time.as_ref().and_then(|span| sessions::seconds(finds, span, 1));
    let labels = nodes::labels(finds, all_nodes, &cluster);
    cluster.placement = room(finds, raw, network?, &cluster, (routers, labels))?;
    cluster.provider = match overrides.provider.or(raw.provider).unwrap_or(ProviderName::Kind) {
        ProviderName::Kind => Provider::Kind,
        ProviderName::Standalone => Provider::Standalone { connect_time },
        ProviderName::Existing => {
            let kubeconfig = raw.kubeconfig.as_ref().map(|path| folder.join(path));
            let kubeconfig = overrides.kubeconfig.clone().or(kubeconfig);
            Provider::Existing { kubeconfig, context: overrides.context.clone().or(raw.context.clone()) }
        }
    };
    Some(cluster)
}

/// Finds a cluster that has a family for a part only: Kubernetes needs it for everything, or for nothing.
fn half_dual_stack(finds: &mut Finds, raw: &RawCluster, network: &Network, pods: &Subnets, services: &Subnets) {
    for family in Family::ALL {
        let mut both = |place, (has, is), (lacks, other): (_, bool)| {
            if is && !other {
                finds.add(place, Problem::HalfDualStack { has, lacks, family });
            }
        };
        let (pods, services) = (("the pods", pods.has(family)), ("the services", services.has(family)));
        let nodes = ("the nodes", network.subnets.has(family));
        both(raw.pods.place(), pods, services);
        both(raw.services.place(), services, pods);
        both(raw.pods.place(), pods, nodes);
    }
}

/// Finds pools of a family that the cluster's services do not have, which never get such addresses. A cluster with half of
/// a family was found before.
fn pools_beside(finds: &mut Finds, pools: &[At<RawPool>], pods: &Subnets, services: &Subnets) {
    for range in pools.iter().flat_map(|pool| pool.addresses.iter()) {
        let family = Family::of(range.0.ends().0);
        if !pods.has(family) && !services.has(family) {
            finds.add(range.place(), Problem::HalfDualStack { has: "the pools", lacks: "the services", family });
        }
    }
}

/// Places the nodes at the first free addresses of the dynamic part, as Docker does.
fn room(
    finds: &mut Finds,
    raw: &RawCluster,
    network: &Network,
    cluster: &Cluster,
    (routers, mut labels): (&[Entry], BTreeMap<String, Labels>),
) -> Option<Vec<Node>> {
    let names: Vec<_> = cluster.node_names().collect();
    let pinned: Vec<IpAddr> = routers
        .iter()
        .filter_map(|entry| entry.router.addresses_on(&network.name))
        .flat_map(|addresses| addresses.iter())
        .chain(network.gateways().iter())
        .collect();
    let mut free: Vec<Vec<IpAddr>> = vec![Vec::new(); names.len()];
    for subnet in network.subnets.iter() {
        let part = network.dynamic.iter().find(|part| subnet.contains(part)).unwrap_or(subnet);
        // IPv6 has no broadcast address; the first one is every router's.
        let is_edge =
            |address: IpAddr| address == subnet.network() || subnet.addr().is_ipv4() && address == subnet.broadcast();
        let own = addresses(part).filter(|address| !pinned.contains(address) && !is_edge(*address));
        let room = free.iter_mut().zip(own).map(|(of_node, address)| of_node.push(address)).count();
        if room < names.len() {
            let (part, network) = (part.to_string(), network.name.clone());
            let problem = Problem::Exhausted { nodes: names.len(), room: room as u128, part, network };
            finds.add(raw.workers.place(), problem);
            return None;
        }
    }
    let node = |((name, role), own): ((String, NodeRole), Vec<IpAddr>)| {
        let labels = labels.remove(&name).unwrap_or_default();
        Some(Node { name, role, addresses: network.subnets.addresses(own)?, labels })
    };
    names.into_iter().zip(free).map(node).collect()
}

/// Returns every address of a part of a network, also the first and the last one of IPv4.
fn addresses(part: IpNet) -> Box<dyn Iterator<Item = IpAddr>> {
    match part {
        IpNet::V4(part) => {
            let (low, high) = (part.network().to_bits(), part.broadcast().to_bits());
            Box::new((low..=high).map(|bits| Ipv4Addr::from_bits(bits).into()))
        }
        IpNet::V6(part) => {
            let (low, high) = (part.network().to_bits().saturating_add(1), part.broadcast().to_bits());
            Box::new((low..=high).map(|bits| Ipv6Addr::from_bits(bits).into()))
        }
    }
}
