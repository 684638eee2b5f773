//! Several services: what each gets, and what is refused.

use metallb::Source;
use rstest::rstest;

use super::{
    super::{DOCUMENTED, Lab, Overrides, ProviderName},
    read, report,
};
use crate::compose;

/// Two pools that are for everybody, one of each family's kind, and one for those who ask.
pub(super) const POOLS: &str = r#"
[[pool]]
name = "public"
addresses = ["203.0.113.0/29", "fd01::/125"]
[[pool]]
name = "fixed"
addresses = ["192.0.2.0/30"]
auto-assign = false
"#;

/// Returns the documented lab with these pools, all of them advertised, and these tables in place of `[workload]`.
pub(super) fn with(pools: &str, tables: &str) -> String {
    let (before, rest) = DOCUMENTED.split_once("[[pool]]").unwrap();
    let (_, rest) = rest.split_once("[[advertisement]]").unwrap();
    let (between, _) = rest.split_once("[workload]").unwrap();
    let between = between.replace("pools = [\"doc-example-bgp-adv\"]\n", "\n");
    format!("{before}{pools}\n[[advertisement]]{between}{tables}\n")
}

fn lab(pools: &str, tables: &str, provider: ProviderName) -> Lab {
    let overrides = Overrides { provider: Some(provider), ..Overrides::default() };
    read(&with(pools, tables), &overrides).unwrap_or_else(|error| panic!("{}", report(&error)))
}

/// Returns, for each service, its addresses: those of which it gets one with `|` between them.
fn assigned(lab: &Lab) -> Vec<String> {
    let one = |possible: &[std::net::IpAddr]| possible.iter().map(ToString::to_string).collect::<Vec<_>>().join("|");
    let of = |assigned: &crate::Assigned| assigned.each().map(one).collect::<Vec<_>>().join(" ");
    lab.assigned().iter().map(of).collect()
}

pub(super) fn service(name: &str, fields: &str) -> String {
    format!("[[service]]\nname = \"{name}\"\n{fields}\n")
}

/// Their order is not known in a cluster; standalone, it is the file's.
#[test]
fn services_of_one_pool_get_its_first_addresses() {
    let tables = service("a", "") + &service("b", "families = [\"ipv4\"]") + &service("c", "pool = \"fixed\"");
    let expected = ["203.0.113.0|203.0.113.1 fd01::", "203.0.113.0|203.0.113.1", "192.0.2.0"];
    assert_eq!(assigned(&lab(POOLS, &tables, ProviderName::Kind)), expected);
    let standalone = lab(POOLS, &tables, ProviderName::Standalone);
    assert_eq!(assigned(&standalone), ["203.0.113.0 fd01::", "203.0.113.1", "192.0.2.0"]);
    let expected = compose::expected(&standalone, &standalone.cluster.placement);
    let asked: Vec<String> =
        expected.reach.iter().filter(|ping| ping.from == "frr1").map(|p| format!("{} {}", p.to, p.address)).collect();
    assert_eq!(asked, ["a 203.0.113.0", "a fd01::", "b 203.0.113.1", "c 192.0.2.0"]);
    let prefixes = expected.tables.iter().filter(|entry| entry.router.as_str() == "frr1").count();
    assert_eq!(prefixes, 4);
}

/// Once the cluster has been seen, the rest is known too.
#[test]
fn observed_addresses_are_checked_like_known_ones() {
    let lab = lab(POOLS, &(service("a", "") + &service("b", "")), ProviderName::Kind);
    let nodes = &lab.cluster.placement;
    assert!(compose::expected(&lab, nodes).tables.is_empty());
    let addresses = |service: &crate::Service| match service.name.as_str() {
        "a" => vec!["203.0.113.1".parse().unwrap(), "fd01::1".parse().unwrap()],
        // Not one that the lab's MetalLB would give.
        _ => vec!["203.0.113.7".parse().unwrap()],
    };
    let announces = |node: &crate::Node, service: &crate::Service| lab.announces(node, service);
    let expected =
        compose::expected_of(&lab, nodes, compose::Observed { announces: &announces, addresses: &addresses });
    let prefixes: std::collections::BTreeSet<String> =
        expected.tables.iter().map(|entry| entry.prefix.to_string()).collect();
    assert_eq!(prefixes.into_iter().collect::<Vec<_>>(), ["203.0.113.1/32", "fd01::1/128"]);
}

#[rstest]
#[case::one_key("sharing-key = \"k\"", "sharing-key = \"k\"\nports = [\"81/TCP\"]", ["203.0.113.0 fd01::", "203.0.113.0 fd01::"])]
#[case::one_number_of_two_protocols("sharing-key = \"k\"", "sharing-key = \"k\"\nports = [\"80/UDP\"]", ["203.0.113.0 fd01::", "203.0.113.0 fd01::"])]
#[case::one_port("sharing-key = \"k\"", "sharing-key = \"k\"", ["203.0.113.0|203.0.113.1 fd01::|fd01::1"; 2])]
#[case::two_keys("sharing-key = \"k\"", "sharing-key = \"l\"\nports = [\"81/TCP\"]", ["203.0.113.0|203.0.113.1 fd01::|fd01::1"; 2])]
#[case::local("sharing-key = \"k\"", "sharing-key = \"k\"\nports = [\"81/TCP\"]\nexternal-traffic-policy = \"Local\"", ["203.0.113.0|203.0.113.1 fd01::|fd01::1"; 2])]
#[case::fixed_elsewhere("", "addresses = [\"203.0.113.3\", \"fd01::3\"]", ["203.0.113.0 fd01::", "203.0.113.3 fd01::3"])]
fn addresses_are_shared_as_metallb_shares_them(#[case] a: &str, #[case] b: &str, #[case] expected: [&str; 2]) {
    let lab = lab(POOLS, &(service("a", a) + &service("b", b)), ProviderName::Kind);
    assert_eq!(assigned(&lab), expected);
}

pub(super) const ALLOCATED: &str = r#"
[[pool]]
name = "public"
addresses = ["203.0.113.0/29"]
[[pool]]
name = "late"
addresses = ["198.51.100.0/28"]
service-allocation = { namespaces = ["shop"] }
[[pool]]
name = "shop"
addresses = ["198.51.100.16/28"]
service-allocation = { priority = 5, namespaces = ["shop"], service-selectors = [{ tier = "front" }, { app = "cart" }] }
[[pool]]
name = "named"
addresses = ["198.51.100.32/28"]
service-allocation = { priority = 9, namespace-selectors = [{ "kubernetes.io/metadata.name" = "ops" }] }
"#;

/// Pools that are made for a service come first, of them those of the lowest priority, and last those without one.
#[rstest]
#[case::nobodys("", "203.0.113.0")]
#[case::by_namespace("namespace = \"shop\"", "198.51.100.0")]
#[case::by_label("namespace = \"shop\"\nlabels = { tier = \"front\" }", "198.51.100.16")]
#[case::a_label_alone("labels = { tier = \"front\" }", "203.0.113.0")]
#[case::by_a_namespaces_label("namespace = \"ops\"", "198.51.100.32")]
#[case::asked_for("namespace = \"shop\"\npool = \"public\"", "203.0.113.0")]
fn pools_are_allocated_to_services(#[case] fields: &str, #[case] address: &str) {
    let lab = lab(ALLOCATED, &service("a", fields), ProviderName::Kind);
    assert_eq!(assigned(&lab), [address]);
}

/// The shorthand is one service among the others, and the only one where there is no other.
#[rstest]
#[case("", &["test-agnhost"])]
#[case("[workload]\nname = \"app\"\n", &["app"])]
#[case("[workload]\n[[service]]\nname = \"b\"\npool = \"fixed\"\n", &["test-agnhost", "b"])]
#[case("[[service]]\nname = \"b\"\n", &["b"])]
fn the_workload_is_one_of_the_services(#[case] tables: &str, #[case] names: &[&str]) {
    let lab = lab(POOLS, tables, ProviderName::Kind);
    assert_eq!(lab.services.iter().map(|service| service.name.as_str()).collect::<Vec<_>>(), names);
}

/// Services of one name in two namespaces are told apart by them.
#[test]
fn a_title_names_a_service_alone() {
    let tables = service("a", "") + &service("a", "namespace = \"shop\"") + &service("b", "namespace = \"shop\"");
    let lab = lab(POOLS, &tables, ProviderName::Kind);
    let titles: Vec<String> = lab.services.iter().map(|service| lab.title(service)).collect();
    assert_eq!(titles, ["default/a", "shop/a", "b"]);
}

/// With the policy Local, the nodes with pods announce; standalone these are the first of those that may have some.
#[rstest]
#[case::all_nodes("", &["kind-worker", "kind-worker2"])]
#[case::one_pod("external-traffic-policy = \"Local\"", &["kind-worker"])]
#[case::two_pods("external-traffic-policy = \"Local\"\nreplicas = 2", &["kind-worker", "kind-worker2"])]
#[case::selected("external-traffic-policy = \"Local\"\nnode-selector = { \"kubernetes.io/hostname\" = \"kind-worker2\" }", &["kind-worker2"])]
#[case::selected_and_cluster("node-selector = { \"kubernetes.io/hostname\" = \"kind-worker2\" }", &["kind-worker", "kind-worker2"])]
fn nodes_with_pods_announce_a_local_service(#[case] fields: &str, #[case] nodes: &[&str]) {
    let lab = lab(POOLS, &service("a", fields), ProviderName::Standalone);
    let expected = compose::expected(&lab, &lab.cluster.placement);
    let by: Vec<&str> = expected
        .announced
        .iter()
        .filter(|entry| entry.by && entry.prefix.addr().is_ipv4())
        .map(|entry| entry.node.as_str())
        .collect();
    assert_eq!(by, nodes);
    let docker = compose::docker_lab(&lab, &lab.cluster.placement).unwrap();
    let has = |name: &str| {
        let container = docker.containers().iter().find(|container| container.name.as_str() == name).unwrap();
        container.command.iter().flatten().any(|word| word.contains("203.0.113.0/32"))
    };
    let answering: Vec<&str> =
        ["kind-control-plane", "kind-worker", "kind-worker2"].into_iter().filter(|name| has(name)).collect();
    assert_eq!(answering, nodes);
}

/// Packets to an aggregate may arrive at a node that has no pod of the service, and drops them.
#[test]
fn a_local_service_in_an_aggregate_is_not_asked_for() {
    let tables = service("a", "families = [\"ipv4\"]\nexternal-traffic-policy = \"Local\"")
        + &service("b", "families = [\"ipv4\"]");
    let text = with(POOLS, &tables).replace("# aggregation-length = 32", "aggregation-length = 30");
    let overrides = Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() };
    let text =
        text.replace("name = \"doc-example-bgp-adv\"\n", "name = \"doc-example-bgp-adv\"\npools = [\"public\"]\n");
    let lab = read(&text, &overrides).unwrap_or_else(|error| panic!("{}", report(&error)));
    let asked = compose::expected(&lab, &lab.cluster.placement).reach;
    assert!(!asked.is_empty() && asked.iter().all(|ping| ping.to == "b"), "{asked:?}");
    let warnings: Vec<String> = lab.warnings.iter().map(|warning| warning.message()).collect();
    let said = warnings.iter().filter(|warning| warning.contains("packets arrive at nodes without its pods")).count();
    assert_eq!(said, 1, "{warnings:?}");
}

/// The commented offer of the documented file, in a lab whose pool has room for it.
#[test]
fn the_offered_service_can_be_enabled() {
    let (before, offer) = DOCUMENTED.split_once("# [[service]]").unwrap();
    let offer: String =
        format!("# [[service]]{offer}").lines().map(|line| format!("{}\n", line.trim_start_matches("# "))).collect();
    let text = format!("{before}{offer}").replace("203.0.113.200/32", "203.0.113.200/29");
    let lab = read(&text, &Overrides::default()).unwrap_or_else(|error| panic!("{}", report(&error)));
    assert_eq!(assigned(&lab), ["203.0.113.200 fd01::", "203.0.113.203"]);
    let installation = compose::installation(&lab, Source::OperatorInstalled).unwrap();
    let wanted = installation.wanted().unwrap();
    let dns: Vec<_> =
        wanted.iter().filter(|wanted| wanted.object.metadata.namespace.as_deref() == Some("shop")).collect();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        let yaml = |wanted: &&metallb::plan::Wanted| serde_saphyr::to_string(&wanted.object).unwrap();
        insta::assert_snapshot!("offered-service", dns.iter().map(yaml).collect::<Vec<_>>().join("---\n"));
    });
}

/// A selector that passes a service over is no mistake by itself, and said.
#[test]
fn a_service_that_no_advertisement_selects_is_warned_of() {
    let tables = service("a", "") + &service("b", "pool = \"fixed\"");
    let text = with(POOLS, &tables)
        .replace("# service-selectors = [{ app = \"test-agnhost\" }]", "service-selectors = [{ app = \"a\" }]");
    let lab = read(&text, &Overrides::default()).unwrap_or_else(|error| panic!("{}", report(&error)));
    let warnings: Vec<String> =
        lab.warnings.iter().map(|warning| format!("{} | {}", warning.message(), warning.remedy())).collect();
    assert_eq!(
        warnings,
        [
            "the addresses of service `b` are announced to nobody: no advertisement of its pool selects it | service-selectors \
          that select app=b, or none"
        ]
    );
    let expected = compose::expected(&lab, &lab.cluster.placement);
    assert_eq!(expected.unannounced, ["192.0.2.0/32".parse::<ipnet::IpNet>().unwrap()]);
}
