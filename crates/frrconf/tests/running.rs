//! Running configurations: our own files read back, and those that a person changed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use frrconf::running::Running;
use frrconf::views::Family;
use rstest::rstest;
use support::{documented, everything, files};

#[test]
fn our_own_file_reads_back() {
    let running = Running::parse(&files(documented::router("frr1", "10.0.2.3")).frr_conf);
    let bgp = running.bgp.unwrap();
    assert_eq!((bgp.asn, bgp.router_id), (64500, Some("10.0.2.3".parse().unwrap())));
    assert!(!bgp.requires_policy && !bgp.default_ipv4 && !bgp.import_check && !bgp.shutdown);
    let node = &bgp.neighbors[&"10.0.1.3".parse().unwrap()];
    assert_eq!(bgp.remote_as(node), Some(64500));
    assert!(node.bfd && node.bfd_profile.is_some() && !node.shutdown && node.password.is_none());
    assert!(bgp.exchanges(node, Family::Ipv4) && bgp.exchanges(node, Family::Ipv6));
    assert_eq!(node.families[&Family::Ipv6].map_in.as_deref(), Some("prefer-global"));
    assert!(!running.route_maps["prefer-global"].denies_all());
}

#[test]
fn everything_reads_back() {
    let running = Running::parse(&files(everything::everything()).frr_conf);
    let bgp = running.bgp.unwrap();
    let neighbor = |address: &str| &bgp.neighbors[&address.parse().unwrap()];
    let rack = neighbor("10.0.0.2");
    assert!(rack.passive && rack.bfd && rack.port == Some(1179));
    assert_eq!(rack.password.as_ref().unwrap().reveal(), r##"!#$%&'()*+,-./:;<=>@[]^_`{}~"\"##);
    assert!(rack.families[&Family::Ipv4].reflector_client);
    assert_eq!((neighbor("10.0.0.3").ebgp_multihop, neighbor("10.0.0.4").ebgp_multihop), (Some(255), None));
    assert!(!bgp.exchanges(neighbor("fd00::7"), Family::Ipv4));
    assert_eq!(bgp.networks.len(), 2);
    let profile = &running.bfd.profiles["passive"];
    assert!(profile.passive && !profile.shutdown);
    assert_eq!(running.bfd.peers.len(), 3);
    assert!(!running.route_maps["out"].denies_all() && !running.prefix_lists["ours-4"].denies_all());
}

/// The configuration as two releases printed it after a person was there: shut down, of another AS, with maps that let
/// nothing pass.
#[rstest]
#[case("8.4.4", (8, 4))]
#[case("10.7.1", (10, 7))]
fn lines_that_a_person_typed_are_read(#[case] release: &str, #[case] version: (u16, u16)) {
    let path = format!("{}/tests/fixtures/{release}/frr1-typed/running-config.txt", env!("CARGO_MANIFEST_DIR"));
    let running = Running::parse(&std::fs::read_to_string(path).unwrap());
    assert_eq!(running.version, Some(version));
    let bgp = running.bgp.unwrap();
    let node = &bgp.neighbors[&"10.78.1.3".parse().unwrap()];
    assert!(node.shutdown && node.bfd && node.ttl_security == Some(1));
    assert_eq!((bgp.remote_as(node), node.update_source.as_deref()), (Some(64999), Some("10.78.2.3")));
    assert_eq!(node.password.as_ref().unwrap().reveal(), "another");
    assert!(!bgp.exchanges(node, Family::Ipv4) && bgp.exchanges(node, Family::Ipv6));
    let ipv6 = &node.families[&Family::Ipv6];
    assert_eq!((ipv6.map_in.as_deref(), ipv6.list_out.as_deref()), (Some("nothing"), Some("none")));
    assert_eq!(ipv6.maximum_prefix, Some(3));
    assert!(running.route_maps["nothing"].denies_all() && running.prefix_lists["none"].denies_all());
    let profile = running.bfd.profiles.values().next().unwrap();
    assert!(profile.shutdown && !profile.passive);
    assert!(!running.bfd.peers[0].own.shutdown);
    assert!(bgp.requires_policy && bgp.networks.len() == 1);
}

/// zebra, bgpd and bfdd each print their part; read one after the other or merged, they are the same.
#[test]
fn the_daemons_parts_add_up() {
    let bgpd = "frr version 10.3\nrouter bgp 64500\n neighbor 10.0.1.3 remote-as 64500\n\
                ipv6 prefix-list none seq 5 deny any\nroute-map x permit 10\n match as-path a\nroute-map x deny 20\n";
    let bfdd = "frr version 10.3\nbfd\n profile p\n  detect-multiplier 7\n peer 10.9.9.9\n";
    let zebra =
        "frr version 10.3\nipv6 prefix-list none seq 5 deny any\nroute-map x permit 10\n match interface eth0\n";
    let mut merged = Running::default();
    let mut read = Running::default();
    for part in [bgpd, bfdd, zebra] {
        merged.merge(Running::parse(part));
        read.read(part);
    }
    assert_eq!(merged, read);
    assert_eq!(merged.route_maps["x"].entries[0].matches, ["as-path a", "interface eth0"]);
    assert_eq!(merged.prefix_lists["none"].lines, ["deny any"]);
    assert!(merged.bgp.is_some() && merged.bfd.profiles.contains_key("p") && merged.bfd.peers.len() == 1);
}

/// A release candidate and a distribution's package name their release with a suffix.
#[rstest]
#[case("8.4.4", Some((8, 4)))]
#[case("10.3-dev", Some((10, 3)))]
#[case("9.0_git", Some((9, 0)))]
#[case("10", None)]
fn a_version_may_have_a_suffix(#[case] text: &str, #[case] version: Option<(u16, u16)>) {
    assert_eq!(Running::parse(&format!("frr version {text}\n")).version, version);
}

/// Releases before 7.4, and people, write prefix lists without a number.
#[test]
fn a_prefix_list_may_have_no_numbers() {
    let running = Running::parse("ip prefix-list a deny 0.0.0.0/0 le 32\nip prefix-list a permit 10.0.0.0/8\n");
    assert_eq!(running.prefix_lists["a"].lines, ["deny 0.0.0.0/0 le 32", "permit 10.0.0.0/8"]);
}
