//! Links: up, and of one size on a network.

use std::collections::BTreeMap;

use ipnet::IpNet;

use crate::check::{Check, Topic};
use crate::evidence::Evidence;
use crate::evidence::iproute::Link;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::Subject;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("interface-down", Layer::Interface, down),
    Rule::proof("ipv6-off", Layer::Interface, ipv6_off),
    Rule::proof("mtu-differs", Layer::Interface, mtu),
];

/// The links of the lab's places into the lab's networks: the place, the network's name, the link.
fn links(e: &Evidence) -> Vec<(&str, &str, &Link)> {
    let mut all = Vec::new();
    for place in e.places() {
        let Some(inside) = e.inside.get(place) else { continue };
        for network in e.networks_of(place) {
            let spec = e.lab.networks.iter().find(|own| own.name == *network);
            let ranges: Vec<IpNet> = spec.iter().flat_map(|spec| spec.subnets.iter()).collect();
            if let Some(link) = ranges.iter().find_map(|range| inside.link_into(*range)) {
                all.push((place, network.as_str(), link));
            }
        }
    }
    all
}

fn down(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(place, network, link): (&str, &str, &Link)| {
        let name = &link.name;
        let (how, remedy) = match link.up {
            false => {
                ("is down", format!("docker exec {place} ip link set {name} up; its routes went with it: ⌘ lab-up"))
            }
            true => {
                ("has no carrier: its other end, on the machine, is missing or down", format!("docker restart {place}"))
            }
        };
        Found::new(
            format!("the link {name} of {place} into network {network} {how}"),
            [Break::Attachment(place.to_owned(), network.to_owned())],
        )
        .seen(format!("ip link in {place}: {name} without {}", if link.up { "LOWER_UP" } else { "UP" }))
        .remedy(remedy)
    };
    links(e).into_iter().filter(|(_, _, link)| !link.up || !link.carrier).map(found).collect()
}

fn ipv6_off(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let dual: Vec<IpNet> = e.lab.networks.iter().filter_map(|network| network.subnets.v6.map(IpNet::from)).collect();
    let off = |place: &&str| {
        let inside = e.inside.get(*place);
        inside.and_then(|inside| inside.is_on(crate::evidence::inside::DISABLE6)) == Some(true)
    };
    let found = |place: &str| {
        let ways = dual.iter().map(|range| Break::Way(place.to_owned(), *range));
        Found::new(format!("IPv6 is turned off in {place}"), ways.chain([Break::Forwarding(place.to_owned(), false)]))
            .seen(format!("sysctl in {place}: net.ipv6.conf.all.disable_ipv6 is 1"))
            .remedy(format!("docker restart {place}: turned on again, it would still lack its addresses"))
    };
    if dual.is_empty() { Vec::new() } else { e.places().filter(off).map(found).collect() }
}

fn mtu(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut by_network: BTreeMap<&str, Vec<(&str, &Link)>> = BTreeMap::new();
    for (place, network, link) in links(e) {
        by_network.entry(network).or_default().push((place, link));
    }
    let mut all = Vec::new();
    for (network, links) in by_network {
        // What most of them have is what was meant.
        let of = |size: u32| links.iter().filter(|(_, link)| link.mtu == size).count();
        let Some(usual) = links.iter().map(|(_, link)| link.mtu).max_by_key(|size| (of(*size), *size)) else {
            continue;
        };
        for (place, link) in links.iter().filter(|(_, link)| link.mtu != usual) {
            let (name, own) = (&link.name, link.mtu);
            all.push(
                Found::new(
                    format!("the link {name} of {place} takes {own} bytes at most, the others of network {network} {usual}: larger packets get lost"),
                    [Break::Check(Topic::Containers, Subject::Container((*place).to_owned()))],
                )
                .seen(format!("ip link in {place}: {name} mtu {own}"))
                .remedy(format!("docker exec {place} ip link set {name} mtu {usual}")),
            );
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::inside::DISABLE6;
    use crate::rules::tests::{broken, only};

    fn frr1(change: impl Fn(&mut Link)) -> Evidence {
        broken(|e| change(&mut e.inside.get_mut("frr1").unwrap().links[0]))
    }

    #[test]
    fn links_that_are_wrong() {
        only(
            &frr1(|link| link.up = false),
            "interface-down",
            &["eth0 of frr1 into network kind2 is down", "ip link set eth0 up"],
        );
        only(&frr1(|link| link.carrier = false), "interface-down", &["has no carrier"]);
        only(&frr1(|link| link.mtu = 1280), "mtu-differs", &["takes 1280 bytes", "mtu 1500"]);
    }

    /// The kernel takes a link's IPv6 addresses and routes with it: they are no causes of their own.
    #[test]
    fn a_link_that_is_down_has_lost_more() {
        let e = broken(|e| {
            let inside = e.inside.get_mut("frr1").unwrap();
            inside.links[0].up = false;
            inside.links[0].addresses.truncate(1);
            inside.routes.retain(|route| route.protocol.as_deref() == Some("kernel"));
        });
        only(&e, "interface-down", &["therefore"]);
    }

    #[test]
    fn ipv6_that_is_off() {
        let e = broken(|e| drop(e.inside.get_mut("frr2").unwrap().sysctls.insert(DISABLE6.into(), "1".into())));
        only(&e, "ipv6-off", &["IPv6 is turned off in frr2"]);
    }
}
