//! Labs that are valid and probably a mistake: their warnings, and their expected state.

use miette::{Diagnostic, Severity};
use rstest::rstest;

use super::{
    super::{Lab, Overrides, ProviderName},
    all, lab,
    problems::with,
    read,
};
use crate::compose;

/// Reads a lab; returns it, its warnings as `MESSAGE | REMEDY`, and the prefixes that reach nobody.
fn warned(text: &str) -> (Lab, Vec<String>, Vec<String>) {
    let lab = read(text, &Overrides::default()).unwrap();
    let line = |warning: &crate::Warning| format!("{warning} | {}", warning.remedy());
    let warnings = lab.warnings.iter().map(line).collect();
    let unannounced = compose::expected(&lab, &lab.cluster.placement).unannounced;
    (lab, warnings, unannounced.iter().map(ToString::to_string).collect())
}

/// Returns the documented lab with two peers that carry one family.
fn one_family(family: &str) -> String {
    let peers = ("dual-stack = true      # IPv4", "family = \"ipv4\" # IPv4");
    with(peers.0, peers.1)
        .replace("dual-stack = true\n", "")
        .replace("family = \"ipv4\"", &format!("family = \"{family}\""))
}

#[test]
fn no_file_in_labs_has_a_warning() {
    for file in all() {
        for provider in [ProviderName::Kind, ProviderName::Standalone] {
            let lab = lab(&file, provider);
            assert_eq!(lab.warnings, [], "{file}");
            assert_eq!(compose::expected(&lab, &lab.cluster.placement).unannounced, [], "{file}");
        }
    }
}

#[test]
fn a_family_that_no_peer_carries_is_announced_to_nobody() {
    let (_, warnings, unannounced) = warned(&one_family("ipv4"));
    assert_eq!(
        warnings,
        ["lab.toml:96:34: the IPv6 addresses of pool `doc-example-bgp-adv` are announced to nobody: the sessions of \
             peers `doc-example-peer` and `doc-example-peer-dot-four` carry IPv4 only | dual-stack = true at a peer, a \
             peer whose family is \"ipv6\", or a pool without IPv6"]
    );
    assert_eq!(unannounced, ["fd01::/128"]);
}

/// One of the advertisement's peers is enough, and the others of the lab do not count.
#[rstest]
#[case::a_peer_with_both("# peers = [\"doc-example-peer\"]", "peers = [\"doc-example-peer-dot-four\"]", 0)]
#[case::a_peer_with_one("# peers = [\"doc-example-peer\"]", "peers = [\"doc-example-peer\"]", 1)]
fn only_the_peers_of_the_advertisement_count(#[case] old: &str, #[case] new: &str, #[case] count: usize) {
    let text = with("dual-stack = true      # IPv4", "# IPv4").replace(old, new);
    let (_, warnings, unannounced) = warned(&text);
    assert_eq!((warnings.len(), unannounced.len()), (count, count), "{warnings:?}");
}

#[test]
fn a_pool_without_an_advertisement_is_announced_to_nobody() {
    let pool = "[[pool]]\nname = \"spare\"\naddresses = [\"198.51.100.0/24\"]\n\n[[advertisement]]";
    let text = with("[[advertisement]]", pool).replace("[workload]\n", "[workload]\npool = \"spare\"\n");
    let (_, warnings, unannounced) = warned(&text);
    assert_eq!(
        warnings,
        [
            "lab.toml:103:14: the IPv4 addresses of pool `spare` are announced to nobody: no advertisement takes the pool \
          | an advertisement whose pools contain it, or have no limit"
        ]
    );
    assert_eq!(unannounced, ["198.51.100.0/32"]);
}

#[test]
fn an_aggregate_counts_as_what_is_announced() {
    let text = one_family("ipv4")
        .replace("fd01::/128", "fd01::/64")
        .replace("# aggregation-length-v6 = 128", "aggregation-length-v6 = 64");
    assert_eq!(warned(&text).2, ["fd01::/64"]);
}

#[test]
fn a_service_without_a_pool_is_warned_of() {
    let (lab, warnings, _) = warned(&with("# auto-assign = true", "auto-assign = false"));
    assert!(compose::service_addresses(&lab).is_empty());
    assert_eq!(
        warnings,
        ["lab.toml:95:8: the service gets no address: no pool is assigned automatically, and it asks for none | \
          auto-assign = true at a pool, or pool = \"doc-example-bgp-adv\" in [workload]"]
    );
}

/// A front end shows a warning as it shows an error.
#[test]
fn a_warning_points_into_the_file() {
    let (lab, ..) = warned(&one_family("ipv4"));
    let [warning] = &lab.warnings[..] else { panic!("{:?}", lab.warnings) };
    assert_eq!((warning.file(), warning.line(), warning.column()), ("lab.toml", 96, 34));
    assert_eq!(warning.severity(), Some(Severity::Warning));
    let label = warning.labels().unwrap().next().unwrap();
    let span = warning.source_code().unwrap().read_span(label.inner(), 0, 0).unwrap();
    assert_eq!(std::str::from_utf8(span.data()).unwrap(), "\"fd01::/128\"");
}
