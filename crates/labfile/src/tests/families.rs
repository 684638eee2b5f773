//! Networks, nodes, routers and sessions of one family, and of both.

use camino::Utf8Path;
use proptest::prelude::*;
use rstest::rstest;

use super::{
    super::{Addresses, DOCUMENTED, Family, Lab, Overrides, ProviderName, Subnets, compose},
    lab, problems, read,
};

fn text(file: &str) -> String {
    fs_err::read_to_string(Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs").join(file)).unwrap()
}

fn of(file: &str, provider: ProviderName) -> Lab {
    lab(&Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs").join(file), provider)
}

/// Returns a file's text with another in place of one, which must be there.
fn with(file: &str, old: &str, new: &str) -> String {
    let text = text(file);
    assert!(text.contains(old), "{file} has no `{old}`");
    text.replacen(old, new, 1)
}

/// Returns the documented lab with IPv4 alone.
fn ipv4_only() -> String {
    let ipv6 = regex::Regex::new(r#", "fd[^"]*""#).unwrap();
    ipv6.replace_all(DOCUMENTED, "").replace("dual-stack = true", "")
}

#[rstest]
#[case::ipv6(of("ipv6-only.toml", ProviderName::Standalone), Family::Ipv6)]
#[case::ipv4(
    read(&ipv4_only(), &Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() }).unwrap(),
    Family::Ipv4
)]
fn a_lab_has_one_family_alone(#[case] lab: Lab, #[case] family: Family) {
    let expected = compose::expected(&lab, &lab.cluster.placement);
    assert!(expected.sessions.iter().all(|session| session.families == [family]));
    let addresses = expected.ends().map(|side| side.address);
    let pings = expected.forwarding.iter().chain(&expected.reach).map(|ping| ping.address);
    let prefixes = expected.tables.iter().map(|entry| entry.prefix.addr());
    assert!(addresses.chain(pings).chain(prefixes).all(|address| Family::of(address) == family));
    // Each router has a way to the service, each node to each router, and back.
    assert_eq!((expected.reach.len(), expected.forwarding.len()), (3, 2 * 3 * 3));
    let docker = compose::docker_lab(&lab, &lab.cluster.placement).unwrap();
    let ranges = || docker.networks().iter().flat_map(|network| network.ranges());
    assert!(ranges().all(|range| Family::of(range.addr()) == family));
    let kind = compose::kind_config(&lab).unwrap();
    assert!(kind.contains(&format!("ipFamily: {}\n", family.word())), "{kind}");
}

/// MetalLB takes one router id for all speakers.
#[test]
fn each_speaker_has_a_router_id_without_ipv4() {
    let lab = of("ipv6-only.toml", ProviderName::Kind);
    let ids: std::collections::BTreeSet<_> = lab.routers.iter().map(|router| router.id).collect();
    assert_eq!((ids.len(), lab.routers[0].id.to_string()), (3, "192.0.2.1".to_owned()));
    let files = compose::files(&lab).unwrap();
    let file = |name: &str| &files.iter().find(|(path, _)| path == name).unwrap().1;
    assert!(file("frr1/frr.conf").contains("bgp router-id 192.0.2.1\n"));
    assert_eq!(file("metallb.yaml").matches("routerID: ").count(), 2);
    let both = of("families.toml", ProviderName::Kind);
    assert!(compose::files(&both).unwrap().iter().all(|(_, text)| !text.contains("routerID")));
}

#[test]
fn router_ids_count_up() {
    let scale = with("scale.toml", "count = 100\n", "count = 3\nrouter-id = \"192.0.2.10\"\n");
    let lab = read(&scale, &Overrides::default()).unwrap();
    let counted = lab.routers.iter().filter(|router| router.name.as_str().starts_with('r'));
    let ids: Vec<String> = counted.map(|router| router.id.to_string()).collect();
    assert_eq!(ids, ["192.0.2.10", "192.0.2.11", "192.0.2.12"]);
}

#[test]
fn a_session_runs_over_the_family_that_leads_to_its_router() {
    let lab = of("families.toml", ProviderName::Standalone);
    let families: Vec<Family> = lab.peers.iter().map(|peer| peer.session.family).collect();
    assert_eq!(families, Family::ALL);
    assert_eq!(lab.links.iter().map(|link| link.session.family).collect::<Vec<_>>(), Family::ALL);
    let expected = compose::expected(&lab, &lab.cluster.placement);
    let reached: Vec<String> = expected.reach.iter().map(|ping| format!("{} {}", ping.from, ping.address)).collect();
    assert_eq!(reached, ["four 203.0.113.200", "six fd01::", "edge4 203.0.113.200", "edge6 fd01::"]);
    assert!(lab.warnings.is_empty(), "{:?}", lab.warnings);
}

/// Of two families between two ends, one is lost on a network that does not have it.
#[rstest]
#[case(&[", \"fd00:10:82:2::/64\"", ", \"fd00:10:82:2::fa\"", ", \"fd00:10:82:2::fb\""], Family::Ipv4)]
#[case(&["\"10.82.2.0/24\", ", "\"10.82.2.250\", ", "\"10.82.2.251\", "], Family::Ipv6)]
fn a_way_has_the_families_of_all_its_networks(#[case] gone: &[&str], #[case] left: Family) {
    let mut text = text("two-hops.toml");
    for part in gone {
        assert!(text.contains(part), "{part}");
        text = text.replace(part, "");
    }
    let lab = read(&text, &Overrides::default()).unwrap();
    assert!(lab.routes.iter().all(|route| route.destinations.families() == [left]), "{:?}", lab.routes);
    assert_eq!(lab.peers[0].session.family, left);
}

#[rstest]
#[case::family_of_a_peer(
    with("ipv6-only.toml", "router = \"frr1\"\nbfd", "router = \"frr1\"\nfamily = \"ipv4\"\nbfd"),
    "there are no IPv4 routes in both directions between networks `kind` and `kind2` | expected IPv4 subnets of all networks between, or family = \"ipv6\""
)]
#[case::family_of_a_peer_on_the_nodes_network(
    with("ipv6-only.toml", "router = \"frr1\"\nbfd", "router = \"next-hop-router\"\nfamily = \"ipv4\"\nbfd"),
    "router `next-hop-router` has no IPv4 address on network `kind` | expected an IPv4 subnet and address there, or family = \"ipv6\""
)]
#[case::family_of_a_neighbor(
    with("ipv6-only.toml", "{ router = \"frr2\",", "{ router = \"frr2\", family = \"ipv4\","),
    "router `frr2` has no IPv4 address on a network that `next-hop-router` is on | expected an IPv4 subnet and address there, or family = \"ipv6\""
)]
#[case::address(
    with("ipv6-only.toml", "kind2 = [\"fd00:10:0:2::4\"]", "kind2 = [\"10.0.2.4\", \"fd00:10:0:2::4\"]"),
    "10.0.2.4 is outside network `kind2` | expected an address in fd00:10:0:2::/64"
)]
#[case::no_address(
    with("families.toml", "\"10.83.1.250\", ", ""),
    "an IPv4 address (the network has IPv4) is missing | expected an IPv4 address (the network has IPv4)"
)]
#[case::pods(
    with("ipv6-only.toml", "[\"fd00:10:128::/56\"]", "[\"10.128.0.0/14\", \"fd00:10:128::/56\"]"),
    "the pods have IPv4 and the services have none | expected IPv4 for pods, services and the nodes' network, or for none"
)]
#[case::nodes(
    with(
        "ipv6-only.toml",
        "[\"fd00:10:128::/56\"]\nservices = [\"fd00:172:30::/112\"]",
        "[\"10.128.0.0/14\"]\nservices = [\"172.30.0.0/16\"]"
    ),
    "the pods have IPv4 and the nodes have none"
)]
#[case::pool(
    with("ipv6-only.toml", "[\"fd01::/128\"]", "[\"fd01::/128\", \"203.0.113.200/32\"]"),
    "the pools have IPv4 and the services have none"
)]
#[case::dynamic(
    with("ipv6-only.toml", "[\"fd00:10:0:1::/121\"]", "[\"10.0.1.0/25\"]"),
    "10.0.1.0/25 is not within network `kind` | expected a subnet within fd00:10:0:1::/64"
)]
#[case::route(
    with("families.toml", "from = \"old\"\nto = \"nodes\"", "from = \"old\"\nto = \"new\""),
    "networks `old` and `new` have no address family in common | expected a network with a subnet of a family that the other one has"
)]
#[case::native(
    with("ipv6-only.toml", "backend = \"frr-k8s\"", "backend = \"native\""),
    "the native backend has no IPv6 pools | expected backend frr or frr-k8s, or a lab without it"
)]
#[case::native_sessions(
    with("ipv6-only.toml", "backend = \"frr-k8s\"", "backend = \"native\""),
    "the native backend has no sessions over IPv6"
)]
#[case::router_id(
    with("ipv6-only.toml", "router-id = \"192.0.2.1\"", "router-id = \"fd00::1\""),
    "router id fd00::1 cannot be used here | expected an IPv4 address, such as \"10.0.1.9\""
)]
#[case::router_id_of_a_group(
    with("ipv6-only.toml", "router-id = \"192.0.2.1\"", "router-id = \"224.0.0.1\""),
    "router id 224.0.0.1 cannot be used here | expected four octets that a host can have"
)]
#[case::one_router_id_twice(
    with(
        "ipv6-only.toml",
        "kind2 = [\"fd00:10:0:2::4\"] }",
        "kind2 = [\"fd00:10:0:2::4\"] }\nrouter-id = \"192.0.2.1\""
    ),
    "`frr2` has the router id 192.0.2.1, which `frr1` has, too, in the same AS | expected another one, such as router-id"
)]
fn a_contradiction_is_refused_at_its_line(#[case] text: String, #[case] wanted: &str) {
    let overrides = Overrides { provider: Some(ProviderName::Kind), ..Overrides::default() };
    let found = problems(&text, &overrides);
    assert!(found.iter().any(|problem| problem.contains(wanted)), "{found:#?}");
}

/// Between two networks of one family lies one of the other.
#[test]
fn a_way_in_one_family_does_not_lead_through_the_other() {
    let ipv4_between = regex::Regex::new(r#"(, "fd00:10:82:2:[^"]*"|"10\.82\.[13]\.[^"]*", )"#).unwrap();
    let found = problems(&ipv4_between.replace_all(&text("two-hops.toml"), ""), &Overrides::default());
    assert!(found.iter().any(|problem| problem.contains("no address family in common")), "{found:#?}");
}

proptest! {
    #[test]
    fn a_value_of_some_families_has_what_it_was_made_of(v4: Option<u32>, v6: Option<u128>) {
        let (v4, v6) = (v4.map(std::net::Ipv4Addr::from_bits), v6.map(std::net::Ipv6Addr::from_bits));
        let made = Addresses::new(v4, v6);
        prop_assert_eq!(made.is_none(), v4.is_none() && v6.is_none());
        let Some(made) = made else { return Ok(()) };
        prop_assert_eq!((made.v4(), made.v6()), (v4, v6));
        prop_assert!(Family::ALL.iter().all(|family| made.has(*family) == made.of(*family).is_some()));
        prop_assert_eq!(made.only(&Family::ALL), Some(made));
        prop_assert_eq!(made.only(&[]), None);
        prop_assert_eq!(made.map(|v4| v4, |v6| v6), made);
        prop_assert_eq!(made.iter().count(), made.families().len());
    }

    /// Addresses of another family, which an engine may give, are left out.
    #[test]
    fn only_addresses_of_the_network_count(host in 1u8..255, other: u32) {
        let subnets = Subnets::V6("fd00:1::/64".parse().unwrap());
        let own: std::net::Ipv6Addr = format!("fd00:1::{host:x}").parse().unwrap();
        let given = [std::net::Ipv4Addr::from_bits(other).into(), own.into()];
        prop_assert_eq!(subnets.addresses(given), Some(Addresses::V6(own)));
        prop_assert_eq!(subnets.addresses([given[0]]), None);
    }
}
