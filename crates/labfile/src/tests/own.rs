//! Checks of the file's own.

use rstest::rstest;

use super::super::{Claim, DOCUMENTED, Lab, Overrides, compose};
use super::{problems, read};

fn with(check: &str) -> String {
    format!("{DOCUMENTED}\n[[check]]\nname = \"mine\"\n{check}\n")
}

fn claim(check: &str) -> Claim {
    let lab: Lab = read(&with(check), &Overrides::default()).unwrap();
    lab.checks.into_iter().next().unwrap().claim
}

#[test]
fn each_kind_is_read() {
    let prefix = claim(
        "prefix = \"203.0.113.200/32\"\nat = \"frr1\"\nnext-hops = [\"10.0.1.3\"]\nas-path = []\ncommunities = [\"large:1:2:3\"]",
    );
    assert!(
        matches!(&prefix, Claim::Prefix { at, next_hops: Some(hops), as_path: Some(path), communities, .. }
        if at.as_str() == "frr1" && hops.len() == 1 && path.is_empty() && communities.len() == 1),
        "{prefix:?}"
    );
    assert!(matches!(claim("prefix = \"fd01::/128\"\nat = \"kind-worker\"\nnext-hops = []"), Claim::Absent { .. }));
    assert!(matches!(claim("session = [\"next-hop-router\", \"frr1\"]"), Claim::Session { .. }));
    assert!(matches!(claim("session = [\"frr1\", \"kind-worker\"]"), Claim::Session { .. }));
    assert!(matches!(
        claim("from = \"frr1\"\nto = \"203.0.113.200\"\nport = \"80/TCP\""),
        Claim::Answer { answers: true, port: Some(_), .. }
    ));
    let path = claim(
        "from = \"frr1\"\nto = \"203.0.113.200\"\npath = [\"next-hop-router\", [\"kind-worker\", \"kind-worker2\"]]",
    );
    assert!(
        matches!(&path, Claim::Path { steps, .. } if steps.iter().map(std::collections::BTreeSet::len).eq([1, 2])),
        "{path:?}"
    );
}

#[rstest]
#[case::of_nothing("", "this check is of nothing | expected `prefix` and `at`")]
#[case::of_two("session = [\"frr1\", \"frr2\"]\nfrom = \"frr1\"\nto = \"10.0.1.3\"", "two things: `session` and `to`")]
#[case::without_at("prefix = \"fd01::/128\"", "`at`, the router or node that has the prefix is missing")]
#[case::without_from("to = \"10.0.1.3\"", "`from`, the router or node that sends is missing")]
#[case::unknown_place(
    "prefix = \"fd01::/128\"\nat = \"frr9\"",
    "there is no router or node `frr9` | expected one of: frr1,"
)]
#[case::stray("session = [\"frr1\", \"kind-worker\"]\nport = \"80/TCP\"", "`port` does not go with `session`")]
#[case::other_family(
    "prefix = \"fd01::/128\"\nat = \"frr1\"\nnext-hops = [\"10.0.1.3\"]",
    "10.0.1.3 cannot be used here | expected an IPv6 address"
)]
#[case::absent_with_a_path(
    "prefix = \"fd01::/128\"\nat = \"frr1\"\nnext-hops = []\nas-path = [64500]",
    "`as-path` does not go with `next-hops = []`"
)]
#[case::one_end("session = [\"frr1\"]", "a session has two ends, and here are 1")]
#[case::no_session(
    "session = [\"frr1\", \"frr2\"]",
    "`frr1` and `frr2` have no session with each other | expected `frr1` and one of: next-hop-router, kind-control-plane"
)]
#[case::no_step("from = \"frr1\"\nto = \"10.0.1.3\"\npath = []", "this path has no step")]
#[case::empty_step("from = \"frr1\"\nto = \"10.0.1.3\"\npath = [[]]", "this path has no step")]
#[case::unknown_step(
    "from = \"frr1\"\nto = \"10.0.1.3\"\npath = [[\"next-hop-router\", \"leaf\"]]",
    "there is no router or node `leaf`"
)]
#[case::path_and_answer(
    "from = \"frr1\"\nto = \"10.0.1.3\"\nanswer = false\npath = [\"next-hop-router\"]",
    "`answer` does not go with `path`"
)]
#[case::name_that_begins_with_a_space(
    "from = \"frr1\"\nto = \"10.0.1.3\"\n[[check]]\nname = \" a\"\nsession = [\"frr1\", \"kind-worker\"]",
    "is not a name in words"
)]
#[case::name_twice(
    "from = \"frr1\"\nto = \"10.0.1.3\"\n[[check]]\nname = \"mine\"\nsession = [\"frr1\", \"kind-worker\"]",
    "another check has the name `mine`"
)]
fn others_are_refused(#[case] check: &str, #[case] words: &str) {
    let found = problems(&with(check), &Overrides::default());
    assert!(found.iter().any(|problem| problem.contains(words)), "{found:?}");
}

/// Standalone nodes answer pings alone.
#[test]
fn a_standalone_lab_asks_by_ping() {
    let standalone = Overrides { provider: Some(super::super::ProviderName::Standalone), ..Overrides::default() };
    let text = with("from = \"frr1\"\nto = \"203.0.113.200\"\nport = \"80/TCP\"");
    let lab = read(&text, &standalone).unwrap();
    let expected = compose::expected(&lab, &lab.cluster.placement);
    assert!(matches!(expected.own[0].claim, Claim::Answer { port: None, answers: true, .. }));
}

/// Before MetalLB is there, a check holds if it is of the lab's routers and nodes alone.
#[rstest]
#[case("session = [\"next-hop-router\", \"frr1\"]", 1)]
#[case("session = [\"frr1\", \"kind-worker\"]", 0)]
#[case("from = \"frr1\"\nto = \"10.0.1.3\"", 1)]
#[case("from = \"frr1\"\nto = \"203.0.113.200\"", 0)]
#[case("prefix = \"fd01::/128\"\nat = \"frr1\"", 0)]
fn without_metallb_some_are_left(#[case] check: &str, #[case] left: usize) {
    let lab = read(&with(check), &Overrides::default()).unwrap();
    let expected = compose::expected(&lab, &lab.cluster.placement);
    assert_eq!((expected.own.len(), expected.without_metallb().own.len()), (1, left));
}
