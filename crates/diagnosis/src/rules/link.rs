//! Links: up, of one size on a network, and not held back.

use std::collections::BTreeMap;

use ipnet::IpNet;

use super::pair::enter;
use crate::check::{Check, Topic};
use crate::evidence::Evidence;
use crate::evidence::iproute::Link;
use crate::evidence::nft::Qdisc;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::Subject;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("interface-down", Layer::Interface, down),
    Rule::proof("arp-off", Layer::Interface, arp_off),
    Rule::proof("ipv6-off", Layer::Interface, ipv6_off),
    Rule::proof("mtu-differs", Layer::Interface, mtu),
    Rule::proof("link-shaped", Layer::Interface, shaped),
];

/// The links of the lab's places into the lab's networks: the place, the network's name, the link.
fn links(e: &Evidence) -> Vec<(&str, &str, &Link)> {
    let mut all = Vec::new();
    for place in e.places() {
        let Some(inside) = e.inside.get(place) else { continue };
        for network in e.networks_of(place) {
            let mut ranges = e.lab.network(network.as_str()).into_iter().flat_map(|spec| spec.subnets.iter());
            if let Some(link) = ranges.find_map(|range| inside.link_into(range)) {
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

/// A link on which nobody is asked for a MAC address, and nobody is answered.
fn arp_off(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(place, network, link): (&str, &str, &Link)| {
        let name = &link.name;
        Found::new(
            format!("the link {name} of {place} into network {network} resolves no addresses: ARP is turned off on it"),
            [Break::Attachment(place.to_owned(), network.to_owned())],
        )
        .seen(format!("ip link in {place}: {name} with NOARP"))
        .remedy(format!("docker exec {place} ip link set {name} arp on"))
    };
    links(e).into_iter().filter(|(_, _, link)| link.up && !link.arp).map(found).collect()
}

fn ipv6_off(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let dual: Vec<IpNet> = e.lab.networks.iter().filter_map(|network| network.subnets.v6().map(IpNet::from)).collect();
    let off = |place: &&str| {
        let inside = e.inside.get(*place);
        inside.and_then(|inside| inside.is_on(crate::evidence::inside::DISABLE6)) == Some(true)
    };
    let found = |place: &str| {
        let ways = dual.iter().map(|range| Break::Way(place.to_owned(), *range));
        // What it announces has no IPv6 next hop then.
        let own = e.expected.announced.iter().filter(|entry| entry.node == place && entry.prefix.addr().is_ipv6());
        let announced = own.map(|entry| Break::Announced(place.to_owned(), entry.prefix));
        let breaks = ways.chain([Break::Forwarding(place.to_owned(), false)]).chain(announced);
        Found::new(format!("IPv6 is turned off in {place}"), breaks)
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

/// Queues that keep packets back or lose them because somebody said so; the kernel's own do neither.
const SHAPERS: [&str; 10] = ["netem", "tbf", "htb", "hfsc", "cake", "red", "pfifo", "bfifo", "plug", "blackhole"];

fn shaped(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let shapes = |qdisc: &&Qdisc| {
        let always = ["netem", "plug", "blackhole"].contains(&qdisc.kind.as_str());
        always || SHAPERS.contains(&qdisc.kind.as_str()) && qdisc.dropped > 0
    };
    let mut all = Vec::new();
    for (place, network, link) in links(e) {
        let queues = e.inside.get(place).into_iter().flat_map(|inside| &inside.qdiscs);
        for Qdisc { words, dropped, .. } in queues.filter(|qdisc| qdisc.dev == link.name).filter(shapes) {
            let name = &link.name;
            all.push(
                Found::new(
                    format!("tc delays or loses packets on the link {name} of {place} into network {network}"),
                    [Break::Attachment(place.to_owned(), network.to_owned())],
                )
                .seen(format!("tc -s qdisc show in {place}: {words}, {dropped} packets dropped so far"))
                .remedy(format!("{} tc qdisc delete dev {name} root", enter(place))),
            );
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::inside::DISABLE6;
    use crate::evidence::tests::{fail, prefix};
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
        only(
            &frr1(|link| link.arp = false),
            "arp-off",
            &["eth0 of frr1 into network kind2", "ip link set eth0 arp on"],
        );
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
    fn links_that_are_held_back() {
        let with = |kind: &str, dropped: u64| {
            let printed =
                format!("qdisc {kind} 8001: dev eth0 root refcnt 2\n Sent 0 bytes 0 pkt (dropped {dropped}, )\n");
            broken(|e| e.inside.get_mut("frr1").unwrap().take("qdiscs", &printed))
        };
        let words = [
            "tc delays or loses packets on the link eth0 of frr1 into network kind2",
            "qdisc netem 8001: dev eth0 root refcnt 2, 0 packets dropped so far",
            "-n tc qdisc delete dev eth0 root",
        ];
        only(&with("netem", 0), "link-shaped", &words);
        only(&with("tbf", 3), "link-shaped", &["3 packets dropped so far"]);
        for (kind, dropped) in [("tbf", 0), ("fq_codel", 3), ("noqueue", 0)] {
            assert!(crate::conclude::Diagnosis::of(&with(kind, dropped)).is_healthy(), "{kind}");
        }
    }

    #[test]
    fn ipv6_that_is_off() {
        let e = broken(|e| drop(e.inside.get_mut("frr2").unwrap().sysctls.insert(DISABLE6.into(), "1".into())));
        only(&e, "ipv6-off", &["IPv6 is turned off in frr2"]);
        // The kernel takes addresses and routes with it.
        for (place, network) in [("frr2", "fd00:10:0:1::/64"), ("kind-worker", "fd00:10:0:2::/64")] {
            let e = broken(|e| {
                if place == "kind-worker" {
                    fail(e, Topic::Table, prefix("frr1", "fd01::/128"));
                }
                let inside = e.inside.get_mut(place).unwrap();
                inside.sysctls.insert(DISABLE6.into(), "1".into());
                inside.links.iter_mut().for_each(|link| link.addresses.retain(|net| net.addr().is_ipv4()));
                inside.routes.retain(|route| route.dst.addr().is_ipv4());
            });
            let therefore = format!("therefore {place} has no route to {network}");
            only(&e, "ipv6-off", &[&format!("IPv6 is turned off in {place}"), &therefore]);
            assert_eq!(crate::conclude::Diagnosis::of(&e).unexplained, [""; 0]);
        }
    }
}
