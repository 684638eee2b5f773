//! Static routes: equal gateways, chains, and ways that do not arrive.

use rstest::rstest;

use super::{all, lab, problems, read};
use crate::{Bfd, Hops, Lab, Overrides, ProviderName};

fn file(name: &str) -> String {
    let file = all().into_iter().find(|file| file.ends_with(name)).unwrap();
    fs_err::read_to_string(file).unwrap()
}

/// Returns `labs/two-hops.toml` with one text in place of another, which must be there.
fn two_hops(old: &str, new: &str) -> String {
    let text = file("two-hops.toml");
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

fn parsed(text: &str) -> Lab {
    read(text, &Overrides::default()).unwrap_or_else(|error| panic!("{}", super::report(&error)))
}

const BACK: &str = "[[route]]\nfrom = \"between\"\nto = \"nodes\"\nvia = \"edge\"\n";

/// A third router between the networks of the chain.
const SECOND_EDGE: &str = r#"
[[router]]
name = "edge2"
role = "forwarder"
addresses = { nodes = ["10.82.1.249", "fd00:10:82:1::f9"], between = ["10.82.2.249", "fd00:10:82:2::f9"] }
[[router]]
name = "core""#;

#[test]
fn a_list_of_one_is_one() {
    let one = two_hops("via = \"edge\"", "via = [\"edge\"]");
    assert_eq!(parsed(&one), parsed(&file("two-hops.toml")));
}

#[test]
fn several_gateways_are_next_hops_of_one_route() {
    let file = all().into_iter().find(|file| file.ends_with("leaf-spine.toml")).unwrap();
    let lab = lab(&file, ProviderName::Standalone);
    let ways = |name: &str| -> Vec<String> {
        let ways = lab.routes_at(name).flat_map(crate::Route::ways);
        ways.map(|(to, hops)| format!("{to} {hops:?}")).collect()
    };
    assert_eq!(
        ways("spine1"),
        ["10.0.11.0/24 [10.0.12.11, 10.0.12.12]", "fd00:10:0:11::/64 [fd00:10:0:12::b, fd00:10:0:12::c]"]
    );
    assert_eq!(
        ways("rack-worker"),
        ["10.0.12.0/24 [10.0.11.251, 10.0.11.252]", "fd00:10:0:12::/64 [fd00:10:0:11::fb, fd00:10:0:11::fc]"]
    );
    assert_eq!(ways("leaf1"), [""; 0], "a gateway is on both networks");
}

#[test]
fn a_chain_leads_from_router_to_router() {
    let lab = parsed(&file("two-hops.toml"));
    let to = |name: &str| -> Vec<&str> { lab.routes_at(name).map(|route| route.to.as_str()).collect() };
    assert_eq!([to("nodes-worker"), to("edge"), to("core"), to("outside")], [["far"], ["far"], ["nodes"], ["nodes"]]);
    let peer = &lab.peers[0];
    assert_eq!(peer.session.hops, Hops::Routed(2));
    let Some(Bfd::Multihop { profile, .. }) = &peer.session.bfd else { panic!("{peer:?}") };
    assert_eq!(profile.minimum_ttl, 253);
    assert_eq!(lab.bfd_profiles[0].minimum_ttl, 253, "that of MetalLB's resource");
}

/// The core's own packets leave with its address on the network between, to which nodes have no route.
#[test]
fn only_answered_pings_are_expected() {
    let lab = parsed(&file("two-hops.toml"));
    let expected = crate::compose::expected(&lab, &lab.cluster.placement);
    let pings = |from: &str, to: &str| expected.forwarding.iter().filter(|p| p.from == from && p.to == to).count();
    assert_eq!((pings("nodes-worker", "core"), pings("core", "nodes-worker")), (2, 0));
    assert_eq!((pings("nodes-worker", "outside"), pings("outside", "nodes-worker")), (2, 2));
}

/// Both edges are gateways of the nodes, and each goes on by the core.
#[test]
fn a_chain_may_begin_with_two_gateways() {
    let text =
        two_hops("\n[[router]]\nname = \"core\"", SECOND_EDGE).replace("via = \"edge\"", "via = [\"edge\", \"edge2\"]");
    let lab = parsed(&text);
    let to = |name: &str| -> Vec<&str> { lab.routes_at(name).map(|route| route.to.as_str()).collect() };
    assert_eq!([to("edge"), to("edge2"), to("core")], [["far"], ["far"], ["nodes"]]);
    assert_eq!(lab.peers[0].session.hops, Hops::Routed(2));
}

/// The family ends where a network on the way does not have it.
#[test]
fn ipv6_is_routed_where_the_whole_way_has_it() {
    let text = file("two-hops.toml")
        .replace(", \"fd00:10:82:2::/64\"", "")
        .replace(", \"fd00:10:82:2::fa\"", "")
        .replace(", \"fd00:10:82:2::fb\"", "");
    let lab = parsed(&text);
    assert!(lab.routes.iter().all(|route| route.destinations.v6().is_none()), "{:?}", lab.routes);
    let expected = crate::compose::expected(&lab, &lab.cluster.placement);
    assert!(expected.forwarding.iter().any(|ping| ping.from == "outside" && ping.address.is_ipv4()));
    assert!(expected.forwarding.iter().all(|ping| ping.from != "outside" || ping.address.is_ipv4()));
}

#[test]
fn a_given_minimum_ttl_may_be_lower() {
    let lab = parsed(&two_hops("# minimum-ttl = 253", "minimum-ttl = 250"));
    assert_eq!(lab.bfd_profiles[0].minimum_ttl, 250);
}

#[rstest]
#[case::no_way_on(
    two_hops("[[route]]\nfrom = \"between\"\nto = \"far\"\nvia = \"core\"\n", ""),
    "57:7: packets by this route end at router `edge`, which has no route to network `far` | expected a route to `far` from another network that `edge` is on"
)]
#[case::circle(
    two_hops("from = \"between\"\nto = \"far\"\nvia = \"core\"", "from = \"between\"\nto = \"far\"\nvia = \"edge2\"")
        .replacen("\n[[router]]\nname = \"core\"", SECOND_EDGE, 1),
    "packets by this route to network `far` run in a circle: `edge` → `edge2` → `edge` | expected routes that come closer"
)]
#[case::no_way_back(
    two_hops(BACK, ""),
    "67:7: packets by this route end at router `core`, which has no route to network `nodes` | expected a route to `nodes` from another network that `core` is on"
)]
#[case::nobody_answers(
    two_hops("[[route]]\nfrom = \"far\"\nto = \"nodes\"\nvia = \"core\"\n", ""),
    "56:6: packets by this route are not answered: router `outside` on network `far` has no route to network `nodes` | expected a route from `far` to `nodes`, too"
)]
#[case::not_on(
    two_hops("via = \"edge\"", "via = [\"edge\", \"core\"]"),
    "57:16: router `core` is not on network `nodes` | expected a router on network `nodes`"
)]
#[case::unknown(
    two_hops("via = \"edge\"", "via = [\"edge\", \"egde\"]"),
    "57:16: there is no router `egde` | expected one of: edge, core, outside"
)]
#[case::twice(
    two_hops("via = \"edge\"", "via = [\"edge\", \"edge\"]"),
    "57:16: router `edge` is listed twice | expected each router once"
)]
#[case::none(two_hops("via = \"edge\"", "via = []"), "57:7: a router in `via` is missing")]
#[case::wrong_type(two_hops("via = \"edge\"", "via = 7"), "57:7: expected the name of a router, or a list of names")]
#[case::wrong_name(two_hops("via = \"edge\"", "via = [\"Edge 1\"]"), "57:8: `Edge 1` is not a name")]
#[case::ttl(
    two_hops("# minimum-ttl = 253", "minimum-ttl = 254"),
    "BFD profile `two-hops` takes no packet with a TTL below 254, and a session's arrive with 253 | expected 253 or less, or none: it is known"
)]
fn a_way_that_does_not_arrive_is_refused_at_its_line(#[case] text: String, #[case] wanted: &str) {
    let found = problems(&text, &Overrides::default());
    assert!(found.iter().any(|problem| problem.contains(wanted)), "{found:#?}");
}

/// Each of two routers takes the other for the next on the way.
#[test]
fn a_circle_is_named_router_by_router() {
    let circle = r#"
[[network]]
name = "lost"
subnets = ["10.82.4.0/24"]
[[network]]
name = "beside"
subnets = ["10.82.5.0/24"]
[[router]]
name = "one"
role = "forwarder"
addresses = { between = ["10.82.2.10", "fd00:10:82:2::10"], beside = ["10.82.5.10"] }
[[router]]
name = "two"
role = "forwarder"
addresses = { between = ["10.82.2.11", "fd00:10:82:2::11"], beside = ["10.82.5.11"] }
[[route]]
from = "between"
to = "lost"
via = "one"
[[route]]
from = "beside"
to = "lost"
via = "two"
"#;
    let found = problems(&two_hops("[metallb]", &format!("{circle}[metallb]")), &Overrides::default());
    let named = |words: &str| found.iter().any(|problem| problem.contains(words));
    assert!(named("run in a circle: `one` → `two` → `one`"), "{found:#?}");
}

#[test]
fn a_session_without_any_way_is_refused() {
    let text = file("two-hops.toml");
    let (start, end) = (text.find("[[route]]").unwrap(), text.find("[metallb]").unwrap());
    let found = problems(&format!("{}{}", &text[..start], &text[end..]), &Overrides::default());
    assert!(
        found[0].contains("there are no routes in both directions between networks `nodes` and `far`"),
        "{found:#?}"
    );
}
