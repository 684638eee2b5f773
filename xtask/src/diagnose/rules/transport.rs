//! TCP 179 and BFD's UDP ports: what drops them on the way.

use std::net::IpAddr;

use super::pair::{End, ends};
use crate::checks::{Check, Topic};
use crate::diagnose::evidence::{Evidence, Inside};
use crate::diagnose::finding::{Break, Found, Layer};
use crate::diagnose::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("port-filtered", Layer::Transport, filtered),
    Rule::proof("packets-filtered", Layer::Transport, dropped),
    Rule::inference("tcp-unanswered", Layer::Transport, unanswered),
    Rule::inference("neighbor-silent", Layer::Interface, silent),
];

const BGP: u16 = 179;
const BFD: [u16; 2] = [3784, 4784];

/// A packet filter's or policy rule that drops, with the command that takes it away, and the ports that it names.
struct Drop<'a> {
    place: &'a str,
    words: String,
    remedy: String,
}

fn drops(e: &Evidence) -> Vec<Drop<'_>> {
    let mut all = Vec::new();
    for place in e.places() {
        let Some(Inside { rules, filters, .. }) = e.inside.get(place) else { continue };
        for rule in rules.iter().filter(|rule| rule.drops()) {
            let remedy = format!("docker exec {place} ip rule delete {}", rule.0);
            all.push(Drop { place, words: format!("ip rule: {}", rule.0), remedy });
        }
        // kube-proxy drops what is meant for services without endpoints, and what is invalid, by rules of its own.
        let ours = |rule: &&String| {
            (rule.contains("-j DROP") || rule.contains("-j REJECT"))
                && !rule.contains("KUBE-")
                && !rule.contains("ctstate INVALID")
        };
        for rule in filters.iter().filter(ours) {
            let (table, words) = rule.split_once(": ").unwrap_or(("filter", rule));
            let enter = format!("nsenter -t $(docker inspect -f '{{{{.State.Pid}}}}' {place}) -n");
            let program = if words.contains("::") || words.contains("icmpv6") { "ip6tables" } else { "iptables" };
            let remedy = format!("{enter} {program} -t {table} {}", words.replacen("-A ", "-D ", 1));
            all.push(Drop { place, words: format!("iptables-save, table {table}: {words}"), remedy });
        }
    }
    all
}

fn names(words: &str, port: u16) -> bool {
    let port = port.to_string();
    words.split([' ', ',', ':']).any(|word| word == port)
}

/// Sessions whose packets pass a place, or end there.
fn passing<'a>(e: &'a Evidence, place: &'a str) -> impl Iterator<Item = End<'a>> {
    ends(e).filter(move |end| {
        let routers = || e.between(&end.near.name, end.far.address);
        end.near.name == place || end.far.name == place || routers().iter().any(|router| router == place)
    })
}

fn filtered(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for Drop { place, words, remedy } in drops(e) {
        let (bgp, bfd) = (names(&words, BGP), BFD.iter().any(|port| names(&words, *port)));
        if !bgp && !bfd {
            continue;
        }
        let what = match (bgp, bfd) {
            (true, true) => "BGP and BFD packets (TCP 179, UDP 3784 and 4784)",
            (true, false) => "BGP packets (TCP port 179)",
            _ => "BFD packets (UDP ports 3784 and 4784)",
        };
        let broken = passing(e, place).map(|end| if bgp { end.broken() } else { end.without_bfd() });
        all.push(Found::new(format!("{place} drops {what}"), broken).seen(format!("{place}: {words}")).mend(remedy));
    }
    all
}

/// Packet filter rules that drop other packets of the lab.
fn dropped(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for Drop { place, words, remedy } in drops(e) {
        let port = names(&words, BGP) || BFD.iter().any(|port| names(&words, *port));
        if port || words.starts_with("ip rule") || words.contains("--dport") || words.contains("--sport") {
            continue;
        }
        let ranges = e.lab.networks.iter().flat_map(|network| network.subnets.iter());
        let ways = ranges.map(|range| Break::Way(place.to_owned(), range));
        all.push(
            Found::new(format!("a packet filter in {place} drops packets"), ways)
                .seen(format!("{place}: {words}"))
                .mend(remedy),
        );
    }
    all
}

/// The opener's SYN has no answer, although pings are answered and somebody listens.
fn unanswered(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    let fails = |end: &End<'_>| open.iter().any(|check| check.topic == Topic::Bgp && check.subject == end.name());
    for end in ends(e).filter(|end| end.near.name == end.session.opener.name).filter(fails) {
        let Some(inside) = e.inside.get(&end.near.name) else { continue };
        // Where pings are lost too, it is not about the port.
        let ping = format!("{} → {} {}", end.near.name, end.far.name, end.far.address);
        if e.failed.iter().any(|check| check.topic == Topic::Forwarding && check.subject == ping) {
            continue;
        }
        let to = |address: IpAddr| {
            inside.tcp.iter().any(|s| s.is_opening() && s.remote.ip() == address && s.remote.port() == BGP)
        };
        if to(end.far.address) {
            let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
            all.push(
                Found::new(format!("{near} gets no answer from {far} on TCP port 179: its packets are dropped on the way"), [end.broken()])
                    .seen(format!("/proc/net/tcp in {near}: a connection to {address}:179 in state SYN_SENT"))
                    .mend(format!("follow them: docker exec {far} tcpdump -ni any tcp port 179; and see packet filters (nft list ruleset, tc filter show) in {near}, {far} and between")),
            );
        }
    }
    all
}

/// A neighbor on a link does not answer address resolution.
fn silent(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for place in e.places() {
        for address in e.inside.get(place).into_iter().flat_map(|inside| &inside.silent_neighbors) {
            let there = e.place_at(*address);
            let concerned = open.iter().any(|check| check.subject.contains(place));
            if !concerned || there.is_none() {
                continue;
            }
            let name = there.unwrap_or_default();
            let range = e.network_at(*address).map(ToString::to_string).unwrap_or_default();
            all.push(
                Found::new(
                    format!(
                        "{name} does not answer {place} on network {range}: its address {address} cannot be resolved"
                    ),
                    [Break::Way(place.to_owned(), (*address).into()), Break::Attachment(name.to_owned(), range)],
                )
                .seen(format!("ip neighbor in {place}: {address} is FAILED or INCOMPLETE"))
                .mend(format!("see that {name} runs and has the address: docker exec {name} ip address")),
            );
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::evidence::iproute::IpRule;
    use crate::diagnose::evidence::procfs;
    use crate::diagnose::evidence::tests::fail;
    use crate::diagnose::rules::tests::{broken, only};

    #[test]
    fn ports_that_are_dropped() {
        let e = broken(|e| {
            let rule = IpRule("from all ipproto tcp dport 179 blackhole".into());
            e.inside.get_mut("kind-worker").unwrap().rules.push(rule);
            fail(e, Topic::Bgp, "frr1 – kind-worker");
        });
        only(
            &e,
            "port-filtered",
            &[
                "kind-worker drops BGP packets (TCP port 179)",
                "ip rule delete from all ipproto tcp dport 179 blackhole",
            ],
        );
        let e = broken(|e| {
            let rule = "filter: -A INPUT -p udp -m udp --dport 4784 -j DROP".to_owned();
            e.inside.get_mut("frr1").unwrap().filters.push(rule);
        });
        only(&e, "port-filtered", &["frr1 drops BFD packets", "iptables -t filter -D INPUT -p udp"]);
        let e = broken(|e| {
            e.inside.get_mut("frr1").unwrap().filters.push("filter: -A FORWARD -s 10.0.1.0/24 -j DROP".into())
        });
        only(&e, "packets-filtered", &["a packet filter in frr1 drops packets"]);
    }

    #[test]
    fn an_answer_that_does_not_come() {
        let e = broken(|e| {
            let socket = procfs::socket("   6: 0301000A:A5EA 0302000A:00B3 02 0").unwrap();
            e.inside.get_mut("kind-worker").unwrap().tcp.push(socket);
            fail(e, Topic::Bgp, "kind-worker – frr1");
        });
        only(&e, "tcp-unanswered", &["kind-worker gets no answer from frr1 on TCP port 179", "SYN_SENT"]);
    }

    #[test]
    fn a_neighbor_that_cannot_be_resolved() {
        let e = broken(|e| {
            e.inside.get_mut("frr1").unwrap().silent_neighbors.insert("10.0.2.2".parse().unwrap());
            fail(e, Topic::Forwarding, "frr1 → next-hop-router 10.0.2.2");
        });
        only(&e, "neighbor-silent", &["next-hop-router does not answer frr1", "10.0.2.2 is FAILED"]);
    }
}
