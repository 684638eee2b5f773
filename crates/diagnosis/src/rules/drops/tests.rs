//! Rules that drop packets, by whose packets they are.

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
        &["kind-worker drops BGP packets (TCP port 179)", "ip rule delete from all ipproto tcp dport 179 blackhole"],
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

/// Rules of nftables itself, which `iptables-save` does not show.
fn nft(e: &mut Evidence, place: &str, rules: &str) {
    let printed = format!("table inet own {{ # handle 1\nchain all {{ # handle 1\n{rules}\n}}\n}}\n");
    e.inside.get_mut(place).unwrap().take("nft", &printed);
}

#[test]
fn rules_of_nftables() {
    let e =
        broken(|e| nft(e, "next-hop-router", "numgen random mod 100 < 30 counter packets 5 bytes 420 drop # handle 2"));
    let words = [
        "a packet filter in next-hop-router drops a share of the packets",
        "chain all: numgen random mod 100 < 30 counter packets 5 bytes 420 drop",
        "-n nft delete rule inet own all handle 2",
    ];
    only(&e, "packets-filtered", &words);
    let e = broken(|e| nft(e, "frr1", "udp dport { 3784, 4784 } drop # handle 2"));
    only(&e, "port-filtered", &["frr1 drops BFD packets (UDP ports 3784 and 4784)", "nft delete rule"]);
}

#[test]
fn a_rule_that_both_programs_show_is_named_once() {
    let e = broken(|e| {
        filter(e, "frr1", Family::Ipv4, "[5:420] -A INPUT -m statistic --mode random --probability 0.3 -j DROP");
        let printed = "table ip filter { # handle 2\nchain INPUT { # handle 1\n\
            meta random & 2147483647 < 644245094 counter packets 5 bytes 420 drop # handle 2\n}\n}\n";
        e.inside.get_mut("frr1").unwrap().take("nft", printed);
    });
    only(
        &e,
        "packets-filtered",
        &["drops a share of the packets", "-j DROP (5 packets so far)", "iptables -t filter -D"],
    );
}

#[test]
fn what_is_invalid_is_a_cause_where_something_was_dropped() {
    let invalid = |packets: u32, fails: bool| {
        broken(|e| {
            let rule = format!("[{packets}:420] -A FORWARD -m conntrack --ctstate INVALID -j DROP");
            filter(e, "next-hop-router", Family::Ipv4, &rule);
            if fails {
                fail(e, Topic::Forwarding, way("frr1", "kind-worker", "10.0.1.3"));
            }
        })
    };
    only(&invalid(7, true), "invalid-dropped", &["next-hop-router drops packets of connections", "(7 packets so far)"]);
    for e in [invalid(0, true), invalid(7, false)] {
        assert_eq!(crate::conclude::Diagnosis::of(&e).findings, []);
    }
}
