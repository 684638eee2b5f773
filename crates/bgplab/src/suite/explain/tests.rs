use std::net::IpAddr;

use frrconf::running::Running;
use frrconf::views::{BgpNeighbors, BgpTable, Family};

use super::*;

const NODE: &str = "10.0.1.3";
const ROUTER: &str = "10.0.1.9";

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn frr(configuration: &str, neighbor: &str, state: &str, dropped: u64) -> Frr {
    let mut frr = Frr::default();
    let neighbors = format!(
        r#"{{"{neighbor}": {{"remoteAs": 64512, "localAs": 64512, "bgpState": "{state}", "connectionsDropped": {dropped},
        "lastResetDueTo": "Waiting for peer OPEN"}}}}"#
    );
    frr.neighbors = Some(BgpNeighbors::parse(&neighbors).unwrap());
    frr.running = Some(Running::parse(configuration));
    frr.knows_bgp = true;
    frr
}

fn configuration(asn: u32, neighbor: &str, rest: &[&str]) -> String {
    let lines: String = rest.iter().map(|line| format!(" neighbor {neighbor} {line}\n")).collect();
    format!("frr version 8.4\n!\nrouter bgp {asn}\n{lines}exit\n!\nend\n")
}

/// A node and a router of the suite's, with a session that is down: both ends as given.
fn pair(node: &[&str], router: &[&str], dropped: u64) -> Seen {
    Seen {
        nodes: vec![NodeSeen {
            name: "kind-worker".into(),
            addresses: vec![address(NODE)],
            frr: Some(frr(&configuration(64512, ROUTER, node), ROUTER, "Active", 0)),
        }],
        routers: vec![RouterSeen {
            name: "ebgp-multi-hop".into(),
            addresses: vec![address(ROUTER)],
            frr: frr(&configuration(4_200_000_000, NODE, router), NODE, "Active", dropped),
            has_wget: true,
            forwards_ipv6: true,
        }],
        peers: vec![PeerView {
            name: "ebgp-multi-hop0".into(),
            address: ROUTER.into(),
            peer_asn: 4_200_000_000,
            my_asn: 64512,
            dual_stack: false,
            bfd_profile: None,
            ebgp_multi_hop: true,
            selects_nodes: false,
        }],
        ..Seen::default()
    }
}

fn service(families: &[&str], addresses: &[&str]) -> Balanced {
    Balanced {
        namespace: "bgp-1".into(),
        name: "external-local-lb".into(),
        addresses: addresses.iter().map(|text| address(text)).collect(),
        families: families.iter().map(|family| (*family).to_owned()).collect(),
        class: None,
        pool: None,
        local: false,
        labels: [].into(),
    }
}

const GOOD: [&str; 2] = ["remote-as 4200000000", "password ebgp-test"];
const BACK: [&str; 2] = ["remote-as 64512", "password ebgp-test"];

#[test]
fn different_passwords_are_named() {
    let seen = pair(&GOOD, &["remote-as 64512", "password wrong"], 0);
    assert_eq!(reasons(&seen), ["ebgp-multi-hop has another password for kind-worker than the other end"]);
    let seen = pair(&GOOD, &["remote-as 64512"], 0);
    assert_eq!(reasons(&seen), ["kind-worker uses a password with ebgp-multi-hop, which has none"]);
}

#[test]
fn a_node_that_does_not_reach_a_router_is_named_first() {
    let mut seen = pair(&GOOD, &["remote-as 64512", "password wrong"], 0);
    assert_eq!(seen.pings(), [("kind-worker".to_owned(), address(ROUTER))]);
    seen.unanswered = seen.pings();
    assert_eq!(reasons(&seen), ["kind-worker cannot reach ebgp-multi-hop: no answer to a ping of 10.0.1.9"]);
}

#[test]
fn a_router_between_that_does_not_forward_is_named() {
    let mut seen = pair(&GOOD, &BACK, 0);
    seen.nodes[0].addresses.push(address("fd00::3"));
    seen.routers[0].addresses.push(address("fc00::2"));
    seen.peers[0].address = "fc00::2".into();
    let both = ["fd00::6", "fc00::6"].map(address).into();
    seen.routers.push(RouterSeen {
        name: "ebgp-single-hop".into(),
        addresses: both,
        has_wget: true,
        ..RouterSeen::default()
    });
    seen.unanswered = seen.pings();
    let reasons = reasons(&seen);
    assert!(
        reasons[0].contains("a ping of fc00::2; ebgp-single-hop, which is between, does not forward IPv6"),
        "{reasons:?}"
    );
}

#[test]
fn both_ends_are_compared() {
    assert_eq!(reasons(&pair(&GOOD, &[], 0)), ["ebgp-multi-hop is not configured for kind-worker"]);
    assert_eq!(
        reasons(&pair(&[], &BACK, 0)),
        ["kind-worker is not configured for ebgp-multi-hop yet: MetalLB has BGPPeer ebgp-multi-hop0"]
    );
    let other = pair(&GOOD, &["remote-as 64513", "password ebgp-test"], 0);
    assert_eq!(reasons(&other), ["ebgp-multi-hop expects AS 64513 of kind-worker, which has 64512"]);
}

#[test]
fn a_known_cause_and_else_the_state() {
    let reset = reasons(&pair(&GOOD, &BACK, 3));
    assert!(reset[0].starts_with("ebgp-multi-hop lost its session with kind-worker 3 times"), "{reset:?}");
    assert!(reset[0].contains("FRR #14242"));
    assert_eq!(
        reasons(&pair(&GOOD, &BACK, 0)),
        ["ebgp-multi-hop's session with kind-worker is Active, last ended by: Waiting for peer OPEN"]
    );
}

#[test]
fn what_is_true_of_several_nodes_is_said_once() {
    let mut seen = pair(&GOOD, &["remote-as 64512"], 0);
    seen.routers[0].frr.running = Some(Running::parse("router bgp 4200000000\nexit\n"));
    seen.nodes.push(NodeSeen {
        name: "kind-worker2".into(),
        addresses: vec![address("10.0.1.4")],
        ..NodeSeen::default()
    });
    assert_eq!(reasons(&seen), ["ebgp-multi-hop is not configured for kind-worker and kind-worker2"]);
}

#[test]
fn a_router_that_is_gone_is_named() {
    let mut seen = pair(&GOOD, &BACK, 0);
    seen.routers.clear();
    assert_eq!(reasons(&seen), ["BGPPeer ebgp-multi-hop0 is at 10.0.1.9, where no router of the suite's runs"]);
    assert!(seen.sessions().is_empty());
}

#[test]
fn services_without_an_address_say_why() {
    let pool = |range: &str| PoolView { name: "bgp-test".into(), addresses: vec![range.into()], auto_assign: true };
    let of = |pools: Vec<PoolView>, words: Option<&str>| {
        let services = vec![(service(&["IPv4"], &[]), words.map(str::to_owned))];
        reasons(&Seen { pools, services, ..Seen::default() }).join("; ")
    };
    let held = "Failed to allocate IP for \"bgp-1/external-local-lb\": can't change sharing key for \
                \"bgp-1/external-local-lb\", address also in use by default/taker";
    assert!(of(vec![pool("192.168.10.0/24")], Some(held)).contains("another service has it, default/taker"));
    assert!(of(vec![pool("fc00::/124")], None).contains("is of IPv4 alone, and no pool has an address of it"));
    assert!(of(vec![pool("192.168.10.0/24")], Some("no available IPs")).ends_with("(MetalLB: no available IPs)"));
    assert!(of(vec![pool("192.168.10.0/24")], None).ends_with("the controller has not said why"));
}

#[test]
fn an_address_that_a_router_lacks_is_named_once_its_sessions_are_up() {
    let mut seen = pair(&GOOD, &BACK, 0);
    seen.services.push((service(&["IPv4"], &["192.168.10.0"]), None));
    let router = &mut seen.routers[0].frr;
    router.neighbors = frr(&configuration(1, NODE, &[]), NODE, "Established", 0).neighbors;
    router.bgp.insert(Family::Ipv4, BgpTable::default());
    assert_eq!(
        reasons(&seen),
        ["192.168.10.0 of service bgp-1/external-local-lb is not in the BGP table of ebgp-multi-hop"]
    );
    seen.routers[0].has_wget = false;
    assert!(reasons(&seen)[1].starts_with("ebgp-multi-hop without wget"));
}
