//! Static routes, and the addresses that a host may have.

use std::net::IpAddr;

use super::{Owner, Problem, repeated};
use crate::model::{Gateway, Instance, StaticRoute, Via};

pub(super) fn check(instance: &Instance, problems: &mut Vec<Problem>) {
    for route in repeated(instance.static_routes.iter().map(ToString::to_string)) {
        problems.push(Problem::Repeated { kind: "static route", name: route });
    }
    let at = |route: &StaticRoute| (route.to(), route.distance());
    let (nowhere, on): (Vec<_>, Vec<_>) = instance.static_routes.iter().partition(|route| route.is_blackhole());
    let drops = nowhere.into_iter().filter(|drops| on.iter().any(|leads| at(leads) == at(drops)));
    problems.extend(drops.map(|route| Problem::DropsAndLeads(route.to())));
    for route in &instance.static_routes {
        let owner = || Owner::StaticRoute(route.to_string());
        problems.extend(Problem::host_bits(owner(), route.to()));
        let (address, interface): (IpAddr, _) = match route {
            StaticRoute::Ipv4 { via: Via::Gateway(Gateway { address, interface }), .. } => {
                ((*address).into(), interface)
            }
            StaticRoute::Ipv6 { via: Via::Gateway(Gateway { address, interface }), .. } => {
                ((*address).into(), interface)
            }
            _ => continue,
        };
        problems.extend(not_a_host(owner(), address));
        if is_link_local(address) && interface.is_none() {
            problems.push(Problem::LinkLocal { owner: owner(), address, remedy: "name the interface" });
        }
    }
}

/// The problem with an address that cannot be another host's.
pub(super) fn not_a_host(owner: Owner, address: IpAddr) -> Option<Problem> {
    let cause = match address {
        _ if address.is_unspecified() => "unspecified",
        _ if address.is_loopback() => "a loopback address",
        _ if address.is_multicast() => "a multicast address",
        IpAddr::V4(v4) if v4.is_broadcast() => "the broadcast address",
        IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some() => "an IPv4 address in IPv6 form",
        _ => return None,
    };
    Some(Problem::NotAHost { owner, address, cause })
}

/// Returns `true` if an address is unique on one link only, which has to be named.
pub(super) fn is_link_local(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(v6) if v6.is_unicast_link_local())
}
