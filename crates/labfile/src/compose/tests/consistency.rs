//! The expected state agrees with the nodes' configuration, for any families, pools and peers of a lab file.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;
use rstest::rstest;

use super::*;
use crate::{DOCUMENTED, Family};

/// Returns the prefixes after these words at the beginning of a line.
fn prefixes(text: &str, words: &str) -> BTreeSet<IpNet> {
    let words: Vec<&str> = words.split(' ').collect();
    let rest = |line: &str| -> Option<IpNet> {
        let line: Vec<&str> = line.split_whitespace().collect();
        line.strip_prefix(words.as_slice())?.last()?.parse().ok()
    };
    text.lines().filter_map(rest).collect()
}

/// Returns the prefixes that a node sends to a neighbor, by family.
fn allowed(text: &str, neighbor: IpAddr) -> BTreeMap<Family, BTreeSet<IpNet>> {
    let of = |ip: &str, family: &str| prefixes(text, &format!("{ip} prefix-list {neighbor}-allowed-{family} seq"));
    [(Family::Ipv4, of("ip", "ipv4")), (Family::Ipv6, of("ipv6", "ipv6"))].into()
}

/// Compares every part of the expected state with the configuration of nodes and routers.
pub(super) fn check(lab: &Lab) -> Expected {
    let (nodes, configured) = (known_nodes(lab), texts(lab));
    let expected = expected(lab, nodes);
    for node in nodes {
        let own = expected.announced.iter().filter(|entry| entry.node == node.name && entry.by);
        assert_eq!(
            own.map(|entry| entry.prefix).collect::<BTreeSet<_>>(),
            prefixes(&configured[&node.name], "network")
        );
    }
    let mut learned: BTreeMap<(&str, IpNet), BTreeSet<IpAddr>> = BTreeMap::new();
    for session in expected.sessions.iter().filter(|session| session.peer.is_some()) {
        let allowed = allowed(&configured[&session.opener.name], session.answerer.address);
        let counts = session.families.iter().map(|family| (*family, allowed[family].len() as u64)).collect();
        assert_eq!(session.advertised, Some(counts), "{session:?}");
        let addresses = nodes.iter().find(|node| node.name == session.opener.name).unwrap().addresses;
        for (family, prefixes) in allowed.iter().filter(|(family, _)| session.families.contains(family)) {
            for (prefix, hop) in prefixes.iter().filter_map(|prefix| Some((prefix, addresses.of(*family)?))) {
                learned.entry((session.answerer.name.as_str(), *prefix)).or_default().insert(hop);
            }
        }
    }
    let is_node = |name: &String| nodes.iter().any(|node| node.name == *name);
    let (of_nodes, passed_on): (Vec<_>, Vec<_>) =
        expected.tables.iter().partition(|entry| entry.learned_from.iter().all(is_node));
    let of_nodes = of_nodes.into_iter().map(|entry| {
        let NextHops::All(hops) = &entry.next_hops else { panic!("{entry:?}") };
        ((entry.router.as_str(), entry.prefix), hops.clone())
    });
    assert_eq!(of_nodes.collect::<BTreeMap<_, _>>(), learned);
    for entry in passed_on {
        let knows = |name: &String| {
            expected.tables.iter().any(|other| other.router.as_str() == name && other.prefix == entry.prefix)
        };
        assert!(entry.learned_from.iter().all(knows), "{entry:?}");
    }
    let knows = |router: &str, address| {
        expected.tables.iter().any(|entry| entry.router.as_str() == router && entry.prefix.contains(&address))
    };
    for ping in &expected.reach {
        assert!(knows(&ping.from, ping.address), "{ping:?}");
    }
    expected
}

pub(super) fn standalone(text: &str) -> Lab {
    let overrides = Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() };
    tests::read(text, &overrides).unwrap_or_else(|error| panic!("{error:?}"))
}

pub(super) fn documented_with(old: &str, new: &str) -> Lab {
    assert!(DOCUMENTED.contains(old), "{old}");
    standalone(&DOCUMENTED.replace(old, new))
}

/// Returns the documented lab without any IPv6 address.
fn ipv4_only() -> String {
    let mut text = DOCUMENTED.to_owned();
    while let Some(at) = text.find(", \"fd") {
        let end = at + 3 + text[at + 3..].find('"').unwrap();
        text.replace_range(at..=end, "");
    }
    text
}

#[test]
fn of_every_lab_file() {
    for lab in standalone_labs() {
        check(&lab);
    }
}

/// The default is one family, that of the session's addresses.
#[test]
fn without_dual_stack_only_one_family_is_expected() {
    let expected = check(&documented_with("dual-stack = true", ""));
    assert!(!expected.announced.is_empty() && !expected.tables.is_empty() && !expected.reach.is_empty());
    assert!(expected.announced.iter().all(|entry| entry.prefix.addr().is_ipv4()));
    assert!(expected.tables.iter().all(|entry| entry.prefix.addr().is_ipv4()));
    assert!(expected.reach.iter().all(|ping| ping.address.is_ipv4()));
}

#[rstest]
#[case::of_ipv4("\"203.0.113.200/32\"", true)]
#[case::of_ipv6("\"fd01::/128\"", false)]
fn a_pool_of_one_family(#[case] pool: &str, #[case] v4: bool, #[values("dual-stack = true", "")] families: &str) {
    let text = DOCUMENTED.replace("\"203.0.113.200/32\", \"fd01::/128\"", pool).replace("dual-stack = true", families);
    let expected = check(&standalone(&text));
    // Without both families an IPv6 pool reaches nobody.
    let routers = if v4 || !families.is_empty() { 3 } else { 0 };
    assert_eq!((expected.tables.len(), expected.reach.len()), (routers, routers));
    assert!(expected.tables.iter().all(|entry| entry.prefix.addr().is_ipv4() == v4));
}

#[rstest]
fn a_lab_without_ipv6(#[values("dual-stack = true", "")] families: &str) {
    let expected = check(&standalone(&ipv4_only().replace("dual-stack = true", families)));
    assert_eq!((expected.tables.len(), expected.reach.len()), (3, 3));
    assert!(expected.forwarding.iter().all(|ping| ping.address.is_ipv4()));
}

#[test]
fn a_router_that_is_not_a_peer_does_not_learn() {
    let lab = documented_with("# peers = [\"doc-example-peer\"]", "peers = [\"doc-example-peer\"]");
    let expected = check(&lab);
    let worker = &texts(&lab)["kind-worker"];
    assert!(worker.contains("ip prefix-list 10.0.2.4-allowed-ipv4 seq 5 deny any"), "{worker}");
    let routers: BTreeSet<_> = expected.tables.iter().map(|entry| entry.router.as_str()).collect();
    assert_eq!(routers, ["frr1", "next-hop-router"].into());
    assert_eq!(expected.reach.len(), 4);
}

/// Routers that learn it do not pass it on, so the router between has no route to the address.
#[test]
fn no_advertise_is_not_passed_on() {
    let expected = check(&documented_with("# communities = [\"64500:100\"]", "communities = [\"65535:65282\"]"));
    let routers: BTreeSet<_> = expected.tables.iter().map(|entry| entry.router.as_str()).collect();
    assert_eq!((routers, expected.reach.len()), (["frr1", "frr2"].into(), 0));
}

#[test]
fn without_an_announcement_nothing_is_learned() {
    let lab = documented(ProviderName::Standalone);
    let observed = Observed { announces: &|_, _| false, addresses: &|_| Vec::new() };
    let expected = expected_of(&lab, known_nodes(&lab), observed);
    assert!(expected.tables.is_empty() && expected.reach.is_empty());
    assert!(expected.announced.iter().all(|entry| !entry.by));
}

/// Every field that the documented file offers in a comment can be enabled, except for those that need another provider or
/// a real value, or contradict the rest of the file.
#[test]
fn every_offer_of_the_documented_file_is_consistent() {
    const NOT_ALONE: [&str; 17] = [
        "kubeconfig",
        "context",
        "checkout",
        "file",
        "url",
        "password",
        "role",
        "echo-mode",
        "echo-interval",
        // Of nodes and of one peer of two: see `selection` and `node_end`.
        "name",
        "labels",
        "node-selectors",
        "my-asn",
        "source-address",
        "router-id",
        "disable-mp",
        "password-secret",
    ];
    let mut offered = BTreeSet::new();
    let mut is_of_a_table = false;
    for line in DOCUMENTED.lines() {
        // Those of a table that is itself a comment are nothing alone: see `services`, `selection`.
        is_of_a_table = line.starts_with("# [[") || (is_of_a_table && line.starts_with("# "));
        if is_of_a_table {
            continue;
        }
        let Some((key, _)) = line.strip_prefix("# ").and_then(|rest| rest.split_once(" = ")) else { continue };
        let is_key = key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if is_key && !NOT_ALONE.contains(&key) {
            check(&documented_with(line, &line[2..]));
            offered.insert(key);
        }
    }
    assert!(offered.contains("communities") && offered.contains("mtu") && offered.len() > 9, "{offered:?}");
}
