//! Dropped packets in a place: packet filters, policy rules, and the leftovers of a failover that was cut off.

use std::net::IpAddr;

use super::pair::{End, ends};
use crate::check::Check;
use crate::evidence::ports::ports;
use crate::evidence::procfs::Filter;
use crate::evidence::{Evidence, FAILOVER_CHAIN as CHAIN};
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use labfile::Family;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("failover-unfinished", Layer::Transport, unfinished),
    Rule::proof("port-filtered", Layer::Transport, filtered),
    Rule::proof("packets-filtered", Layer::Transport, dropped),
];

const BGP: u16 = 179;
const BFD: [u16; 2] = [3784, 4784];

/// A rule that drops, with the command that takes it away.
struct Drop<'a> {
    place: &'a str,
    family: Family,
    /// The rule itself.
    rule: &'a str,
    words: String,
    remedy: String,
    /// `true` if it is one of policy routing.
    is_policy: bool,
}

impl Drop<'_> {
    fn names(&self, port: u16) -> bool {
        ports(self.rule).iter().any(|range| range.contains(&port))
    }

    fn names_bfd(&self) -> bool {
        BFD.iter().any(|port| self.names(*port))
    }

    fn sees(&self, address: IpAddr) -> bool {
        Family::of(address) == self.family
    }
}

fn drops(e: &Evidence) -> Vec<Drop<'_>> {
    let mut all = Vec::new();
    for (place, inside) in e.places().filter_map(|place| Some((place, e.inside.get(place)?))) {
        for rule in inside.rules.iter().filter(|rule| rule.drops()) {
            let (family, program, words) = (rule.family, rule.program(), &rule.rule);
            let remedy = format!("docker exec {place} {program} delete {words}");
            all.push(Drop {
                place,
                family,
                rule: words,
                words: format!("{program}: {words}"),
                remedy,
                is_policy: true,
            });
        }
        // kube-proxy drops what is meant for services without endpoints, and what is invalid, by rules of its own.
        let of_kube = |filter: &Filter| filter.rule.split_whitespace().any(|word| word.starts_with("KUBE-"));
        let invalid = |filter: &Filter| filter.value("--ctstate").is_some_and(|s| s.split(',').any(|s| s == "INVALID"));
        let ours = inside.filters.iter().filter(|filter| filter.drops() && !filter.names(CHAIN));
        for filter in ours.filter(|filter| !of_kube(filter) && !invalid(filter)) {
            let enter = format!("nsenter -t $(docker inspect -f '{{{{.State.Pid}}}}' {place}) -n");
            let (family, rule, remedy) = (filter.family, &filter.rule, format!("{enter} {}", filter.delete()));
            all.push(Drop { place, family, rule, words: filter.words(), remedy, is_policy: false });
        }
    }
    all
}

/// Sessions whose packets pass a place, or end there.
fn passing<'a>(e: &'a Evidence, place: &'a str) -> impl Iterator<Item = End<'a>> {
    ends(e).filter(move |end| {
        let routers = || e.between(&end.near.name, end.far.address);
        end.near.name == place || end.far.name == place || routers().iter().any(|router| router == place)
    })
}

fn unfinished(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let left = |place: &str| {
        let filters = e.inside.get(place)?.filters.iter();
        let chain: Vec<&str> = filters.filter(|filter| filter.names(CHAIN)).map(|f| f.rule.as_str()).collect();
        let first = chain.first()?;
        let all = chain.contains(&format!("-A {CHAIN} -j DROP").as_str());
        let what = if all { "every packet" } else { "the packets of BGP and BFD" };
        let sessions = passing(e, place).flat_map(|end| [end.broken(), end.without_bfd()]);
        let ranges = e.lab.networks.iter().flat_map(|network| network.subnets.iter()).filter(|_| all);
        let ways = ranges.map(|range| Break::Way(place.to_owned(), range));
        Some(
            Found::new(format!("{place} drops {what}: a failover that was cut off left it so"), sessions.chain(ways))
                .seen(format!("iptables-save in {place}: {first}"))
                .remedy("⌘ lab-up"),
        )
    };
    e.places().filter_map(left).collect()
}

fn filtered(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for drop in drops(e) {
        let place = drop.place;
        let what = match (drop.names(BGP), drop.names_bfd()) {
            (false, false) => continue,
            (true, true) => "BGP and BFD packets (TCP 179, UDP 3784 and 4784)",
            (true, false) => "BGP packets (TCP port 179)",
            (false, true) => "BFD packets (UDP ports 3784 and 4784)",
        };
        let sessions: Vec<End<'_>> = passing(e, place).collect();
        let hit: Vec<Break> = sessions
            .iter()
            .filter(|end| drop.sees(end.far.address))
            .map(|end| if drop.names(BGP) { end.broken() } else { end.without_bfd() })
            .collect();
        // Where all sessions are of the other family, there are none of these packets.
        if hit.is_empty() && !sessions.is_empty() {
            continue;
        }
        let of = if drop.family == Family::Ipv6 { " over IPv6" } else { "" };
        all.push(
            Found::new(format!("{place} drops {what}{of}"), hit)
                .seen(format!("{place}: {}", drop.words))
                .remedy(drop.remedy),
        );
    }
    all
}

/// Packet filter rules that drop other packets of the lab.
fn dropped(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for drop in drops(e).into_iter().filter(|drop| !drop.is_policy) {
        if !ports(drop.rule).is_empty() {
            continue;
        }
        let ranges = e.lab.networks.iter().flat_map(|network| network.subnets.iter());
        let ranges = ranges.filter(|range| drop.sees(range.addr()));
        let ways = ranges.map(|range| Break::Way(drop.place.to_owned(), range));
        all.push(
            Found::new(format!("a packet filter in {} drops packets", drop.place), ways)
                .seen(format!("{}: {}", drop.place, drop.words))
                .remedy(drop.remedy.clone()),
        );
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Topic;
    use crate::evidence::iproute::IpRule;
    use crate::evidence::procfs;
    use crate::evidence::tests::{fail, way};
    use crate::subject::Subject;

    use crate::rules::tests::{broken, only};

    /// A place whose packet filter has some rules.
    fn filter(e: &mut Evidence, place: &str, family: Family, rules: &str) {
        let filters = procfs::filters(&format!("*filter\n{rules}\nCOMMIT\n"), family);
        e.inside.get_mut(place).unwrap().filters.extend(filters);
    }

    #[test]
    fn ports_that_are_dropped() {
        let e = broken(|e| {
            let rule = "from all ipproto tcp dport 179 blackhole".to_owned();
            e.inside.get_mut("kind-worker").unwrap().rules.push(IpRule { family: Family::Ipv4, rule });
            fail(e, Topic::Bgp, Subject::session("frr1", "kind-worker"));
        });
        only(
            &e,
            "port-filtered",
            &[
                "kind-worker drops BGP packets (TCP port 179)",
                "ip rule delete from all ipproto tcp dport 179 blackhole",
            ],
        );
        let e = broken(|e| filter(e, "frr1", Family::Ipv4, "-A INPUT -p udp -m udp --dport 4784 -j DROP"));
        only(&e, "port-filtered", &["frr1 drops BFD packets", "iptables -t filter -D INPUT -p udp"]);
        let e = broken(|e| filter(e, "frr1", Family::Ipv4, "-A FORWARD -s 10.0.1.0/24 -j DROP"));
        only(&e, "packets-filtered", &["a packet filter in frr1 drops packets"]);
    }

    /// A rule without an address shows its family by the program that printed it.
    #[test]
    fn a_rule_drops_packets_of_its_family_only() {
        let ports = "-A INPUT -p tcp -m tcp --dport 179 -j DROP";
        let e = broken(|e| filter(e, "frr1", Family::Ipv6, ports));
        assert_eq!(crate::conclude::Diagnosis::of(&e).findings, [], "all sessions are over IPv4");
        let e = crate::rules::tests::broken_in("ipv6-sessions.toml", |e| filter(e, "frr1", Family::Ipv6, ports));
        only(&e, "port-filtered", &["frr1 drops BGP packets (TCP port 179) over IPv6", "ip6tables -t filter -D INPUT"]);
        let e = broken(|e| {
            filter(e, "next-hop-router", Family::Ipv6, "-A FORWARD -j DROP");
            fail(e, Topic::Forwarding, way("frr1", "kind-worker", "10.0.1.3"));
        });
        only(&e, "packets-filtered", &["ip6tables -t filter -D FORWARD", "no cause found for 1 failed check"]);
    }

    #[test]
    fn what_a_failover_left_is_named_once() {
        let chain = format!(
            "-A INPUT -j {CHAIN}\n-A OUTPUT -j {CHAIN}\n-A {CHAIN} -p udp -m udp --dport 4784 -j DROP\n-A {CHAIN} -p tcp -m tcp --dport 179 -j DROP"
        );
        let e = broken(|e| {
            filter(e, "kind-worker", Family::Ipv4, &chain);
            filter(e, "kind-worker", Family::Ipv6, &chain);
            fail(e, Topic::Bfd, Subject::session("frr1", "kind-worker"));
        });
        only(&e, "failover-unfinished", &["kind-worker drops the packets of BGP and BFD", "⌘ lab-up", "explains"]);
        let e = broken(|e| {
            filter(e, "next-hop-router", Family::Ipv4, &format!("-A FORWARD -j {CHAIN}\n-A {CHAIN} -j DROP"));
            fail(e, Topic::Forwarding, way("frr1", "kind-worker", "10.0.1.3"));
        });
        only(&e, "failover-unfinished", &["next-hop-router drops every packet", "explains"]);
    }

    #[test]
    fn a_part_of_an_address_is_no_port() {
        let e = broken(|e| filter(e, "frr1", Family::Ipv6, "-A INPUT -s fd00:179::3/128 -j DROP"));
        only(&e, "packets-filtered", &["a packet filter in frr1 drops packets"]);
    }

    #[test]
    fn a_chain_whose_name_begins_with_drop_drops_nothing_by_itself() {
        let e = broken(|e| filter(e, "frr1", Family::Ipv4, "-A INPUT -p tcp -m tcp --dport 179 -j DROPS"));
        assert!(crate::conclude::Diagnosis::of(&e).is_healthy());
    }
}
