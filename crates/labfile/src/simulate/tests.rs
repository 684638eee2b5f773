//! The rules, one by one, on fabrics of a few speakers. Speaker `n` of a fabric has the address `10.NETWORK.0.n` on each of
//! its networks, and routes start at speakers of AS 64500.

use std::net::{IpAddr, Ipv4Addr};

use frrconf::model::BestPath;
use ipnet::{IpNet, Ipv4Net};
use rstest::rstest;

use super::*;
use crate::{Family, PerFamily};

const PREFIX: &str = "203.0.113.0/24";
const NODES: u32 = 64500;

fn prefix() -> IpNet {
    PREFIX.parse().unwrap()
}

fn ip(network: u8, speaker: usize) -> Ipv4Addr {
    Ipv4Addr::new(10, network, 0, u8::try_from(speaker).unwrap())
}

/// Makes speakers, each of an AS and on some networks. Routers know their identifiers, nodes do not.
fn fabric(speakers: &[(u32, &[u8])]) -> Fabric {
    let speaker = |(number, (asn, networks)): (usize, &(u32, &[u8]))| {
        let own = |network: &u8| (ip(*network, number).into(), Ipv4Net::new(ip(*network, 0), 24).unwrap().into());
        Speaker {
            name: number.to_string(),
            asn: *asn,
            id: (*asn != NODES).then(|| ip(9, number)),
            best_path: BestPath::USUAL,
            connected: networks.iter().map(own).collect(),
            statics: Vec::new(),
        }
    };
    Fabric { speakers: speakers.iter().enumerate().map(speaker).collect(), channels: Vec::new() }
}

impl Fabric {
    /// Adds one direction of a session on a network.
    fn channel(&mut self, network: u8, from: usize, to: usize) -> &mut Channel {
        self.channels.push(Channel {
            from,
            to,
            near: ip(network, from).into(),
            far: ip(network, to).into(),
            families: vec![Family::Ipv4],
            own: PerFamily::V4(ip(network, from)),
            to_client: false,
            from_client: false,
            origins: Vec::new(),
        });
        self.channels.last_mut().unwrap()
    }

    /// Adds the session of a node, which sends the prefix with some communities.
    fn node(mut self, network: u8, node: usize, router: usize, communities: &[&str]) -> Self {
        let communities = communities.iter().map(|community| community.parse().unwrap()).collect();
        self.channel(network, node, router).origins = vec![Origin { communities, ..Origin::new(prefix()) }];
        self
    }

    /// Adds a session between two routers, of which the second may reflect routes to the first.
    fn link(mut self, network: u8, from: usize, to: usize, reflected: bool) -> Self {
        self.channel(network, from, to).from_client = reflected;
        self.channel(network, to, from).to_client = reflected;
        self
    }

    fn with(mut self, best_path: BestPath) -> Self {
        self.speakers.iter_mut().for_each(|speaker| speaker.best_path = best_path);
        self
    }

    /// Returns a speaker's next hops, each as network and speaker, as `all` or `any`.
    fn hops(&self, at: usize) -> String {
        let Some(decision) = &run(self, prefix()).unwrap()[at] else { return "none".to_owned() };
        let hop = |hop: &IpAddr| {
            let IpAddr::V4(v4) = hop else { unreachable!("IPv4 only") };
            format!(" {}.{}", v4.octets()[1], v4.octets()[3])
        };
        let word = if decision.all { "all" } else { "any" };
        format!("{word}{}", decision.next_hops.iter().map(hop).collect::<String>())
    }
}

/// Two nodes, a router that they have sessions with, and two more of its AS.
fn inside(asn: u32) -> Fabric {
    let all: &[u8] = &[1];
    let fabric = fabric(&[(NODES, all), (NODES, all), (asn, all), (asn, all), (asn, all)]);
    fabric.node(1, 0, 2, &[]).node(1, 1, 2, &[])
}

#[rstest]
#[case::ibgp_goes_no_further(NODES, false, "none")]
#[case::unless_it_is_reflected(NODES, true, "any 1.0 1.1")]
#[case::ebgp_goes_to_all(64501, false, "any 1.0 1.1")]
fn routes_of_nodes_within_the_routers_as(#[case] asn: u32, #[case] reflected: bool, #[case] next: &str) {
    let fabric = inside(asn).link(1, 3, 2, reflected).link(1, 4, 3, false);
    assert_eq!([2, 3, 4].map(|at| fabric.hops(at)), ["all 1.0 1.1", next, "none"]);
}

/// A route that a client passes on comes back to the reflector, and stays there.
#[test]
fn reflectors_in_a_circle_come_to_rest() {
    let fabric = inside(NODES).link(1, 3, 2, true).link(1, 4, 3, true).link(1, 2, 4, true);
    assert_eq!([2, 3, 4].map(|at| fabric.hops(at)), ["all 1.0 1.1", "any 1.0 1.1", "any 1.0 1.1"]);
}

#[rstest]
#[case::on_another_network(&[2], 2, "all 2.1")]
#[case::on_the_same(&[1], 1, "all 1.0")]
fn to_another_as_the_next_hop_is_the_nearest_that_is_reached(
    #[case] networks: &[u8],
    #[case] on: u8,
    #[case] hop: &str,
) {
    let fabric = fabric(&[(NODES, &[1]), (64501, &[1, 2]), (64502, networks)]);
    assert_eq!(fabric.node(1, 0, 1, &[]).link(on, 1, 2, false).hops(2), hop);
}

#[rstest]
#[case::none("64500:1", ["all 1.0", "all 1.0", "all 2.1"])]
#[case::no_export("65535:65281", ["all 1.0", "all 1.0", "none"])]
#[case::no_export_subconfed("65535:65283", ["all 1.0", "all 1.0", "none"])]
#[case::no_advertise("65535:65282", ["all 1.0", "none", "none"])]
fn well_known_communities(#[case] community: &str, #[case] hops: [&str; 3]) {
    let fabric = fabric(&[(NODES, &[1]), (64501, &[1, 2]), (64501, &[1]), (64502, &[2])]);
    let fabric = fabric.node(1, 0, 1, &[community]).link(1, 1, 2, false).link(2, 1, 3, false);
    assert_eq!([1, 2, 3].map(|at| fabric.hops(at)), hops);
}

/// Of two borders, that of the node which goes down soon is left (RFC 8326).
#[test]
fn graceful_shutdown_lowers_the_preference_at_the_border() {
    let fabric = fabric(&[(NODES, &[1]), (NODES, &[1]), (64501, &[1])]);
    assert_eq!(fabric.node(1, 0, 2, &["65535:0"]).node(1, 1, 2, &[]).hops(2), "all 1.1");
}

/// A leaf of two hears from the spine what the other leaf sends, and prefers its own nodes.
#[rstest]
#[case::usual(BestPath::USUAL, "any 2.1 2.2")]
#[case::by_paths(BestPath::BY_PATHS, "all 2.1 2.2")]
fn leaves_of_two_ases(#[case] best_path: BestPath, #[case] spine: &str) {
    let fabric = fabric(&[(NODES, &[1]), (64501, &[1, 2]), (64502, &[1, 2]), (64510, &[2, 3]), (64520, &[3])]);
    let fabric = fabric.node(1, 0, 1, &[]).node(1, 0, 2, &[]).link(2, 1, 3, false).link(2, 2, 3, false);
    let fabric = fabric.link(3, 3, 4, false).with(best_path);
    assert_eq!([1, 2, 3, 4].map(|at| fabric.hops(at)), ["all 1.0", "all 1.0", spine, "all 3.3"]);
}

/// A reflector passes on the path of the router with the lower identifier.
#[test]
fn the_lower_identifier_is_passed_on() {
    let fabric =
        fabric(&[(NODES, &[1]), (64501, &[1, 2]), (64501, &[1, 2]), (64501, &[2]), (64501, &[2]), (NODES, &[1])]);
    let fabric = fabric.node(1, 0, 1, &[]).node(1, 5, 2, &[]);
    let fabric = fabric.link(2, 1, 3, true).link(2, 2, 3, true).link(2, 4, 3, true);
    assert_eq!([3, 4].map(|at| fabric.hops(at)), ["all 1.0 1.5", "all 1.0"]);
}

#[test]
fn local_preference_decides_first_and_only_within_an_as() {
    let preferred = |asn| {
        let mut fabric = fabric(&[(NODES, &[1]), (NODES, &[1]), (asn, &[1])]).node(1, 0, 2, &[]).node(1, 1, 2, &[]);
        fabric.channels[1].origins[0].local_preference = Some(200);
        fabric.hops(2)
    };
    assert_eq!([preferred(NODES), preferred(64501)], ["all 1.1", "all 1.0 1.1"]);
}

/// Behind a router that has one of two paths, one of which stays in its AS, nothing is certain.
#[test]
fn what_may_not_arrive_is_not_certain() {
    let fabric = fabric(&[(NODES, &[1]), (NODES, &[1]), (64501, &[1, 2]), (64502, &[2])]);
    let fabric = fabric.node(1, 0, 2, &["65535:65281"]).node(1, 1, 2, &[]).link(2, 2, 3, false);
    let decisions = run(&fabric, prefix()).unwrap();
    assert_eq!(decisions[3].as_ref().map(|decision| decision.certain), Some(false));
    assert!(decisions[2].as_ref().is_some_and(|decision| decision.certain && decision.all));
}

/// A node on another network sends by a session of several hops, and a router on this one by a session of one: zebra
/// resolves the node's address only if the node's path is the best one, which the order of arrival decides.
#[rstest]
#[case::one_behind_a_router(2, "any 1.1 2.0")]
#[case::both_on_a_connected_network(1, "all 1.0 1.1")]
fn a_session_of_one_hop_leaves_recursive_next_hops_unresolved(#[case] network: u8, #[case] hops: &str) {
    let mut fabric = fabric(&[(NODES, &[network]), (NODES, &[1]), (64501, &[1])]).node(1, 1, 2, &[]);
    let channel = fabric.channel(1, 0, 2);
    channel.near = ip(network, 0).into();
    channel.own = PerFamily::V4(ip(network, 0));
    channel.origins = vec![Origin::new(prefix())];
    assert_eq!(fabric.hops(2), hops);
}

/// Returns how the routes at a speaker end, by their neighbors.
fn fates(fabric: &Fabric, at: usize) -> Vec<(usize, Fate)> {
    let (_, considered) = explain(fabric, prefix()).unwrap().remove(at);
    considered.iter().map(|one| (one.from, one.fate)).collect()
}

/// A router with the routes of two others, one of which differs in one thing.
#[rstest]
#[case::local_preference(64501, 64501, 64501, &[(1, Some(200))], Step::LocalPreference)]
#[case::length_of_the_path(64501, 64501, 64502, &[], Step::PathLength)]
fn the_step_that_decides_is_named(
    #[case] own: u32,
    #[case] first: u32,
    #[case] second: u32,
    #[case] preferences: &[(usize, Option<u32>)],
    #[case] step: Step,
) {
    let mut fabric = fabric(&[(own, &[1]), (first, &[1]), (second, &[1])]);
    for from in [1, 2] {
        let preference = preferences.iter().find(|(at, _)| *at == from).and_then(|(_, preference)| *preference);
        fabric.channel(1, from, 0).origins = vec![Origin { local_preference: preference, ..Origin::new(prefix()) }];
    }
    let lost: Vec<Fate> = fates(&fabric, 0).into_iter().map(|(_, fate)| fate).collect();
    assert!(lost.contains(&Fate::Best) && lost.contains(&Fate::Lost(step)), "{lost:?}");
}

#[test]
fn equal_routes_are_used_together() {
    let fabric = fabric(&[(64501, &[1]), (NODES, &[1]), (NODES, &[1])]).node(1, 1, 0, &[]).node(1, 2, 0, &[]);
    assert_eq!(fates(&fabric, 0), [(1, Fate::Used), (2, Fate::Used)]);
}

/// The routes that are not lost have the next hops of the decision, and no others.
#[rstest]
#[case(inside(64501))]
#[case(inside(NODES))]
fn the_explanation_is_that_of_the_decision(#[case] fabric: Fabric) {
    for (decision, considered) in explain(&fabric, prefix()).unwrap() {
        let hops = considered.iter().filter(|one| !matches!(one.fate, Fate::Lost(_))).map(|one| one.route.next_hop);
        let hops: std::collections::BTreeSet<IpAddr> = hops.collect();
        assert_eq!(hops, decision.map(|decision| decision.next_hops).unwrap_or_default());
    }
}
