//! Properties of every valid instance, every speaker, and every answer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use frrconf::log::LogReader;
use frrconf::model::{BfdPeer, Instance, Listen, PrefixRules};
use frrconf::values::PrefixMatch;
use frrconf::views::{BfdPeers, BgpNeighbors, BgpSummary, BgpTable, Family, RouteTable};
use ipnet::IpNet;
use proptest::prelude::*;
use support::any::{any_instance, any_speaker};
use support::files;

const KNOWN: &str = include_str!("support/known_lines.txt");

fn is_known(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    KNOWN.lines().any(|known| {
        let shape: Vec<&str> = known.split_whitespace().collect();
        shape.len() == words.len() && shape.iter().zip(&words).all(|(shape, word)| *shape == "*" || shape == word)
    })
}

/// Returns the same instance, with every list whose order means nothing in another order.
fn turned(mut instance: Instance, by: usize) -> Instance {
    fn turn<T>(list: &mut [T], by: usize) {
        if !list.is_empty() {
            list.rotate_left(by % list.len());
        }
        list.reverse();
    }
    turn(&mut instance.bfd_profiles, by);
    turn(&mut instance.bfd_peers, by);
    turn(&mut instance.static_routes, by);
    turn(&mut instance.prefix_lists, by);
    turn(&mut instance.route_maps, by);
    if let Some(bgp) = &mut instance.bgp {
        turn(&mut bgp.neighbors, by);
        turn(&mut bgp.networks, by);
    }
    instance
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_lists_does_not_matter(instance in any_instance(), by in 0usize..5) {
        prop_assert_eq!(files(instance.clone()), files(turned(instance, by)));
    }

    #[test]
    fn every_line_is_known(instance in any_instance()) {
        let files = files(instance);
        for line in files.frr_conf.lines() {
            prop_assert!(is_known(line), "{}", line);
        }
    }

    /// BFD's multihop peers have their local address, its single-hop peers and BGP's neighbors no source of their own.
    #[test]
    fn multihop_peers_have_a_local_address(instance in any_instance()) {
        let multihop = instance.bfd_peers.iter().filter(|peer| matches!(peer, BfdPeer::Multihop { .. })).count();
        let files = files(instance);
        let said = files.frr_conf.lines().filter(|line| line.contains(" multihop"));
        let said: Vec<&str> = said.filter(|line| !line.contains("password")).collect();
        prop_assert!(said.iter().all(|line| line.contains(" multihop local-address ")));
        prop_assert_eq!(said.len(), multihop);
        prop_assert!(!files.frr_conf.lines().any(|line| line.contains("update-source") && !line.contains("password")));
    }

    /// A speaker never listens, takes nothing, and sends each peer what goes to it and the session's families carry.
    #[test]
    fn a_speaker_sends_what_is_advertised_and_nothing_else(speaker in any_speaker()) {
        let instance = speaker.instance().unwrap();
        let bgp = instance.bgp.as_ref().unwrap();
        prop_assert_eq!(bgp.listen, Listen::Never);
        for peer in &speaker.peers {
            let both = peer.dual_stack_address_family;
            let carried = |prefix: &IpNet| both || prefix.addr().is_ipv4() == peer.address.is_ipv4();
            let ours = speaker.advertisements.iter().filter(|one| one.goes_to(peer.address));
            let expected: Vec<IpNet> = ours.map(|one| one.prefix).filter(carried).collect();
            let mut allowed = Vec::new();
            for family in ["ipv4", "ipv6"] {
                let name = format!("{}-allowed-{family}", peer.address);
                let list = instance.prefix_lists.iter().find(|list| list.name.as_str() == name).unwrap();
                match &list.rules {
                    PrefixRules::Ipv4(rules) => allowed.extend(rules.iter().filter_map(|rule| exactly(rule.prefixes))),
                    PrefixRules::Ipv6(rules) => allowed.extend(rules.iter().filter_map(|rule| exactly(rule.prefixes))),
                }
            }
            prop_assert_eq!(&allowed, &expected);
            prop_assert!(expected.iter().all(|prefix| bgp.networks.contains(prefix)));
        }
        let text = files(instance).frr_conf;
        let inbound = text.lines().filter(|line| line.starts_with("route-map ") && line.contains("-in "));
        prop_assert!(inbound.into_iter().all(|line| line.ends_with("-in deny 1")));
        prop_assert!(text.lines().all(is_known));
    }

    /// A log never makes its reader panic, behind a time or not.
    #[test]
    fn any_log_line_is_read_or_skipped(lines in prop::collection::vec(
        "(2026/11/25 08:09:35\\.[0-9]{0,9} BGP: (\\[X\\] )?(Tx route add |nhop \\[|10\\.0\\.1\\.3 |state-change: \\[)?)?\\PC{0,40}",
        0..20,
    )) {
        let mut reader = LogReader::default();
        prop_assert!(lines.iter().filter_map(|line| reader.take(line)).count() <= lines.len());
    }

    /// A view never panics on what vtysh could print; a cut document is refused, not misread.
    #[test]
    fn any_answer_is_read_or_refused(answer in "\\PC*", cut in any::<prop::sample::Index>()) {
        read_all(&answer);
        let whole = include_str!("fixtures/10.7.1/frr1/bgp-neighbors.json");
        let part = &whole[..cut.index(whole.trim_end().len() - 1)];
        prop_assert!(BgpNeighbors::parse(part).is_err());
        read_all(part);
    }
}

fn exactly<N: Copy + Into<IpNet>>(prefixes: PrefixMatch<N>) -> Option<IpNet> {
    match prefixes {
        PrefixMatch::Exactly(net) => Some(net.into()),
        PrefixMatch::Any | PrefixMatch::Within(_) => None,
    }
}

fn read_all(answer: &str) {
    let _ = (BgpSummary::parse(answer), BfdPeers::parse(answer), BgpNeighbors::parse(answer));
    for family in [Family::Ipv4, Family::Ipv6] {
        let _ = (BgpTable::parse(family, answer), RouteTable::parse(family, answer));
    }
}
