//! Services and allocations that are refused, each at its line.

use rstest::rstest;

use super::{
    super::Overrides,
    problems, read, report,
    services::{ALLOCATED, POOLS, service, with},
};

#[rstest]
#[case::two_of_a_name(service("a", "") + &service("a", "pool = \"fixed\""))]
#[case::digit(service("1a", ""))]
#[case::no_ports(service("a", "ports = []"))]
#[case::number(service("a", "ports = [80]"))]
#[case::port(service("a", "ports = [\"80\"]"))]
#[case::port_twice(service("a", "ports = [\"80/TCP\", \"53/UDP\", \"80/TCP\"]"))]
#[case::outside_every_pool(service("a", "addresses = [\"203.0.113.9\"]"))]
#[case::outside_its_pool(service("a", "pool = \"fixed\"\naddresses = [\"203.0.113.1\"]"))]
#[case::of_two_pools(service("a", "addresses = [\"192.0.2.1\", \"fd01::1\"]"))]
#[case::no_key(service("a", "addresses = [\"192.0.2.1\"]") + &service("b", "addresses = [\"192.0.2.1\"]\nsharing-key = \"k\""))]
#[case::one_port(service("a", "addresses = [\"192.0.2.1\"]\nsharing-key = \"k\"") + &service("b", "addresses = [\"192.0.2.1\"]\nsharing-key = \"k\""))]
#[case::local_pods(service("a", "addresses = [\"192.0.2.1\"]\nsharing-key = \"k\"") + &service("b", "addresses = [\"192.0.2.1\"]\nsharing-key = \"k\"\nports = [\"81/TCP\"]\nexternal-traffic-policy = \"Local\""))]
#[case::taken_before(service("a", "") + &service("b", "addresses = [\"203.0.113.0\"]"))]
#[case::full((1..=5).map(|n| service(&format!("s{n}"), "pool = \"fixed\"")).collect::<String>())]
#[case::family_of_the_pool(service("a", "pool = \"fixed\"\nip-family-policy = \"RequireDualStack\""))]
#[case::two_families_of_one(service("a", "ip-family-policy = \"SingleStack\"\nfamilies = [\"ipv4\", \"ipv6\"]"))]
#[case::family_twice(service("a", "families = [\"ipv4\", \"ipv4\"]"))]
#[case::half_of_dual_stack(service("a", "addresses = [\"203.0.113.5\"]\nip-family-policy = \"PreferDualStack\""))]
#[case::runs_nowhere(service("a", "node-selector = { rack = \"a\" }"))]
#[case::app_label(service("a", "labels = { app = \"b\" }"))]
#[case::unknown_field(service("a", "port = 80"))]
fn what_metallb_or_kubernetes_would_refuse_is_refused(#[case] tables: String) {
    snapshot(&with(POOLS, &tables));
}

#[rstest]
#[case::other_namespace(service("a", "pool = \"late\""))]
#[case::other_label(service("a", "namespace = \"shop\"\npool = \"shop\""))]
#[case::address_of_others(service("a", "addresses = [\"198.51.100.1\"]"))]
#[case::no_family_anywhere(service("a", "families = [\"ipv6\"]"))]
fn pools_for_others_are_refused(#[case] tables: String) {
    snapshot(&with(ALLOCATED, &tables));
}

#[rstest]
#[case::not_automatic("auto-assign = false", "")]
#[case::two_alike("", "[[pool]]\nname = \"other\"\naddresses = [\"198.51.100.0/28\"]\n")]
#[case::priority("service-allocation = { priority = 0 }", "")]
#[case::namespace_twice("service-allocation = { namespaces = [\"shop\", \"shop\"] }", "")]
fn services_without_a_pool_of_their_own_are_refused(#[case] fields: &str, #[case] others: &str) {
    let pool = format!("[[pool]]\nname = \"one\"\naddresses = [\"203.0.113.0/29\"]\n{fields}\n{others}");
    snapshot(&with(&pool, &service("a", "")));
}

/// Fields that a version does not have are refused with the version that has them.
#[test]
fn allocation_and_selectors_have_their_versions() {
    let pool = "[[pool]]\nname = \"one\"\naddresses = [\"203.0.113.0/29\"]\nservice-allocation = { priority = 1 }\n";
    let text = with(pool, &service("a", ""))
        .replace("# service-selectors", "service-selectors")
        .replace("dual-stack = true", "");
    let text = text.replace("app = \"test-agnhost\"", "app = \"a\"");
    read(&text, &Overrides::default()).unwrap();
    let found = problems(&text.replace("v0.16.1", "v0.13.7"), &Overrides::default());
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("MetalLB v0.13.7 has no `service-allocation` | expected version v0.13.9"), "{found:?}");
    assert!(found[1].contains("MetalLB v0.13.7 has no `service-selectors` | expected version v0.16.0"), "{found:?}");
    let both = text.replace("# aggregation-length = 32", "aggregation-length = 29");
    assert!(problems(&both, &Overrides::default())[0].contains("selects services and has an aggregation length"));
}

/// Two advertisements of one pool with two local preferences meet where a service is in both.
#[rstest]
#[case::apart("a", true)]
#[case::together("b", false)]
fn advertisements_of_different_services_may_differ(#[case] name: &str, #[case] allowed: bool) {
    let tables = service("a", "families = [\"ipv4\"]") + &service("b", "families = [\"ipv4\"]");
    let second = format!(
        "[[advertisement]]\nname = \"second\"\nlocal-preference = 200\nservice-selectors = [{{ app = \"{name}\" }}]\n"
    );
    let text = with(POOLS, &(second + &tables)).replace("# service-selectors", "service-selectors");
    let text = text.replace("app = \"test-agnhost\"", "app = \"b\"");
    let result = read(&text, &Overrides::default());
    assert_eq!(result.is_ok(), allowed, "{}", result.map_or_else(|error| report(&error), |_| String::new()));
}

fn snapshot(text: &str) {
    let case = std::thread::current().name().unwrap().rsplit("::").next().unwrap().to_owned();
    let name = format!("service-{}", case.split_once('_').unwrap().1.split_once('_').unwrap().1);
    let error = read(text, &Overrides::default()).unwrap_err();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, report(&error));
    });
}
