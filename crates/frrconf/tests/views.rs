//! The views read the answers of three releases of FRR (`fixtures/README.md`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::IpAddr;
use std::time::Duration;

use frrconf::views::{
    BfdPeers, BfdStatus, BgpDetail, BgpNeighbors, BgpState, BgpSummary, BgpTable, Family, RouteTable, ViewError,
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
        assert_eq!(family.local_as, 64500);
        let node = &family.peers[&ip("10.78.1.3")];
        assert_eq!((node.remote_as, node.prefixes_received, node.prefixes_sent), (64500, Some(1), Some(0)));
        assert!(node.messages_received > 0 && node.messages_sent > 0 && node.uptime.is_some());
    }
}

#[rstest]
fn a_bfd_session_is_up_then_down(#[values("8.4.4", "10.3", "10.7.1")] release: &str) {
    let node = ip("10.78.1.3");
    let up = BfdPeers::parse(&fixture(release, "frr1/bfd-peers.json")).unwrap();
    assert!(up.up(node) && !up.up(ip("10.78.1.9")));
    let session = up.to(node).next().unwrap();
    assert!(session.multihop && session.uptime.is_some() && session.downtime.is_none());
    assert_eq!((session.minimum_ttl, session.receive_interval), (Some(1), 300));
    assert_eq!(session.detection_time(), Some(Duration::from_millis(900)));

    let down = BfdPeers::parse(&fixture(release, "frr1-node-lost/bfd-peers.json")).unwrap();
    let session = down.to(node).next().unwrap();
    assert_eq!(session.status, BfdStatus::Down);
    assert_eq!(session.diagnostic.as_deref(), Some("control detection time expired"));
    assert!(!down.up(node) && session.downtime.is_some());
}

#[rstest]
fn a_daemon_that_does_not_run_is_named(#[values("8.4.4", "10.3", "10.7.1")] release: &str) {
    let error = BfdPeers::parse(&fixture(release, "next-hop-router/bfd-peers.json")).unwrap_err();
    assert!(matches!(error, ViewError::NoAnswer { .. }), "{error}");
}

/// The valid paths to a prefix, each with its next hop and the neighbor that it came from.
fn origins(table: &BgpTable, prefix: IpNet) -> Vec<(IpAddr, Option<IpAddr>)> {
    let valid = table.paths(prefix).iter().filter(|path| path.valid);
    valid.map(|path| (path.used().unwrap(), path.from)).collect()
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
        assert_eq!(origins(&router, prefix), [(node, Some(ip("10.78.1.3")))]);
        // Reflected with its next hop as it was.
        let between = read("next-hop-router", family);
        assert_eq!(origins(&between, prefix), [(node, Some(ip("10.78.2.3")))]);
        let speaker = read("kind-worker", family);
        let [(hop, None)] = origins(&speaker, prefix)[..] else { panic!("one path of its own") };
        assert!(hop.is_unspecified());
        assert_eq!(origins(&router, net("192.0.2.0/24")), []);
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
        assert_eq!((hops.len(), hops[0].ip), (1, Some(via)));
        assert_eq!(routes.lookup(prefix.addr()).unwrap().0, prefix);
        let [recursion] = routes.recursions(prefix).try_into().unwrap();
        assert_eq!((Some(recursion.hop), &recursion.in_use), (route.next_hops[0].ip, &[via].into()));
        assert!(!recursion.is_stale() && !recursion.is_by_default_route(), "{recursion:?}");

        let between = RouteTable::parse(family, &fixture(release, &format!("next-hop-router/{file}"))).unwrap();
        assert_eq!(between.next_hops_of(prefix).len(), 1);
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
    let resolver = || serde_json::json!({"ip": in_use, "fib": true, "active": true, "resolver": true});
    let resolving = (!in_use.is_empty()).then(resolver);
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
fn a_neighbor_names_its_state_and_the_state_of_its_bfd(#[values("8.4.4", "10.3", "10.7.1")] release: &str) {
    let up = BgpNeighbors::parse(&fixture(release, "frr1/bgp-neighbors.json")).unwrap().neighbors;
    let node = &up[&ip("10.78.1.3")];
    assert_eq!((&node.state, node.bfd.as_ref().unwrap().status.clone()), (&BgpState::Established, BfdStatus::Up));
    assert!(node.hold.is_some() && node.keepalive.is_some() && !node.waits_for_bfd(None));
    assert!(up[&ip("10.78.2.2")].bfd.is_none());

    let lost = BgpNeighbors::parse(&fixture(release, "frr1-node-lost/bgp-neighbors.json")).unwrap().neighbors;
    assert!(lost[&ip("10.78.1.3")].waits_for_bfd(None));
}

#[rstest]
fn a_path_in_detail_has_its_attributes(#[values("8.4.4", "10.7.1")] release: &str) {
    let table = BgpDetail::parse(Family::Ipv4, &fixture(release, "frr1/bgp-ipv4-detail.json")).unwrap();
    let [path] = table.used(net("203.0.113.200/32")).collect::<Vec<_>>().try_into().unwrap();
    assert_eq!((path.next_hop(), path.as_path(), path.communities().len()), (Some(ip("10.78.1.3")), "", 0));
}

/// As FRR 10.3 prints them.
#[test]
fn communities_are_numbers() {
    let table = r#"{"routes": {"203.0.113.200/32": {"prefix": "203.0.113.200/32", "paths": [
        {"aspath": {"string": "65001 64500", "length": 2}, "bestpath": {"overall": true},
         "community": {"string": "64500:1 no-export", "list": ["64500:1", "noExport"]},
         "largeCommunity": {"string": "1:2:3", "list": ["1:2:3"]}, "nexthops": [{"ip": "10.0.1.3", "used": true}]},
        {"aspath": {"string": "65002 64500"}}]}}}"#;
    let table = BgpDetail::parse(Family::Ipv4, table).unwrap();
    let [path] = table.used(net("203.0.113.200/32")).collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(path.as_path(), "65001 64500");
    assert_eq!(path.communities().into_iter().collect::<Vec<_>>(), ["64500:1", "65535:65281", "large:1:2:3"]);
}
