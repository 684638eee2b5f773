use labfile::compose::TableEntry;

use super::*;
use crate::evidence::tests::{answer, healthy, healthy_kind};

/// `203.0.113.20` stands at the beginning of `203.0.113.200`.
#[test]
fn an_answer_needs_the_prefix_of_its_address_alone() {
    let mut e = healthy();
    let first = e.expected.tables.iter().find(|entry| entry.router.as_str() == "frr1").unwrap().clone();
    let other: IpNet = "203.0.113.20/32".parse().unwrap();
    e.expected.tables.insert(0, TableEntry { prefix: other, ..first });
    let check = Check::failed(Topic::Reach, answer("frr1", "203.0.113.200"), "no answer");
    let needs = Needs::of_check(&check, &e);
    assert!(needs.broken_by(&Break::Prefix("frr1".into(), "203.0.113.200/32".parse().unwrap())));
    assert!(!needs.broken_by(&Break::Prefix("frr1".into(), other)));
}

/// An API that does not answer is the control plane's.
#[test]
fn a_cluster_needs_its_control_plane() {
    let check = Check::failed(Topic::Nodes, Subject::Cluster("kind".into()), "connection refused");
    let needs = Needs::of_check(&check, &healthy_kind());
    assert!(needs.broken_by(&Break::Place("kind-control-plane".into())));
    assert!(!needs.broken_by(&Break::Place("kind-worker".into())));
}
