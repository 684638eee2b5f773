//! Addresses: those that the lab says, also inside.

use std::net::IpAddr;

use ipnet::IpNet;

use super::network::attachments;
use crate::check::Check;
use crate::evidence::Evidence;
use crate::evidence::inside::DISABLE6;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("address-differs", Layer::Address, address),
    Rule::proof("address-moved", Layer::Address, moved),
    Rule::proof("address-missing", Layer::Address, address_inside),
    Rule::proof("prefix-length-differs", Layer::Address, length),
    Rule::proof("service-address-missing", Layer::Address, service_address),
];

fn address(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(spec, at): (&netlab::ContainerSpec, &netlab::Endpoint)| {
        let (name, network) = (spec.name.as_str(), at.network.as_str());
        let endpoint = e.container(name)?.endpoints.get(network)?;
        let has: Vec<IpAddr> = endpoint.addresses().collect();
        let lacks: Vec<IpAddr> = at.pinned().filter(|pinned| !has.contains(pinned)).collect();
        let words = |all: &[IpAddr]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
        (!lacks.is_empty()).then(|| {
            let (is, should) = (words(&has), words(&lacks));
            let v4 = at.ipv4.map(|ip| format!("--ip {ip} ")).unwrap_or_default();
            let v6 = at.ipv6.map(|ip| format!("--ip6 {ip} ")).unwrap_or_default();
            Found::new(
                format!("container {name} has another address on network {network} than the lab's: not {should}"),
                [Break::Attachment(name.to_owned(), network.to_owned())],
            )
            .seen(format!("docker inspect {name}: {is} on {network}"))
            .remedy(format!(
                "docker network disconnect {network} {name} && docker network connect {v4}{v6}{network} {name}"
            ))
        })
    };
    attachments(e).filter_map(found).collect()
}

/// A node got another address than its sessions are configured for, as after a restart of the engine.
fn moved(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for session in e.expected.sessions.iter().filter(|session| session.opener.is_node) {
        let (router, node) = (&session.answerer, &session.opener);
        let Some(instance) = e.frr(&router.name).and_then(|frr| frr.instance()) else { continue };
        if instance.neighbors.contains_key(&node.address) {
            continue;
        }
        let Some(stale) = instance.neighbors.keys().find(|address| e.place_at(**address).is_none()) else { continue };
        let cause = format!(
            "node {} has the address {} now, and {} still speaks to an address that no node has ({stale})",
            node.name, node.address, router.name
        );
        all.push(
            Found::new(cause, [Break::session(&router.name, &node.name)])
                .seen(format!("docker inspect {}: {}", node.name, node.address))
                .seen(format!("show running-config on {}: neighbor {stale}", router.name))
                .remedy("⌘ lab-up gives the routers the nodes' new addresses"),
        );
    }
    all
}

/// Finds addresses that Docker gave and somebody removed inside.
fn address_inside(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for (spec, at) in attachments(e) {
        let (name, network) = (spec.name.as_str(), at.network.as_str());
        let (Some(inside), Some(state)) = (e.inside.get(name), e.container(name)) else { continue };
        let Some(endpoint) = state.endpoints.get(network) else { continue };
        if inside.links.is_empty() {
            continue;
        }
        for address in endpoint.addresses().filter(|address| inside.link_with(*address).is_none()) {
            // Of a family that the network lacks, an engine may give addresses all the same: they are no matter.
            let mut ranges = e.lab.network(network).into_iter().flat_map(|own| own.subnets.iter());
            let Some(range) = ranges.find(|net| net.contains(&address)) else { continue };
            if address.is_ipv6() && inside.is_on(DISABLE6) == Some(true) {
                continue;
            }
            // A link that is down keeps its IPv4 addresses and loses its IPv6 ones: the link is the cause.
            let link = inside
                .links
                .iter()
                .find(|link| link.addresses.iter().any(|has| endpoint.addresses().any(|other| other == has.addr())));
            if link.is_some_and(|link| !link.up) {
                continue;
            }
            let length = range.prefix_len();
            let dev = link.map_or("eth0", |link| link.name.as_str());
            all.push(
                Found::new(
                    format!("the address {address} was taken off the link of {name} in network {network}"),
                    [Break::Way(name.to_owned(), range), Break::Attachment(name.to_owned(), network.to_owned())],
                )
                .seen(format!("ip address in {name}: no {address}, which the engine gave it"))
                .remedy(format!("docker exec {name} ip address add {address}/{length} dev {dev}")),
            );
        }
    }
    all
}

/// An address with another prefix length than its network's: the rest of the network is no neighbor.
fn length(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for (spec, at) in attachments(e) {
        let (name, network) = (spec.name.as_str(), at.network.as_str());
        let Some(inside) = e.inside.get(name) else { continue };
        for range in e.lab.network(network).into_iter().flat_map(|own| own.subnets.iter()) {
            let own = |net: &&IpNet| at.pinned().any(|address| address == net.addr()) && range.contains(&net.addr());
            let has = inside.links.iter().flat_map(|link| link.addresses.iter().map(move |net| (link, net)));
            let has: Vec<(&str, &IpNet)> =
                has.filter(|(_, net)| own(net)).map(|(link, net)| (link.name.as_str(), net)).collect();
            let is_right = |(_, net): &(&str, &IpNet)| net.prefix_len() == range.prefix_len();
            let Some((dev, net)) = has.first().filter(|_| !has.iter().any(is_right)) else { continue };
            let (address, length) = (net.addr(), range.prefix_len());
            all.push(
                Found::new(
                    format!("{name} has its address {address} as {net}, and network {network} is {range}: it takes the others for no neighbors"),
                    [Break::Way(name.to_owned(), range), Break::Attachment(name.to_owned(), network.to_owned())],
                )
                .seen(format!("ip address in {name}: {net} on {dev}"))
                .remedy(format!("docker exec {name} ip address add {address}/{length} dev {dev}\ndocker exec {name} ip address delete {net} dev {dev}")),
            );
        }
    }
    all
}

/// A standalone node answers at the service's addresses by itself.
fn service_address(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for spec in e.topology.containers() {
        let (name, command) = (spec.name.as_str(), spec.command.as_deref().unwrap_or_default());
        let words = || command.iter().flat_map(|argument| argument.split_whitespace());
        let gives =
            |address: IpAddr| words().filter_map(|word| word.parse::<IpNet>().ok()).any(|net| net.addr() == address);
        let Some(inside) = e.inside.get(name).filter(|inside| !inside.links.is_empty()) else { continue };
        for service in labfile::compose::service_addresses(&e.lab) {
            let address = service.address;
            let is_off = address.is_ipv6() && inside.is_on(DISABLE6) == Some(true);
            if gives(address) && inside.link_with(address).is_none() && !is_off {
                let length = if address.is_ipv4() { 32 } else { 128 };
                all.push(
                    Found::new(
                        format!("node {name} does not have the service's address {address}"),
                        [Break::Answer(address)],
                    )
                    .seen(format!("ip address in {name}: no {address} on lo"))
                    .remedy(format!("docker exec {name} ip address add {address}/{length} dev lo")),
                );
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::{broken, only};

    #[test]
    fn what_the_engine_gave_is_not_what_the_lab_says() {
        let e = broken(|e| {
            let docker = e.docker.as_mut().unwrap();
            let frr1 = docker.containers.iter_mut().find(|c| c.name == "frr1").unwrap();
            frr1.endpoints.get_mut("kind2").unwrap().ipv4 = Some("10.0.2.77".parse().unwrap());
            e.inside.get_mut("frr1").unwrap().links[0].addresses[0] = "10.0.2.77/24".parse().unwrap();
        });
        only(&e, "address-differs", &["frr1 has another address on network kind2", "not 10.0.2.3", "10.0.2.77"]);
    }

    #[test]
    fn what_was_taken_away_inside() {
        let e = broken(|e| {
            e.inside.get_mut("frr1").unwrap().links[0].addresses.remove(0);
        });
        only(
            &e,
            "address-missing",
            &["10.0.2.3 was taken off the link of frr1", "ip address add 10.0.2.3/24 dev eth0"],
        );
        let e = broken(|e| e.inside.get_mut("kind-worker").unwrap().links[1].addresses.clear());
        let found = crate::conclude::Diagnosis::of(&e).findings;
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0].cause, "node kind-worker does not have the service's address 203.0.113.200");
    }

    #[test]
    fn a_network_is_as_large_as_the_lab_says() {
        let e = broken(|e| e.inside.get_mut("frr1").unwrap().links[0].addresses[0] = "10.0.2.3/32".parse().unwrap());
        let words =
            ["frr1 has its address 10.0.2.3 as 10.0.2.3/32, and network kind2 is 10.0.2.0/24", "add 10.0.2.3/24"];
        only(&e, "prefix-length-differs", &words);
    }

    #[test]
    fn a_node_that_moved() {
        let e = broken(|e| {
            let bgp = e.frr.get_mut("frr1").unwrap().running.as_mut().unwrap().bgp.as_mut().unwrap();
            let node = bgp.neighbors.remove(&"10.0.1.3".parse().unwrap()).unwrap();
            bgp.neighbors.insert("10.0.1.9".parse().unwrap(), node);
        });
        only(&e, "address-moved", &["node kind-worker has the address 10.0.1.3 now", "(10.0.1.9)"]);
    }

    /// `3.0.113.200` stands at the end of `203.0.113.200`.
    #[test]
    fn a_part_of_an_address_is_another_address() {
        let e = broken(|e| {
            let other = ["3.0.113.200", "3.0.113.250"].map(|address| address.parse().unwrap());
            e.lab.pools[0].ranges[0] = labfile::AddressRange::V4Span(other[0], other[1]);
        });
        assert_eq!(super::service_address(&e, &[]), [], "no node is to have it");
    }
}
