//! Pools, and the one that the service takes its addresses from.

use metallb::Source;
use rstest::rstest;

use super::{
    super::{Backend, Lab, Overrides},
    problems,
    problems::with,
    read,
};
use crate::compose;

const POOL: &str = "[[pool]]
name = \"doc-example-bgp-adv\"
addresses = [\"203.0.113.200/32\", \"fd01::/128\"]
";

/// Returns the documented lab with these pools, all of them advertised.
fn with_pools(pools: &[(&str, &str)], workload: &str) -> String {
    let pool = |(name, fields): &(&str, &str)| format!("[[pool]]\nname = \"{name}\"\n{fields}\n");
    with(POOL, &pools.iter().map(pool).collect::<String>())
        .replace("pools = [\"doc-example-bgp-adv\"]\n", "\n")
        .replace("[workload]\n", &format!("[workload]\n{workload}\n"))
}

const V4: &str = "addresses = [\"203.0.113.0/24\"]";
const OTHER_V4: &str = "addresses = [\"192.168.10.0/24\"]";
const V6: &str = "addresses = [\"fd01::/64\"]";
const DUAL: &str = "addresses = [\"198.51.100.0/24\", \"fd02::/64\"]";
const OTHER_DUAL: &str = "addresses = [\"198.51.101.0/24\", \"fd03::/64\"]";

fn addresses(lab: &Lab) -> Vec<String> {
    compose::service_addresses(lab).iter().map(|service| service.address.to_string()).collect()
}

/// MetalLB chooses freely among pools that serve alike.
#[rstest]
#[case(&[("dmz", V4), ("internal", OTHER_V4)])]
#[case(&[("dmz", V4), ("dual", DUAL), ("internal", OTHER_DUAL)])]
fn two_pools_that_serve_alike_are_refused(#[case] pools: &[(&str, &str)]) {
    let (first, second) = (pools[pools.len() - 2].0, pools[pools.len() - 1].0);
    let line = 92 + 3 * pools.len();
    assert_eq!(
        problems(&with_pools(pools, ""), &Overrides::default()),
        [format!(
            "{line}:8: MetalLB may give the service an address of pool `{first}` or of pool `{second}` | expected \
             auto-assign = false here or at `{first}`, or pool = \"{second}\" in [workload]"
        )]
    );
}

/// A dual-stack service prefers a pool with both families, then one with its first family.
#[rstest]
#[case::both_families_first(&[("v4", V4), ("dual", DUAL)], "", &["198.51.100.0", "fd02::"])]
#[case::ipv4_next(&[("v6", V6), ("v4", V4)], "", &["203.0.113.0"])]
#[case::ipv6_alone(&[("v6", V6)], "", &["fd01::"])]
#[case::one_without_auto_assign(&[("a", "addresses = [\"203.0.113.0/24\"]\nauto-assign = false"), ("b", OTHER_V4)], "", &["192.168.10.0"])]
#[case::the_named_one(&[("a", V4), ("b", OTHER_V4)], "pool = \"b\"", &["192.168.10.0"])]
#[case::a_named_one_without_auto_assign(&[("a", V4), ("b", "addresses = [\"192.168.10.0/24\"]\nauto-assign = false")], "pool = \"b\"", &["192.168.10.0"])]
fn the_service_takes_the_pool_that_metallb_takes(
    #[case] pools: &[(&str, &str)],
    #[case] workload: &str,
    #[case] expected: &[&str],
) {
    assert_eq!(addresses(&read(&with_pools(pools, workload), &Overrides::default()).unwrap()), expected);
}

/// The native backend has no IPv6: there the two serve alike.
#[test]
fn pools_are_compared_as_the_backend_has_them() {
    let text = with_pools(&[("v4", V4), ("dual", DUAL)], "");
    let overrides = Overrides { backend: Some(Backend::Native), ..Overrides::default() };
    assert!(problems(&text, &overrides)[0].contains("pool `v4` or of pool `dual`"));
}

#[test]
fn the_services_pool_has_to_be_there() {
    let found = problems(&with("[workload]\n", "[workload]\npool = \"docs\"\n"), &Overrides::default());
    assert_eq!(found, ["154:8: there is no pool `docs` | expected one of: doc-example-bgp-adv"]);
}

/// MetalLB 0.14.9 renamed its annotations.
#[rstest]
#[case("v0.16.1", "metallb.io/address-pool")]
#[case("v0.14.9", "metallb.io/address-pool")]
#[case("v0.14.8", "metallb.universe.tf/address-pool")]
#[case("v0.13.12", "metallb.universe.tf/address-pool")]
#[case("v1.0.0", "metallb.io/address-pool")]
fn the_service_asks_for_its_pool(#[case] version: &str, #[case] annotation: &str) {
    let text = with_pools(&[("a", V4), ("b", OTHER_V4)], "pool = \"b\"").replace("v0.16.1", version);
    // 0.15 has it first.
    let text = text.replace("dual-stack = true", "");
    let lab = read(&text, &Overrides::default()).unwrap();
    let service = compose::installation(&lab, Source::OperatorInstalled).unwrap().workloads.remove(0);
    let asked: Vec<_> = service.annotations.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(asked, [(annotation, "b")]);
}

/// Somebody else's pool in the same cluster may have free addresses, too.
#[test]
fn a_service_with_one_pool_asks_for_it() {
    let lab = read(&with_pools(&[("a", V4)], ""), &Overrides::default()).unwrap();
    let service = compose::installation(&lab, Source::OperatorInstalled).unwrap().workloads.remove(0);
    assert_eq!(service.annotations.into_values().collect::<Vec<_>>(), ["a"]);
}

/// MetalLB's `avoidBuggyIPs`: of IPv4 alone, also where two such addresses follow each other.
#[rstest]
#[case("203.0.113.0/24", "203.0.113.1")]
#[case("203.0.113.255-203.0.114.9", "203.0.114.1")]
#[case("203.0.113.7-203.0.113.9", "203.0.113.7")]
#[case("fd01::/64", "fd01::")]
fn addresses_that_old_devices_take_for_others_are_left_out(#[case] range: &str, #[case] first: &str) {
    let fields = format!("addresses = [\"{range}\"]\navoid-buggy-ips = true");
    let lab = read(&with_pools(&[("doc-example-bgp-adv", &fields)], ""), &Overrides::default()).unwrap();
    assert_eq!(addresses(&lab), [first]);
    let installation = compose::installation(&lab, Source::OperatorInstalled).unwrap();
    assert!(installation.configuration.pools[0].spec.avoid_buggy_ips);
}

#[test]
fn a_pool_of_left_out_addresses_alone_is_refused() {
    let fields = "addresses = [\"203.0.113.0/32\"]\navoid-buggy-ips = true";
    let found = problems(&with_pools(&[("doc-example-bgp-adv", fields)], ""), &Overrides::default());
    assert!(found[0].contains("an address that `avoid-buggy-ips` does not leave out"), "{found:?}");
}
