//! Nodes' labels and selectors: what is refused, and what is warned of.

use rstest::rstest;

use super::{
    super::{DOCUMENTED, Overrides, ProviderName},
    problems,
    problems::with,
    read,
};

/// Returns the documented lab with these tables at its end.
fn and(tables: &str) -> String {
    format!("{DOCUMENTED}{tables}")
}

/// Returns the only problem without its place.
fn problem(text: &str) -> String {
    let found = problems(text, &Overrides::default());
    let [one] = &found[..] else { panic!("{found:?}") };
    one.split_once(": ").unwrap().1.to_owned()
}

fn selecting(selectors: &str) -> String {
    with("pools = [\"doc-example-bgp-adv\"]", &format!("node-selectors = {selectors}"))
}

#[rstest]
#[case::unknown(
    "[[node]]\nname = \"kind-worker3\"\n",
    "there is no node `kind-worker3` | expected one of: kind-control-plane, kind-worker, kind-worker2"
)]
#[case::twice(
    "[[node]]\nname = \"kind-worker\"\n[[node]]\nname = \"kind-worker\"\n",
    "another node has the name `kind-worker` | expected a name that no other node has"
)]
#[case::role(
    "[[node]]\nname = \"kind-worker\"\nlabels = { \"node-role.kubernetes.io/worker\" = \"\" }\n",
    "label `node-role.kubernetes.io/worker` cannot be used here | expected a label of your own, such as rack, or \
     topology.kubernetes.io/zone: the kubelet sets no other one of kubernetes.io and k8s.io"
)]
#[case::hostname(
    "[[node]]\nname = \"kind-worker\"\nlabels = { \"kubernetes.io/hostname\" = \"x\" }\n",
    "label `kubernetes.io/hostname` cannot be used here | expected a label of your own, such as rack, or \
     topology.kubernetes.io/zone: the kubelet sets no other one of kubernetes.io and k8s.io"
)]
fn labels_that_no_node_gets_are_refused(#[case] tables: &str, #[case] expected: &str) {
    assert_eq!(problem(&and(tables)), expected);
}

/// MetalLB and Kubernetes refuse these.
#[rstest]
#[case::twice(
    "[{ rack = \"a\" }, { rack = \"a\" }]",
    "selector `rack=a` is listed twice | expected each selector once"
)]
#[case::no_values(
    "[{ match-expressions = [{ key = \"rack\", operator = \"In\" }] }]",
    "an operator In or NotIn without values cannot be used here | expected values, such as values = [\"a\", \"b\"]"
)]
#[case::values(
    "[{ match-expressions = [{ key = \"rack\", operator = \"Exists\", values = [\"a\"] }] }]",
    "an operator Exists or DoesNotExist with values cannot be used here | expected no values, or the operator In or NotIn"
)]
#[case::value_twice(
    "[{ match-expressions = [{ key = \"rack\", operator = \"In\", values = [\"a\", \"a\"] }] }]",
    "value `a` is listed twice | expected each value once"
)]
#[case::expression_twice(
    "[{ match-expressions = [{ key = \"rack\", operator = \"Exists\" }, { key = \"rack\", operator = \"Exists\" }] }]",
    "expression `rack` is listed twice | expected each expression once"
)]
fn selectors_that_kubernetes_refuses_are_refused(#[case] selectors: &str, #[case] expected: &str) {
    assert_eq!(problem(&selecting(selectors)), expected);
}

#[rstest]
#[case::label("[{ \"-rack\" = \"a\" }]", "expected a label: at most 63")]
#[case::value("[{ rack = \"a b\" }]", "is not a label's value: nothing, or at most 63")]
#[case::number("[{ rack = 1 }]", "expected a label's value: nothing, or at most 63")]
#[case::operator(
    "[{ match-expressions = [{ key = \"rack\", operator = \"Is\" }] }]",
    "`In`, `NotIn`, `Exists`, `DoesNotExist`"
)]
#[case::no_list("{ rack = \"a\" }", "a list in brackets")]
fn the_form_of_a_selector_is_shown(#[case] selectors: &str, #[case] expected: &str) {
    let error = read(&selecting(selectors), &Overrides::default()).unwrap_err().to_string();
    let words: Vec<&str> = expected.splitn(2, "expected ").collect();
    assert!(error.contains(words.last().unwrap()), "{error}");
}

fn warnings(text: &str) -> Vec<String> {
    let lab = read(text, &Overrides::default()).unwrap();
    lab.warnings.iter().map(|warning| format!("{} | {}", warning.message(), warning.remedy())).collect()
}

/// It is a mistake in a name almost always; the labels of a cluster of one's own are not known here.
#[test]
fn a_selector_without_nodes_is_refused() {
    let expected = "`rack=a` selects no node | expected a label that a node has: { \"kubernetes.io/hostname\" = NODE }, or one that [[node]] gives it";
    let text = selecting("[{ rack = \"a\" }, { \"kubernetes.io/os\" = \"linux\" }]");
    assert_eq!(problem(&text), expected);
    assert_eq!(
        problem(&with("router = \"frr1\"\ndual", "node-selectors = [{ rack = \"a\" }]\nrouter = \"frr1\"\ndual")),
        expected
    );
    let existing = Overrides { provider: Some(ProviderName::Existing), ..Overrides::default() };
    assert_eq!(read(&text, &existing).unwrap().warnings, []);
}

#[test]
fn an_advertisement_of_excluded_nodes_is_warned_of() {
    let found = warnings(&selecting("[{ \"kubernetes.io/hostname\" = \"kind-control-plane\" }]"));
    assert!(
        found.iter().any(|one| one.starts_with(
            "`kubernetes.io/hostname=kind-control-plane` selects only kind-control-plane, which load balancing excludes"
        )),
        "{found:?}"
    );
    // Each family of the pool, beside the selector.
    assert_eq!(found.len(), 3, "{found:?}");
}

/// The nodes that announce have no session with the peers that it is for.
#[test]
fn an_advertisement_that_meets_no_peer_is_warned_of() {
    let text = with(
        "pools = [\"doc-example-bgp-adv\"]",
        "node-selectors = [{ \"kubernetes.io/hostname\" = \"kind-worker\" }]\npeers = [\"doc-example-peer\"]",
    );
    let text = text.replace(
        "router = \"frr1\"\ndual-stack",
        "node-selectors = [{ \"kubernetes.io/hostname\" = \"kind-worker2\" }]\nrouter = \"frr1\"\ndual-stack",
    );
    let found = warnings(&text);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|one| one.contains("no node that announces them has a session")), "{found:?}");
}

/// Preferences of nodes that have none in common do not contradict each other.
#[test]
fn preferences_of_different_nodes_may_differ() {
    let both = |first: &str, second: &str| {
        let text = with("# local-preference = 100", &format!("local-preference = 200\nnode-selectors = [{first}]"));
        let other = format!("[[advertisement]]\nname = \"other\"\nnode-selectors = [{second}]\n\n[[advertisement]]");
        text.replacen("[[advertisement]]", &other, 1)
    };
    let (one, other) =
        ("{ \"kubernetes.io/hostname\" = \"kind-worker\" }", "{ \"kubernetes.io/hostname\" = \"kind-worker2\" }");
    assert!(read(&both(one, other), &Overrides::default()).is_ok());
    assert!(problem(&both(one, "{ \"kubernetes.io/os\" = \"linux\" }")).contains("local preference"));
}
