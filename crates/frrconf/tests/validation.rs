//! Problems that types cannot rule out are reported with their place and the remedy.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use frrconf::model::{
    Action, Bfd, BfdPeer, Bgp, Echo, Families, Instance, Match, Neighbor, Peering, PrefixList, PrefixRules, Reach,
    RouteMap, RouteMapEntry, StaticRoute, Via,
};
use frrconf::values::{AddressPair, Distance, Ends, Hops, InterfaceName, Sequence};
use rstest::rstest;
use support::{asn, documented, everything, full_profile, instance, name};

fn bgp(instance: &mut Instance) -> &mut Bgp {
    instance.bgp.as_mut().unwrap()
}

fn neighbor(address: &str) -> Neighbor {
    Neighbor::new(address.parse().unwrap(), Peering::Internal { route_reflector_client: false })
}

fn single_hop(peer: &str) -> BfdPeer {
    BfdPeer::SingleHop { peer: peer.parse().unwrap(), interface: None, profile: None }
}

fn on_link(peer: &str, interface: &str) -> BfdPeer {
    let interface = Some(InterfaceName::new(interface).unwrap());
    BfdPeer::SingleHop { peer: peer.parse().unwrap(), interface, profile: None }
}

fn multihop(peer: &str, local: &str) -> BfdPeer {
    let path = AddressPair::new(Ends { peer: peer.parse().unwrap(), local: local.parse().unwrap() }).unwrap();
    BfdPeer::Multihop { path, profile: Some(name("bare")) }
}

fn at(place: u16) -> Sequence {
    Sequence::new(place).unwrap()
}

/// Each case spoils one place of an instance that uses everything, and gets exactly one problem.
#[rstest]
#[case::neighbor_twice(
    |i: &mut Instance| bgp(i).neighbors.push(neighbor("10.0.0.3")),
    "neighbor 10.0.0.3 is defined more than once: keep one, or rename the others"
)]
#[case::own_as(
    |i: &mut Instance| bgp(i).asn = asn(64513),
    "neighbor 10.0.0.3 is external but in our own AS 64513: make it internal, or give it another AS"
)]
#[case::no_family(
    |i: &mut Instance| bgp(i).neighbors[0].families = Families::default(),
    "neighbor 10.0.0.2 exchanges no address family: turn on IPv4, IPv6 or both"
)]
#[case::unspecified(
    |i: &mut Instance| bgp(i).neighbors.push(neighbor("0.0.0.0")),
    "neighbor 0.0.0.0: 0.0.0.0 is unspecified: give the peer's unicast address"
)]
#[case::multicast(
    |i: &mut Instance| bgp(i).neighbors.push(neighbor("ff02::5")),
    "neighbor ff02::5: ff02::5 is a multicast address: give the peer's unicast address"
)]
#[case::link_local_neighbor(
    |i: &mut Instance| bgp(i).neighbors.push(neighbor("fe80::5")),
    "neighbor fe80::5: link-local fe80::5 does not name its link: give the peer's global address"
)]
#[case::no_profile(
    |i: &mut Instance| bgp(i).neighbors[0].bfd = Some(Bfd::Profile(name("fast"))),
    "neighbor 10.0.0.2 refers to BFD profile fast, which is not defined: define it, or drop the reference"
)]
#[case::no_route_map(
    |i: &mut Instance| i.route_maps.retain(|map| map.name != name("in")),
    "neighbor 10.0.0.2 refers to route map in, which is not defined: define it, or drop the reference"
)]
#[case::no_prefix_list(
    |i: &mut Instance| i.prefix_lists.retain(|list| list.name != name("ours-4")),
    "route map out entry 10 refers to prefix list ours-4, which is not defined: define it, or drop the reference"
)]
#[case::empty_list(
    |i: &mut Instance| i.prefix_lists.push(PrefixList { name: name("none"), rules: PrefixRules::Ipv4(vec![]) }),
    "prefix list none is empty: give it an entry, or remove it and every reference to it"
)]
#[case::empty_map(
    |i: &mut Instance| i.route_maps.push(RouteMap { name: name("none"), entries: vec![] }),
    "route map none is empty: give it an entry, or remove it and every reference to it"
)]
#[case::profile_twice(
    |i: &mut Instance| i.bfd_profiles.push(full_profile()),
    "BFD profile doc-example-bfd-profile-full is defined more than once: keep one, or rename the others"
)]
#[case::entry_twice(
    |i: &mut Instance| i.route_maps[0].entries.push(RouteMapEntry::new(at(10), Action::Deny)),
    "route map entry out 10 is defined more than once: keep one, or rename the others"
)]
#[case::network_twice(
    |i: &mut Instance| bgp(i).networks.push("fd01::/128".parse().unwrap()),
    "BGP network fd01::/128 is defined more than once: keep one, or rename the others"
)]
#[case::network_host_bits(
    |i: &mut Instance| bgp(i).networks.push("10.1.2.3/24".parse().unwrap()),
    "BGP network: 10.1.2.3/24 has bits set beyond its prefix length: write 10.1.2.0/24, or a longer prefix"
)]
#[case::route_host_bits(
    |i: &mut Instance| i.static_routes.push(StaticRoute::blackhole("fd09::1/64".parse().unwrap())),
    "static route fd09::1/64 blackhole: fd09::1/64 has bits set beyond its prefix length: write fd09::/64, or a longer prefix"
)]
#[case::route_twice(
    |i: &mut Instance| i.static_routes.push(i.static_routes[0].clone()),
    "static route fd00:10:0:1::/64 fd00:10:0:2::2 is defined more than once: keep one, or rename the others"
)]
#[case::drops_and_leads(
    |i: &mut Instance| i.static_routes.push(StaticRoute::blackhole("10.0.1.0/24".parse().unwrap())),
    "static routes to 10.0.1.0/24 with the same distance both drop and forward packets: keep one kind, or give them different distances"
)]
#[case::link_local_gateway(
    |i: &mut Instance| i.static_routes.push(
        StaticRoute::new("fd09::/64".parse().unwrap(), "fe80::9".parse().unwrap()).unwrap()
    ),
    "static route fd09::/64 fe80::9: link-local fe80::9 does not name its link: name the interface"
)]
#[case::link_local_bfd(
    |i: &mut Instance| i.bfd_peers.push(single_hop("fe80::9")),
    "BFD peer fe80::9: link-local fe80::9 does not name its link: name the interface"
)]
#[case::link_local_source(
    |i: &mut Instance| i.bfd_peers.push(multihop("fd09::9", "fe80::9")),
    "BFD peer fd09::9: link-local fe80::9 does not name its link: give a global address"
)]
#[case::bfd_to_itself(
    |i: &mut Instance| i.bfd_peers.push(multihop("10.7.0.1", "10.7.0.1")),
    "BFD peer 10.7.0.1 is its own local address: give the far end's address"
)]
#[case::bfd_twice(
    |i: &mut Instance| i.bfd_peers.push(multihop("10.9.9.9", "10.0.0.1")),
    "BFD peer 10.9.9.9 is defined more than once: keep one, or rename the others"
)]
#[case::bfd_with_and_without_interface(
    |i: &mut Instance| {
        i.bfd_peers.extend([single_hop("10.0.0.5"), on_link("10.0.0.5", "eth1"), on_link("10.0.0.5", "eth2")]);
    },
    "BFD peer 10.0.0.5 is defined both with and without an interface: name the interface of each, or keep one"
)]
#[case::echo_across_routers(
    |i: &mut Instance| {
        i.bfd_profiles.iter_mut().for_each(|profile| profile.echo = Echo::On { interval: None });
        i.bfd_peers.retain(|peer| peer.profile() != Some(&name("passive")));
    },
    "BFD peer fd00::9 is multihop and its BFD profile doc-example-bfd-profile-full sends echo packets, which cannot cross a router: turn echo off, or give it another profile"
)]
fn each_problem_names_place_and_remedy(#[case] spoil: fn(&mut Instance), #[case] expected: &str) {
    let mut instance = everything::everything();
    spoil(&mut instance);
    let refusal = instance.validate().unwrap_err();
    let problems: Vec<String> = refusal.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, [expected]);
}

#[test]
fn echo_is_refused_for_a_multihop_neighbor_too() {
    let mut instance = support::variants::ebgp_router();
    instance.bfd_profiles[0].echo = Echo::On { interval: None };
    assert!(instance.validate().unwrap_err().to_string().contains("neighbor 10.0.1.3 is multihop"));
}

#[test]
fn every_problem_is_reported_at_once() {
    let mut instance = instance("frr1");
    let mut bgp = Bgp::new(asn(64500));
    bgp.neighbors.push(Neighbor {
        bfd: Some(Bfd::Profile(name("p"))),
        ..Neighbor::new(
            "10.0.0.9".parse().unwrap(),
            Peering::External { remote_as: asn(64500), reach: Reach::Multihop(Hops::MAX) },
        )
    });
    instance.bgp = Some(bgp);
    instance.route_maps.push(RouteMap {
        name: name("m"),
        entries: vec![RouteMapEntry {
            matches: Some(Match::PrefixList(name("l"))),
            ..RouteMapEntry::new(at(1), Action::Permit)
        }],
    });
    insta::assert_snapshot!(
        instance.validate().unwrap_err(),
        @"frr1: neighbor 10.0.0.9 refers to BFD profile p, which is not defined: define it, or drop the reference; route map m entry 1 refers to prefix list l, which is not defined: define it, or drop the reference; neighbor 10.0.0.9 is external but in our own AS 64500: make it internal, or give it another AS"
    );
}

#[test]
fn a_session_of_one_family_and_an_address_of_the_other_is_no_pair() {
    let ends = Ends { peer: "10.0.1.3".parse().unwrap(), local: "fd00::1".parse().unwrap() };
    let error = AddressPair::new(ends).unwrap_err();
    assert_eq!(
        error.to_string(),
        "10.0.1.3 and fd00::1 are of different address families: give two IPv4 or two IPv6 ones"
    );
    assert!(StaticRoute::new("10.0.1.0/24".parse().unwrap(), "fd00::1".parse().unwrap()).is_err());
}

/// A blackhole with a larger distance is a fallback, not a conflict.
#[test]
fn a_blackhole_of_another_distance_is_a_fallback() {
    let mut instance = everything::everything();
    let distance = Some(Distance::new(250).unwrap());
    instance.static_routes.push(StaticRoute::Ipv4 {
        to: "10.0.1.0/24".parse().unwrap(),
        via: Via::Blackhole,
        distance,
    });
    instance.validate().unwrap();
}

#[test]
fn two_paths_to_one_far_end_are_two_sessions() {
    let mut instance = everything::everything();
    instance.bfd_peers.push(multihop("10.9.9.9", "10.0.0.7"));
    instance.validate().unwrap();
}

#[test]
fn a_validated_instance_is_still_valid() {
    for (name, instance) in support::all() {
        let config = instance.validate().unwrap();
        assert_eq!(config.clone().into_instance().validate().unwrap(), config, "{name}");
    }
}

#[test]
fn daemons_run_where_they_are_needed() {
    let daemons = |instance: Instance| support::files(instance).daemons;
    let plain = daemons(instance("plain"));
    assert!(plain.contains("bgpd=no\nbfdd=no"));
    let bfd_only = daemons(documented::bfd_only("frr1", "10.0.2.3", &["10.0.1.3"], &[]));
    assert!(bfd_only.contains("bgpd=no\nbfdd=yes"));
    assert!(daemons(documented::router("frr1", "10.0.2.3")).contains("bgpd_options=\"-A 127.0.0.1\""));
    assert!(daemons(documented::node("node", "10.0.1.3")).contains("bgpd_options=\"-A 127.0.0.1 -p 0\""));
}
