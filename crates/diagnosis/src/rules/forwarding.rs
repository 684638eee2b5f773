//! Passing on: the kernel's setting on routers, and what on the machine interferes with bridged packets.

use netlab::preflight::Conflict;

use super::pair::enter;
use crate::check::Check;
use crate::evidence::Evidence;
use crate::evidence::inside::{FORWARD4, FORWARD6};
use crate::evidence::procfs::Filter;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use labfile::Family;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("forwarding-off", Layer::Forwarding, off),
    Rule::proof("stale-bridge", Layer::Host, stale_bridge),
    Rule::proof("stale-masquerade", Layer::Host, stale_masquerade),
    Rule::proof("host-range", Layer::Machine, host_range),
    Rule::inference("bridge-filter", Layer::Host, bridge_filter),
    Rule::inference("reverse-path", Layer::Forwarding, reverse_path),
];

fn off(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    let gateways = e.lab.routes.iter().flat_map(|route| route.gateways.iter().map(move |gateway| (route, gateway)));
    for (route, gateway) in gateways {
        let router = gateway.router.as_str();
        let Some(inside) = e.inside.get(router) else { continue };
        for (sysctl, family) in [(FORWARD4, Family::Ipv4), (FORWARD6, Family::Ipv6)] {
            if inside.is_on(sysctl) != Some(false) || !route.leads(family) {
                continue;
            }
            let found = Found::new(
                format!("{router} does not pass on {family} packets: forwarding is turned off in it"),
                [Break::Forwarding(router.to_owned(), family == Family::Ipv4)],
            )
            .seen(format!("sysctl in {router}: {sysctl} is 0"))
            // Its own /proc/sys is read-only to a container.
            .remedy(format!(
                "docker restart {router} (it is made with --sysctl {sysctl}=1), or as root: {} sysctl -w {sysctl}=1",
                enter(router)
            ));
            if !all.contains(&found) {
                all.push(found);
            }
        }
    }
    all
}

/// A place drops what arrives on another link than the one that its own route back to the sender leaves by.
fn reverse_path(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for (place, inside) in e.places().filter_map(|place| Some((place, e.inside.get(place)?))) {
        let (strict, dropped) = (&inside.strict, inside.dropped_by_source);
        if open.is_empty() || strict.is_empty() || dropped == 0 {
            continue;
        }
        let ranges = e.lab.networks.iter().filter_map(|network| network.subnets.v4()).map(ipnet::IpNet::from);
        let ways = ranges.map(|range| Break::Way(place.to_owned(), range));
        let links: Vec<&str> = strict.iter().map(String::as_str).collect();
        all.push(
            Found::new(
                format!(
                    "{place} drops packets whose way back leaves by another link: its reverse-path filter is strict"
                ),
                ways.chain([Break::Forwarding(place.to_owned(), true)]),
            )
            .seen(format!("sysctl in {place}: rp_filter is 1 for {}", links.join(", ")))
            .seen(format!("/proc/net/netstat in {place}: IPReversePathFilter {dropped}"))
            // The greater value counts, and 2 is the loose one.
            .remedy(format!("as root: {} sysctl -w net.ipv4.conf.all.rp_filter=2", enter(place))),
        );
    }
    all
}

/// A finding of what `lab-up` would refuse, in its words.
fn of_conflicts(e: &Evidence, pick: fn(&Conflict) -> Option<&str>, what: &str) -> Vec<Found> {
    let found = |conflict: &Conflict| {
        let name = pick(conflict)?;
        let text = conflict.to_string();
        let network = name.strip_prefix("network ").unwrap_or(name);
        let (seen, remedy) = text.rsplit_once("; ").unwrap_or((&text, ""));
        Some(Found::new(format!("{what} {network}"), [Break::Network(network.to_owned())]).seen(seen).remedy(remedy))
    };
    e.host.conflicts.iter().filter_map(found).collect()
}

fn stale_bridge(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let pick: fn(&Conflict) -> Option<&str> = |conflict| match conflict {
        Conflict::StaleBridge { ours, .. } => Some(&ours.name),
        _ => None,
    };
    of_conflicts(e, pick, "a bridge that an engine left behind swallows the packets of network")
}

fn stale_masquerade(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let pick: fn(&Conflict) -> Option<&str> = |conflict| match conflict {
        Conflict::StaleMasquerade { ours, .. } => Some(&ours.name),
        _ => None,
    };
    of_conflicts(
        e,
        pick,
        "a masquerading rule that an engine left behind rewrites packets between the containers of network",
    )
}

fn host_range(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let pick: fn(&Conflict) -> Option<&str> = |conflict| match conflict {
        Conflict::Docker { ours, .. } | Conflict::HostRoute { ours, .. } | Conflict::HostAddress { ours, .. } => {
            Some(&ours.name)
        }
        _ => None,
    };
    of_conflicts(e, pick, "something else on this machine has the range of network")
}

/// Rules of the machine that drop what is bridged between the lab's containers: the kernel shows it to them.
fn bridge_filter(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    let shown = |filter: &&Filter| match filter.family {
        Family::Ipv4 => e.host.bridge_nf.ipv4,
        Family::Ipv6 => e.host.bridge_nf.ipv6,
    };
    for network in e.topology.networks() {
        let bridge = e.network(network.name.as_str()).and_then(netlab::NetworkState::bridge);
        for filter in e.host.filters.iter().filter(shown).filter(|filter| filter.drops()) {
            let setting = format!("net.bridge.bridge-nf-call-{}", filter.program());
            // What comes from another bridge by its own name is Docker's isolation, and not bridged.
            let other = filter.value("-i").is_some_and(|dev| Some(dev) != bridge.as_deref());
            let range = |word: &str| {
                word.parse::<ipnet::IpNet>().ok().or_else(|| word.parse::<std::net::IpAddr>().ok().map(Into::into))
            };
            let hit = |option: &str| {
                let named = filter.value(option).and_then(range);
                named.filter(|named| named.prefix_len() > 0 && network.ranges().any(|own| own.contains(named)))
            };
            let Some(named) = hit("-d").or_else(|| hit("-s")).filter(|_| !other) else { continue };
            let place = e.place_at(named.addr()).map_or_else(|| network.name.to_string(), str::to_owned);
            all.push(
                Found::new(
                    format!(
                        "this machine's packet filter drops what is bridged to or from {place} in network {}",
                        network.name
                    ),
                    [Break::Attachment(place, network.name.to_string())],
                )
                .seen(filter.words())
                .seen(format!("{setting} is 1, so the kernel shows it bridged packets"))
                .remedy(format!("{}, or sysctl -w {setting}=0", filter.delete())),
            );
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Topic;
    use crate::evidence::procfs;
    use crate::evidence::tests::{fail, way};
    use crate::rules::tests::{broken, only};
    use netlab::preflight::{BridgeNf, NamedRange};

    #[test]
    fn a_router_that_passes_nothing_on() {
        for (sysctl, family) in [(FORWARD4, "IPv4"), (FORWARD6, "IPv6")] {
            let e = broken(|e| {
                e.inside.get_mut("next-hop-router").unwrap().sysctls.insert(sysctl.into(), "0".into());
            });
            only(&e, "forwarding-off", &["next-hop-router does not pass on", family, sysctl]);
        }
    }

    #[test]
    fn a_filter_of_sources() {
        let strict = |dropped: u64| {
            broken(|e| {
                let inside = e.inside.get_mut("next-hop-router").unwrap();
                inside.strict.insert("eth1".into());
                inside.dropped_by_source = dropped;
                fail(e, Topic::Forwarding, way("frr1", "kind-worker", "10.0.1.3"));
            })
        };
        let words =
            ["next-hop-router drops packets whose way back", "rp_filter is 1 for eth1", "IPReversePathFilter 7"];
        only(&strict(7), "reverse-path", &words);
        assert_eq!(crate::conclude::Diagnosis::of(&strict(0)).findings, [], "strict, and nothing was dropped");
    }

    #[test]
    fn what_an_engine_left_behind() {
        let ours = || NamedRange::inside("network kind", "10.0.1.0/24".parse().unwrap());
        let dev = || "br-0123456789ab".to_owned();
        let e = broken(|e| {
            e.host.conflicts =
                vec![Conflict::StaleBridge { ours: ours(), dev: dev(), route: "10.0.1.0/24".parse().unwrap() }]
        });
        only(&e, "stale-bridge", &["swallows the packets of network kind", "ip link delete br-0123456789ab"]);
        let rule = "POSTROUTING -s 10.0.1.0/24 ! -o br-0123456789ab -j MASQUERADE".to_owned();
        let e = broken(|e| e.host.conflicts = vec![Conflict::StaleMasquerade { ours: ours(), dev: dev(), rule }]);
        only(
            &e,
            "stale-masquerade",
            &["rewrites packets between the containers of network kind", "iptables -t nat -D"],
        );
        let e = broken(|e| {
            e.host.conflicts =
                vec![Conflict::HostRoute { ours: ours(), dev: "tun0".into(), route: "10.0.1.0/24".parse().unwrap() }]
        });
        only(&e, "host-range", &["something else on this machine has the range of network kind", "tun0"]);
    }

    #[test]
    fn a_filter_for_bridged_packets() {
        let saved = "*raw\n-A PREROUTING -d 10.0.1.3/32 ! -i br-0123456789ab -j DROP\n";
        let rules = || procfs::filters(saved, Family::Ipv4);
        let shown = BridgeNf { ipv4: true, ipv6: false };
        let failing = |bridge_nf, filters| {
            broken(|e| {
                (e.host.bridge_nf, e.host.filters) = (bridge_nf, filters);
                fail(e, Topic::Forwarding, way("frr1", "kind-worker", "10.0.1.3"));
            })
        };
        let e = failing(shown, rules());
        only(
            &e,
            "bridge-filter",
            &["to or from kind-worker in network kind", "iptables -t raw -D PREROUTING -d 10.0.1.3/32"],
        );
        let six = "*raw\n-A PREROUTING -d fd00:10:0:1::3/128 ! -i br-0123456789ab -j DROP\n";
        let six = || procfs::filters(six, Family::Ipv6);
        let by_six = ["bridge-nf-call-ip6tables is 1", "ip6tables -t raw -D PREROUTING", "bridge-nf-call-ip6tables=0"];
        only(&failing(BridgeNf { ipv4: false, ipv6: true }, six()), "bridge-filter", &by_six);
        let unseen = crate::conclude::Diagnosis::of(&failing(shown, six()));
        assert!(unseen.findings.iter().all(|finding| finding.rule != "bridge-filter"), "the kernel does not show it");
        let e = broken(|e| (e.host.bridge_nf, e.host.filters) = (shown, rules()));
        assert!(crate::conclude::Diagnosis::of(&e).is_healthy(), "nothing fails");
    }
}
