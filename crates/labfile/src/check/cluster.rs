//! The cluster, and the addresses of standalone nodes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use camino::Utf8Path;
use ipnet::IpNet;

use super::{
    super::{
        At, Name, Overrides, ProviderName, RawLab,
        family::{Dual, Subnets},
        model::{Cluster, Network, Node, Provider},
        problem::{Problem, What},
        raw::{RawCluster, RawPool},
        text::parse,
    },
    Finds, families, names,
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
    let (raw, all_pools): (&RawCluster, _) = (&raw.cluster, &raw.pools);
    if !(1..=1000).contains(&*raw.workers) {
        finds
            .add(raw.workers.place(), Problem::Range { value: raw.workers.to_string(), expected: "1 to 1000 workers" });
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
        placement: Vec::new(),
    };
    // Its bounds hold for every provider, so that changing the provider does not break the file.
    let connect_time = raw.connect_time.as_ref().and_then(|span| sessions::seconds(finds, span, 1));
    cluster.placement = room(finds, raw, network?, &cluster, routers)?;
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

/// Finds a cluster that has IPv6 for a part only: Kubernetes needs it for everything, or for nothing.
fn half_dual_stack(finds: &mut Finds, raw: &RawCluster, network: &Network, pods: &Subnets, services: &Subnets) {
    let mut both = |place, (has, is), (lacks, other): (_, bool)| {
        if is && !other {
            finds.add(place, Problem::HalfDualStack { has, lacks });
        }
    };
    let (pods, services) = (("the pods", pods.v6.is_some()), ("the services", services.v6.is_some()));
    let nodes = ("the nodes", network.subnets.v6.is_some());
    both(raw.pods.place(), pods, services);
    both(raw.services.place(), services, pods);
    both(raw.pods.place(), pods, nodes);
}

/// Finds IPv6 pools of an IPv4 cluster, whose services never get such addresses. A cluster with half of IPv6 was found
/// before.
fn pools_beside(finds: &mut Finds, pools: &[At<RawPool>], pods: &Subnets, services: &Subnets) {
    if pods.v6.is_some() || services.v6.is_some() {
        return;
    }
    let ranges = pools.iter().flat_map(|pool| pool.addresses.iter());
    for range in ranges.filter(|range| range.0.is_ipv6()) {
        finds.add(range.place(), Problem::HalfDualStack { has: "the pools", lacks: "the services" });
    }
}

/// Places the nodes at the first free addresses of the dynamic part, as Docker does.
fn room(
    finds: &mut Finds,
    raw: &RawCluster,
    network: &Network,
    cluster: &Cluster,
    routers: &[Entry],
) -> Option<Vec<Node>> {
    let v4_part = network.dynamic.v4.unwrap_or(network.subnets.v4);
    let v6_part = network.dynamic.v6.or(network.subnets.v6);
    let names: Vec<_> = cluster.node_names().collect();
    let pinned: Vec<IpAddr> = routers
        .iter()
        .filter_map(|entry| entry.router.addresses_on(&network.name))
        .flat_map(|addresses| addresses.iter())
        .chain(network.gateways().iter())
        .collect();
    let free = |address: &IpAddr, part: IpNet| {
        let edge = *address == network.subnets.v4.network() || *address == network.subnets.v4.broadcast();
        part.contains(address) && !pinned.contains(address) && !edge
    };
    let (low, high) = (v4_part.network().to_bits(), v4_part.broadcast().to_bits());
    let v4: Vec<Ipv4Addr> = (low..=high)
        .map(Ipv4Addr::from_bits)
        .filter(|v4| free(&(*v4).into(), v4_part.into()))
        .take(names.len())
        .collect();
    let mut v6: Vec<Ipv6Addr> = Vec::new();
    if let Some(part) = v6_part {
        let (low, high) = (part.network().to_bits().saturating_add(1), part.broadcast().to_bits());
        let all = (low..=high).map(Ipv6Addr::from_bits).filter(|v6| free(&(*v6).into(), part.into()));
        v6 = all.take(names.len()).collect();
    }
    let short = if v4.len() < names.len() { Some((v4.len(), v4_part.to_string())) } else { None };
    let short = short.or(v6_part.filter(|_| v6.len() < names.len()).map(|part| (v6.len(), part.to_string())));
    if let Some((room, part)) = short {
        let problem =
            Problem::Exhausted { nodes: names.len(), room: room as u128, part, network: network.name.clone() };
        finds.add(raw.workers.place(), problem);
        return None;
    }
    let mut v6 = v6.into_iter();
    let nodes = names.into_iter().zip(v4);
    Some(nodes.map(|((name, role), v4)| Node { name, role, addresses: Dual { v4, v6: v6.next() } }).collect())
}
