//! The views read the answers of three releases of FRR (`fixtures/README.md`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::IpAddr;
use std::time::Duration;

use frrconf::views::{
    BfdCounters, BfdPeers, BfdStatus, BgpNeighbors, BgpState, BgpSummary, BgpTable, Family, RouteTable, ViewError,
};
use ipnet::IpNet;
use rstest::rstest;

fn fixture(release: &str, file: &str) -> String {
    let path = format!("{}/tests/fixtures/{release}/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn net(text: &str) -> IpNet {
    text.parse().unwrap()
}

#[rstest]
fn the_summary_names_the_established_sessions(#[values("8.4.4", "10.3", "10.7.1")] release: &str) {
    let summary = BgpSummary::parse(&fixture(release, "frr1/bgp-summary.json")).unwrap();
    assert!(summary.established(ip("10.78.1.3")) && summary.established(ip("10.78.2.2")));
    assert!(matches!(summary.state(ip("10.78.1.4")), Some(BgpState::Active | BgpState::Connect)));
    assert_eq!(summary.state(ip("10.78.1.5")), None);
    for family in [Family::Ipv4, Family::Ipv6] {
        let family = summary.family(family).unwrap();
        assert_eq!((family.local_as, family.router_id.to_string().as_str()), (64500, "10.78.2.3"));
        let node = &family.peers[&ip("10.78.1.3")];
        assert_eq!((node.remote_as, node.prefixes_received, node.prefixes_sent), (64500, Some(1), Some(0)));
        assert_eq!((node.times_established, node.times_dropped), (1, 0));
        assert!(node.messages_received > 0 && node.messages_sent > 0 && node.uptime.is_some());
        assert_eq!(node.hostname.as_deref(), Some("kind-worker"));
        assert_eq!(node.description.as_deref(), Some("the speaker on 10.78.1.3"));
    }
}

#[rstest]
fn a_bfd_session_is_up_then_down(#[values("8.4.4", "10.3", "10.7.1")] release: &str) {
    let node = ip("10.78.1.3");
    let up = BfdPeers::parse(&fixture(release, "frr1/bfd-peers.json")).unwrap();
    assert!(up.up(node) && !up.up(ip("10.78.1.9")));
    let session = up.to(node).next().unwrap();
    assert!(session.multihop && !session.passive && session.uptime.is_some() && session.downtime.is_none());
    assert_eq!((session.local, session.minimum_ttl), (Some(ip("10.78.2.3")), Some(1)));
    assert_eq!((session.receive_interval, session.transmit_interval, session.detect_multiplier), (300, 300, 3));
    assert_eq!(session.detection_time(), Some(Duration::from_millis(900)));

    let down = BfdPeers::parse(&fixture(release, "frr1-node-lost/bfd-peers.json")).unwrap();
    let session = down.to(node).next().unwrap();
    assert_eq!(session.status, BfdStatus::Down);
    assert_eq!(session.diagnostic.as_deref(), Some("control detection time expired"));
    assert!(!down.up(node) && session.downtime.is_some());
}

#[rstest]
fn counters_count(#[values("8.4.4", "10.3", "10.7.1")] release: &str) {
    let counters = BfdCounters::parse(&fixture(release, "frr1/bfd-counters.json")).unwrap();
    let node = counters.0.iter().find(|counts| counts.peer == ip("10.78.1.3")).unwrap();
    assert!(node.control_received > 0 && node.control_sent > 0);
    assert_eq!((node.ups, node.downs), (1, 0));
}

#[rstest]
fn a_daemon_that_does_not_run_is_named(#[values("8.4.4", "10.3", "10.7.1")] release: &str) {
    let error = BfdPeers::parse(&fixture(release, "next-hop-router/bfd-peers.json")).unwrap_err();
    assert!(matches!(error, ViewError::NoAnswer { .. }), "{error}");
}

#[rstest]
fn a_table_names_the_next_hops_and_the_origin(#[values("8.4.4", "10.3", "10.7.1")] release: &str) {
    let read = |router: &str, family: Family| {
        BgpTable::parse(family, &fixture(release, &format!("{router}/bgp-{}.json", family.word()))).unwrap()
    };
    for (family, prefix, node) in
        [(Family::Ipv4, "203.0.113.200/32", ip("10.78.1.3")), (Family::Ipv6, "fd01::/128", ip("fd78:10:0:1::3"))]
    {
        let prefix = net(prefix);
        let router = read("frr1", family);
        assert_eq!(router.next_hops_of(prefix), [node]);
        assert_eq!(router.best(prefix).unwrap().from, Some(ip("10.78.1.3")));
        assert_eq!(router.best(prefix).unwrap().local_preference, Some(100));
        // Reflected with its next hop as it was.
        let between = read("next-hop-router", family);
        assert_eq!(between.next_hops_of(prefix), [node]);
        assert_eq!(between.best(prefix).unwrap().from, Some(ip("10.78.2.3")));
        let speaker = read("kind-worker", family);
        assert_eq!(speaker.best(prefix).unwrap().from, None);
        assert!(speaker.next_hops_of(prefix)[0].is_unspecified());
        assert_eq!(router.next_hops_of(net("192.0.2.0/24")), [] as [IpAddr; 0]);
    }
}

#[rstest]
fn a_route_names_the_resolved_next_hop(#[values("8.4.4", "10.3", "10.7.1")] release: &str) {
    for (family, file, prefix, via) in [
        (Family::Ipv4, "ip-route.json", "203.0.113.200/32", ip("10.78.2.2")),
        (Family::Ipv6, "ipv6-route.json", "fd01::/128", ip("fd78:10:0:2::2")),
    ] {
        let prefix = net(prefix);
        let routes = RouteTable::parse(family, &fixture(release, &format!("frr1/{file}"))).unwrap();
        let route = routes.selected(prefix).unwrap();
        assert_eq!((route.protocol.as_str(), route.installed, route.distance), ("bgp", true, 200));
        assert!(route.next_hops[0].recursive && !route.next_hops[0].fib);
        let hops = routes.next_hops_of(prefix);
        assert_eq!((hops.len(), hops[0].ip, hops[0].interface.as_deref()), (1, Some(via), Some("eth0")));
        assert_eq!(routes.lookup(prefix.addr()).unwrap().0, prefix);
        let [recursion] = routes.recursions(prefix).try_into().unwrap();
        assert_eq!((Some(recursion.hop), &recursion.in_use), (route.next_hops[0].ip, &[via].into()));
        assert!(!recursion.is_stale() && !recursion.is_by_default_route(), "{recursion:?}");

        let between = RouteTable::parse(family, &fixture(release, &format!("next-hop-router/{file}"))).unwrap();
        assert_eq!(between.next_hops_of(prefix)[0].interface.as_deref(), Some("eth0"));
        assert_eq!(between.recursions(prefix), [], "it is on the next hop's network");
        let (default, route) =
            between.lookup(if prefix.addr().is_ipv4() { ip("192.0.2.1") } else { ip("2001:db8::1") }).unwrap();
        assert_eq!((default.prefix_len(), route.protocol.as_str()), (0, "kernel"));
    }
}

/// FRR 8.4 keeps a resolution by the default route when a route of the kernel, or a link, appears.
#[rstest]
#[case::as_expected("10.0.2.2", "10.0.2.2", false)]
#[case::by_default("10.0.2.1", "10.0.2.2", true)]
#[case::on_a_link("10.0.2.1", "", true)]
#[case::nowhere("", "10.0.2.2", true)]
fn a_next_hop_that_is_reached_as_before_is_stale(#[case] in_use: &str, #[case] by_table: &str, #[case] stale: bool) {
    let hop = |ip: &str| serde_json::json!({"ip": ip.parse::<IpAddr>().ok(), "fib": true, "active": true});
    let resolving = (!in_use.is_empty()).then(|| hop(in_use));
    let recursive = serde_json::json!({"ip": "10.0.1.3", "recursive": true, "active": true});
    let route = |hops: Vec<serde_json::Value>| serde_json::json!([{"protocol": "any", "selected": true, "installed": true, "nexthops": hops}]);
    let table = serde_json::json!({
        "203.0.113.200/32": route(std::iter::once(recursive).chain(resolving).collect()),
        "10.0.1.0/24": route(vec![hop(by_table)]), "0.0.0.0/0": route(vec![hop("10.0.2.1")])});
    let table = RouteTable::parse(Family::Ipv4, &table.to_string()).unwrap();
    let [recursion] = table.recursions(net("203.0.113.200/32")).try_into().unwrap();
    assert_eq!((recursion.is_stale(), recursion.is_by_default_route()), (stale, false));
}

#[rstest]
fn a_neighbor_gives_the_reason_why_it_is_down(#[values("8.4.4", "10.3", "10.7.1")] release: &str) {
    let up = BgpNeighbors::parse(&fixture(release, "frr1/bgp-neighbors.json")).unwrap().neighbors;
    let node = &up[&ip("10.78.1.3")];
    assert_eq!((&node.state, node.local), (&BgpState::Established, Some(ip("10.78.2.3"))));
    let bfd = node.bfd.as_ref().unwrap();
    assert!(bfd.status == BfdStatus::Up && bfd.multihop() && !node.held_by_bfd());
    let absent = &up[&ip("10.78.1.4")];
    assert!(absent.hostname.is_none() && absent.last_reset.is_some());
    assert!(up[&ip("10.78.2.2")].bfd.is_none());

    let lost = BgpNeighbors::parse(&fixture(release, "frr1-node-lost/bgp-neighbors.json")).unwrap().neighbors;
    let node = &lost[&ip("10.78.1.3")];
    assert!(node.held_by_bfd() && node.times_dropped == 1 && node.last_reset_ago.is_some());
}

#[test]
fn a_view_serializes_with_readable_names() {
    let summary = BgpSummary::parse(&fixture("8.4.4", "frr1-node-lost/bgp-summary.json")).unwrap();
    let node = &summary.ipv4.unwrap().peers[&ip("10.78.1.3")];
    let json = serde_json::to_value(node).unwrap();
    assert_eq!((&json["state"], &json["remote_as"]), (&"Idle".into(), &64500.into()));
    assert!(json["uptime_seconds"].is_f64());
}
