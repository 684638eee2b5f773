//! Selected nodes: sessions, announcements, and the resources that say so.

use rstest::rstest;

use super::consistency::{check, documented_with, standalone};
use super::*;
use crate::DOCUMENTED;

/// Labels for two racks of a worker each.
const RACKS: &str = r#"
[[node]]
name = "kind-worker"
labels = { rack = "a", "topology.kubernetes.io/zone" = "z1" }
[[node]]
name = "kind-worker2"
labels = { rack = "b" }
"#;

fn text_with(changes: &[(&str, &str)]) -> String {
    let change = |text: String, (old, new): &(&str, &str)| {
        assert!(text.contains(old), "{old}");
        text.replacen(old, new, 1)
    };
    changes.iter().fold(format!("{DOCUMENTED}{RACKS}"), change)
}

fn peer_of(name: &str, lines: &str) -> (String, String) {
    (format!("name = \"{name}\"\nrouter"), format!("name = \"{name}\"\n{lines}\nrouter"))
}

fn with_peer(name: &str, lines: &str) -> String {
    let (old, new) = peer_of(name, lines);
    text_with(&[(&old, &new)])
}

/// Returns the resources of MetalLB as a cluster gets them.
fn metallb_yaml(text: &str) -> String {
    let lab = tests::read(text, &Overrides::default()).unwrap();
    files(&lab).unwrap().into_iter().find(|(path, _)| path == "metallb.yaml").unwrap().1
}

#[rstest]
#[case::by_name("node-selectors = [{ \"kubernetes.io/hostname\" = \"kind-worker\" }]", &["kind-worker"])]
#[case::by_label("node-selectors = [{ rack = \"a\" }]", &["kind-worker"])]
#[case::two_labels("node-selectors = [{ rack = \"a\", \"topology.kubernetes.io/zone\" = \"z1\" }]", &["kind-worker"])]
#[case::any_of_two("node-selectors = [{ rack = \"a\" }, { rack = \"b\" }]", &["kind-worker", "kind-worker2"])]
#[case::one_of(
    "node-selectors = [{ match-expressions = [{ key = \"rack\", operator = \"In\", values = [\"a\", \"c\"] }] }]",
    &["kind-worker"]
)]
#[case::not_in(
    "node-selectors = [{ match-expressions = [{ key = \"rack\", operator = \"NotIn\", values = [\"a\"] }] }]",
    &["kind-control-plane", "kind-worker2"]
)]
#[case::without(
    "node-selectors = [{ match-expressions = [{ key = \"node-role.kubernetes.io/control-plane\", operator = \"DoesNotExist\" }] }]",
    &["kind-worker", "kind-worker2"]
)]
#[case::all("node-selectors = [{ }]", &["kind-control-plane", "kind-worker", "kind-worker2"])]
fn a_session_is_of_the_selected_nodes_only(#[case] selectors: &str, #[case] nodes: &[&str]) {
    let lab = standalone(&with_peer("doc-example-peer", selectors));
    let expected = check(&lab);
    let of_peer = expected.sessions.iter().filter(|one| one.answerer.name == "frr1" && one.peer.is_some());
    assert_eq!(of_peer.map(|one| one.opener.name.as_str()).collect::<Vec<_>>(), nodes);
    let texts = texts(&lab);
    for node in known_nodes(&lab) {
        let both = [("frr1", node.addresses.v4().unwrap().to_string()), (&node.name, "10.0.2.3".to_owned())];
        for (own, far) in both {
            let knows = texts[own].contains(&format!("neighbor {far} remote-as"));
            assert_eq!(knows, nodes.contains(&node.name.as_str()), "{own}: {far}");
        }
    }
    let workers: BTreeSet<_> = known_nodes(&lab)
        .iter()
        .filter(|node| node.role == NodeRole::Worker && nodes.contains(&node.name.as_str()))
        .map(|node| std::net::IpAddr::from(node.addresses.v4().unwrap()))
        .collect();
    let entry = expected.tables.iter().find(|entry| entry.router.as_str() == "frr1").unwrap();
    assert_eq!(entry.next_hops, NextHops::All(workers));
}

#[test]
fn an_advertisement_is_of_the_selected_nodes_only() {
    let text = text_with(&[("pools = [", "node-selectors = [{ rack = \"b\" }]\npools = [")]);
    let expected = check(&standalone(&text));
    let announcing = expected.announced.iter().filter(|entry| entry.by).map(|entry| entry.node.as_str());
    assert_eq!(announcing.collect::<BTreeSet<_>>(), ["kind-worker2"].into());
    let left_out = expected.announced.iter().filter(|entry| !entry.by);
    let left_out: BTreeSet<_> =
        left_out.map(|entry| (entry.node.as_str(), entry.left_out_by == LeftOutBy::LoadBalancing)).collect();
    assert_eq!(left_out, [("kind-control-plane", true), ("kind-worker", false)].into());
}

/// Without a peer of this node among its own, an advertisement is not for all of them.
#[test]
fn an_advertisement_to_a_peer_of_another_node_is_not_sent() {
    let (old, new) = peer_of("doc-example-peer", "node-selectors = [{ rack = \"a\" }]");
    let only = ("# peers = [\"doc-example-peer\"]", "peers = [\"doc-example-peer\"]");
    let lab = standalone(&text_with(&[(&old, &new), only]));
    let expected = check(&lab);
    assert!(expected.announced.iter().all(|entry| entry.by == (entry.node == "kind-worker")));
    assert!(expected.tables.iter().all(|entry| entry.router.as_str() != "frr2"));
}

/// Two racks announce one address with different preferences: within an AS, the higher one is taken.
#[test]
fn the_preferred_rack_is_the_next_hop() {
    let text = text_with(&[
        ("pools = [", "node-selectors = [{ rack = \"a\" }]\nlocal-preference = 200\npools = ["),
        (
            "[[advertisement]]",
            "[[advertisement]]\nname = \"b\"\nnode-selectors = [{ rack = \"b\" }]\n\n[[advertisement]]",
        ),
    ]);
    let expected = expected(&standalone(&text), &standalone(&text).cluster.placement);
    let first = known_nodes(&standalone(&text))[1].addresses;
    for entry in &expected.tables {
        let (NextHops::All(hops) | NextHops::AnyOf(hops)) = &entry.next_hops;
        assert!(hops.iter().all(|hop| first.iter().any(|own| own == *hop)), "{entry:?}");
    }
}

#[test]
fn the_resources_have_the_selectors() {
    let yaml = metallb_yaml(&with_peer(
        "doc-example-peer",
        "node-selectors = [{ rack = \"a\", match-expressions = [{ key = \"zone\", operator = \"NotIn\", values = [\"x\"] }] }]",
    ));
    let part = yaml.split("kind: BGPPeer").nth(1).unwrap().split("---").next().unwrap();
    for words in ["nodeSelectors:", "matchLabels:", "rack: a", "key: zone", "operator: NotIn", "- x"] {
        assert!(part.contains(words), "{words}: {part}");
    }
    assert!(!metallb_yaml(DOCUMENTED).contains("nodeSelectors"));
}

#[test]
fn kind_gets_the_labels_of_the_file_alone() {
    let lab = tests::read(&text_with(&[]), &Overrides::default()).unwrap();
    let yaml = kind_config(&lab).unwrap();
    assert_eq!((yaml.matches("labels:").count(), yaml.matches("rack: a").count()), (2, 1), "{yaml}");
    assert!(!kind_config(&documented_with("name = \"documented\"", "name = \"other\"")).unwrap().contains("labels"));
}

/// A node with the label that excludes it has sessions, and announces nothing.
#[test]
fn a_worker_can_be_excluded() {
    let label = "labels = { rack = \"b\", \"node.kubernetes.io/exclude-from-external-load-balancers\" = \"\" }";
    let lab = standalone(&text_with(&[("labels = { rack = \"b\" }", label)]));
    let expected = check(&lab);
    assert!(expected.announced.iter().all(|entry| entry.by == (entry.node == "kind-worker")));
    assert_eq!(expected.sessions.len(), 8);
}

/// kind takes the label that excludes a control plane from load balancing off a node that is alone.
#[test]
fn the_only_node_announces_and_takes_the_pods() {
    let lab = documented_with("workers = 2", "workers = 0");
    let [node] = &lab.cluster.placement[..] else { panic!("{:?}", lab.cluster.placement) };
    assert_eq!((node.name.as_str(), node.role), ("kind-control-plane", NodeRole::Only));
    assert!(node.announces() && node.role.is_control_plane() && node.role.is_worker());
    let expected = check(&lab);
    let own: BTreeSet<std::net::IpAddr> = node.addresses.iter().collect();
    let leads_there = |next_hops: &NextHops| matches!(next_hops, NextHops::All(hops) if hops.is_subset(&own));
    assert!(!expected.tables.is_empty() && expected.tables.iter().all(|entry| leads_there(&entry.next_hops)));
    assert!(kind_config(&lab).unwrap().contains("role: control-plane"));
}
