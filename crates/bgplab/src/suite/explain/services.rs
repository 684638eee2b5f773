//! Services that have no address, and addresses that are not where they should be.

use std::net::IpAddr;

use frrconf::views::Family;
use ipnet::IpNet;
use metallb::facts::Balanced;

use super::{Seen, list};

/// The controller's words between the addresses that it cannot give and the service that has one of them.
const HELD: &str = "also in use by";

/// Returns the reasons of services without an address, and of addresses that a router does not know.
pub(super) fn reasons(seen: &Seen) -> Vec<String> {
    let pending = seen.services.iter().filter(|(service, _)| service.addresses.len() < service.families.len());
    let mut all: Vec<String> =
        pending.map(|(service, words)| without_address(seen, service, words.as_deref())).collect();
    all.extend(unknown(seen));
    all
}

fn without_address(seen: &Seen, service: &Balanced, words: Option<&str>) -> String {
    let name = format!("{}/{}", service.namespace, service.name);
    let has = |family: &str| {
        let wanted = family == "IPv6";
        seen.pools.iter().flat_map(|pool| &pool.addresses).any(|range| range.contains(':') == wanted)
    };
    if let [family] = service.families.as_slice()
        && !has(family)
        && !seen.pools.is_empty()
    {
        return format!(
            "service {name} is of {family} alone, and no pool has an address of it: a service of one family that does not \
             name it gets the one that the cluster prefers, the first of its service ranges"
        );
    }
    let Some(words) = words else {
        return format!("service {name} has no address yet, and the controller has not said why");
    };
    match words.split_once(HELD) {
        Some((_, holder)) => {
            let holder = holder.trim().trim_matches(['"', '.']);
            format!("service {name} gets no address: another service has it, {holder} (MetalLB: {words})")
        }
        None => format!("service {name} gets no address (MetalLB: {words})"),
    }
}

/// Returns the addresses that a router with every session up does not know.
fn unknown(seen: &Seen) -> Vec<String> {
    let sessions = seen.sessions();
    let whole = |router: &str| {
        let mut own = sessions.iter().filter(|session| session.router == router).peekable();
        own.peek().is_some() && own.all(|session| seen.is_up(session))
    };
    let mut all = Vec::new();
    for (service, _) in &seen.services {
        for address in &service.addresses {
            let without: Vec<&str> = seen
                .routers
                .iter()
                .filter(|router| whole(&router.name) && router.frr.bgp.contains_key(&Family::of(*address)))
                .filter(|router| !knows(&router.frr, *address))
                .map(|router| router.name.as_str())
                .collect();
            if !without.is_empty() {
                let name = format!("{}/{}", service.namespace, service.name);
                all.push(format!("{} of service {name} is not in the BGP table of {}", address, list(&without)));
            }
        }
    }
    all
}

fn knows(frr: &diagnosis::evidence::Frr, address: IpAddr) -> bool {
    let covers = |prefix: &IpNet| prefix.prefix_len() > 0 && prefix.contains(&address);
    frr.bgp.get(&Family::of(address)).is_some_and(|table| table.routes.keys().any(covers))
}
