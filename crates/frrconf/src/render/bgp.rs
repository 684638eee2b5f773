//! The BGP router by FRR's keywords.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::Serialize;

use crate::model::{Bgp, Exchange, Neighbor, Peering, Reach, RestartRole};
use crate::values::{Asn, ConnectTime, Hops, Name, Password, Port, RestartTime, RouterId, Text, Timers};

#[derive(Serialize)]
pub(super) struct BgpView<'a> {
    asn: Asn,
    router_id: Option<RouterId>,
    restarting: bool,
    preserve_forwarding_state: bool,
    restart_time: Option<RestartTime>,
    compare_router_id: bool,
    multipath_relax: bool,
    neighbors: Vec<NeighborView<'a>>,
    families: Vec<FamilyView<'a>>,
}

#[derive(Serialize)]
struct NeighborView<'a> {
    address: IpAddr,
    remote_as: String,
    description: Option<&'a Text>,
    password: Option<&'a str>,
    unchecked: bool,
    multihop: Option<Hops>,
    timers: Option<Timers>,
    connect: Option<ConnectTime>,
    port: Option<Port>,
    source: Option<IpAddr>,
    passive: bool,
    graceful_restart: bool,
    bfd: bool,
    bfd_profile: Option<&'a Name>,
}

#[derive(Serialize)]
struct FamilyView<'a> {
    name: &'static str,
    networks: Vec<IpNet>,
    exchanges: Vec<ExchangeView<'a>>,
}

#[derive(Serialize)]
struct ExchangeView<'a> {
    address: IpAddr,
    route_reflector_client: bool,
    next_hop_self: bool,
    inbound: Option<&'a Name>,
    outbound: Option<&'a Name>,
}

pub(super) fn view(bgp: &Bgp) -> BgpView<'_> {
    let ipv4 = family(bgp, "ipv4", |net| matches!(net, IpNet::V4(_)), |neighbor| neighbor.families.ipv4.as_ref());
    let ipv6 = family(bgp, "ipv6", |net| matches!(net, IpNet::V6(_)), |neighbor| neighbor.families.ipv6.as_ref());
    let restart = bgp.graceful_restart;
    BgpView {
        asn: bgp.asn,
        router_id: bgp.router_id,
        restarting: restart.is_some_and(|restart| restart.role == RestartRole::Restarting),
        preserve_forwarding_state: restart.is_some_and(|restart| restart.preserve_forwarding_state),
        restart_time: restart.and_then(|restart| restart.restart_time),
        compare_router_id: bgp.best_path.compare_router_id,
        multipath_relax: bgp.best_path.multipath_relax,
        neighbors: bgp.neighbors.iter().map(|each| neighbor(bgp.asn, each)).collect(),
        families: [ipv4, ipv6].into_iter().flatten().collect(),
    }
}

fn neighbor(local_as: Asn, neighbor: &Neighbor) -> NeighborView<'_> {
    let (remote_as, any_as, reach) = match neighbor.peering {
        Peering::Internal { .. } => (local_as, "internal", Reach::Connected),
        Peering::External { remote_as, reach } => (remote_as, "external", reach),
    };
    NeighborView {
        address: neighbor.address,
        remote_as: if neighbor.any_as { any_as.to_owned() } else { remote_as.to_string() },
        description: neighbor.description.as_ref(),
        password: neighbor.password.as_ref().map(Password::reveal),
        unchecked: reach == Reach::Unchecked,
        multihop: match reach {
            Reach::Multihop(hops) => Some(hops),
            Reach::Connected | Reach::Unchecked => None,
        },
        timers: neighbor.timers,
        connect: neighbor.connect,
        port: neighbor.port,
        source: neighbor.source,
        passive: neighbor.passive,
        graceful_restart: neighbor.graceful_restart,
        bfd: neighbor.bfd.is_some(),
        bfd_profile: neighbor.bfd.as_ref().and_then(|bfd| bfd.profile()),
    }
}

/// One address family, or `None` if no neighbor exchanges it and no network is of it.
fn family<'a>(
    bgp: &'a Bgp,
    name: &'static str,
    ours: impl Fn(&IpNet) -> bool,
    exchange: impl Fn(&'a Neighbor) -> Option<&'a Exchange>,
) -> Option<FamilyView<'a>> {
    let networks: Vec<IpNet> = bgp.networks.iter().copied().filter(ours).collect();
    let exchanges: Vec<ExchangeView<'_>> = bgp
        .neighbors
        .iter()
        .filter_map(|neighbor| {
            let Exchange { next_hop_self, inbound, outbound } = exchange(neighbor)?;
            Some(ExchangeView {
                address: neighbor.address,
                route_reflector_client: neighbor.peering == Peering::Internal { route_reflector_client: true },
                next_hop_self: *next_hop_self,
                inbound: inbound.as_ref(),
                outbound: outbound.as_ref(),
            })
        })
        .collect();
    (!networks.is_empty() || !exchanges.is_empty()).then_some(FamilyView { name, networks, exchanges })
}
