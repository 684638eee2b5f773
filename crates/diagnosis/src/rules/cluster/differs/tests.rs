//! Objects that somebody changed, deleted, or put beside the lab's.

use metallb::Object;
use metallb::facts::{Offered, PoolView, Refused};
use metallb::plan::Plan;
use serde_json::{Value, json};

use crate::check::Topic;
use crate::conclude::Diagnosis;
use crate::evidence::Evidence;
use crate::evidence::tests::{fail, prefix};
use crate::rules::cluster::fixture::{cluster, differing};
use crate::rules::tests::only;
use crate::subject::{Component, Subject};

/// An object in which a field of its spec was set by kubectl.
fn patched(object: &Object, field: &str, value: Value) -> Object {
    let mut object = object.clone();
    object.data["spec"][field] = value;
    let fields = json!({"f:spec": {format!("f:{field}"): {}}});
    object.metadata.managed_fields = serde_json::from_value(json!([{"manager": "kubectl-patch", "operation": "Update",
        "fieldsType": "FieldsV1", "fieldsV1": fields, "time": "2026-01-30T08:00:00Z"}]))
    .unwrap();
    object
}

/// A cluster in which one object was patched.
fn with(kind: &'static str, name: &'static str, field: &'static str, value: Value) -> Evidence {
    differing(move |object| {
        let is_it = object.kind == kind && object.name() == name;
        Some(if is_it { patched(object, field, value.clone()) } else { object.clone() })
    })
}

fn selectors() -> Value {
    json!([{"matchLabels": {"kubernetes.io/hostname": "kind-worker"}}])
}

#[test]
fn a_field_that_somebody_set_is_named_with_who_set_it() {
    let mut e = with("BGPPeer", "doc-example-peer", "nodeSelectors", selectors());
    fail(&mut e, Topic::Bfd, Subject::session("frr1", "kind-control-plane"));
    fail(&mut e, Topic::Metallb, Subject::Component(Component::Resources));
    only(
        &e,
        "resource-differs",
        &[
            "BGPPeer metallb-system/doc-example-peer is not as the lab says: spec.nodeSelectors is [{",
            "and should be absent; set by kubectl-patch at 2026-01-30T08:00:00Z",
            "⌘ deploy-metallb puts it back",
            "explains  bfd frr1 – kind-control-plane",
        ],
    );
    for (field, value) in [("peers", json!(["nobody"])), ("nodeSelectors", selectors())] {
        let mut e = with("BGPAdvertisement", "doc-example-bgp-adv", field, value);
        fail(&mut e, Topic::Table, prefix("frr1", "203.0.113.200/32"));
        only(&e, "resource-differs", &[&format!("spec.{field} is ["), "set by kubectl-patch", "explains"]);
        assert!(Diagnosis::of(&e).unexplained.is_empty());
    }
}

#[test]
fn a_field_that_a_rule_of_its_own_names_is_said_once_and_with_who_set_it() {
    let mut e = with("Service", "test-agnhost", "externalTrafficPolicy", json!("Local"));
    e.cluster.as_mut().unwrap().services[0].as_mut().unwrap().local = true;
    only(&e, "policy-local", &["externalTrafficPolicy Local", "set by kubectl-patch at 2026-01-30T08:00:00Z"]);
    let mut e = with("BGPPeer", "doc-example-peer", "dualStackAddressFamily", json!(false));
    e.cluster.as_mut().unwrap().facts.peers[0].dual_stack = false;
    only(&e, "dual-stack-off", &["set by kubectl-patch"]);
    let e = with("BGPPeer", "doc-example-peer", "holdTime", json!("1h"));
    only(&e, "resource-differs", &["spec.holdTime is \"1h\""]);
}

/// Everything of MetalLB's configuration gone, as by `kubectl delete … --all`.
fn emptied() -> Evidence {
    let mut e = differing(|object| {
        object
            .api_version
            .starts_with("metallb.io")
            .then_some(())
            .map_or_else(|| Some(object.clone()), |()| (object.kind == "MetalLB").then(|| object.clone()))
    });
    let facts = &mut e.cluster.as_mut().unwrap().facts;
    (facts.pools, facts.advertisements, facts.peers) = Default::default();
    facts.profiles.clear();
    e
}

#[test]
fn everything_that_is_missing_is_one_finding() {
    let mut e = emptied();
    fail(&mut e, Topic::Bgp, Subject::session("frr1", "kind-worker"));
    fail(&mut e, Topic::Table, prefix("frr2", "203.0.113.200/32"));
    only(
        &e,
        "resources-missing",
        &[
            "5 of MetalLB's resources are not there: BFDProfile doc-example-bfd-profile-full, IPAddressPool doc-example-bgp-adv, \
             BGPPeer doc-example-peer, BGPPeer doc-example-peer-dot-four, BGPAdvertisement doc-example-bgp-adv",
            "⌘ deploy-metallb",
            "explains  table frr2",
        ],
    );
    let profile = differing(|object| (object.kind != "BFDProfile").then(|| object.clone()));
    only(&profile, "resources-missing", &["BFDProfile doc-example-bfd-profile-full is not there"]);
}

#[test]
fn a_peer_of_somebody_else_that_keeps_ours_away() {
    let mut e = emptied();
    let plan = e.cluster.as_mut().unwrap().differences.as_mut().unwrap();
    plan.steps.retain(|step| step.object.kind == "BGPPeer");
    let with = plan.steps[0].object.clone();
    let mut object = with.clone();
    object.name = "other".to_owned();
    plan.collisions =
        collision(json!({"object": object, "with": with, "clash": {"my-asn": {"theirs": 64999, "ours": 64500}}}));
    let facts = &mut e.cluster.as_mut().unwrap().facts;
    let healthy = cluster(|_| {}).cluster.unwrap().facts;
    (facts.pools, facts.advertisements, facts.profiles) = (healthy.pools, healthy.advertisements, healthy.profiles);
    only(
        &e,
        "resource-collides",
        &[
            "BGPPeer metallb-system/other of somebody else has myASN 64999",
            "it keeps BGPPeer doc-example-peer, BGPPeer doc-example-peer-dot-four from being made",
            "kubectl -n metallb-system delete bgppeer other, or set its myASN to 64500; then ⌘ deploy-metallb",
        ],
    );
}

fn collision(value: Value) -> Vec<metallb::plan::Collision> {
    vec![serde_json::from_value(value).unwrap()]
}

#[test]
fn an_address_of_somebody_elses_pool() {
    let e = cluster(|c| {
        c.services[0].as_mut().unwrap().addresses = vec!["198.51.100.7".parse().unwrap(), "fd01::".parse().unwrap()];
        let addresses = vec!["198.51.100.0/24".to_owned()];
        c.facts.pools.push(PoolView { name: "other".to_owned(), addresses, auto_assign: true });
    });
    only(
        &e,
        "pool-foreign",
        &["has 198.51.100.7 of address pool other, which is somebody else's", "delete ipaddresspool other"],
    );
}

#[test]
fn what_metallb_says_itself() {
    let refused = |node: &str| Refused {
        by: format!("ConfigurationState speaker-{node}"),
        part: "speaker".to_owned(),
        node: Some(node.to_owned()),
        message: "peer 10.0.1.6 has myAsn different".to_owned(),
    };
    let e = cluster(|c| c.facts.refused = vec![refused("kind-worker"), refused("kind-worker2")]);
    only(
        &e,
        "configuration-refused",
        &["(the speaker on kind-worker, the speaker on kind-worker2)", ": peer 10.0.1.6 has myAsn different"],
    );
    let peers = |peers: &[&str]| peers.iter().map(ToString::to_string).collect();
    let offered = |node: &str, to: &[&str]| Offered { node: node.to_owned(), peers: peers(to) };
    let both = ["doc-example-peer", "doc-example-peer-dot-four"];
    let mut e = cluster(|c| {
        c.facts.applications[0].offered =
            Some(vec![offered("kind-worker", &both[..1]), offered("kind-worker2", &both)]);
    });
    assert!(Diagnosis::of(&e).is_healthy(), "nothing suffers from it");
    fail(&mut e, Topic::Table, prefix("frr2", "203.0.113.200/32"));
    only(
        &e,
        "not-advertised",
        &["does not advertise service test-agnhost from kind-worker to doc-example-peer-dot-four"],
    );
    let mut e = cluster(|c| {
        c.services[0].as_mut().unwrap().addresses.clear();
        c.facts.applications[0].words.push("AllocationFailed: no pool of that name".to_owned());
    });
    let (service, address) = ("test-agnhost".to_owned(), "203.0.113.200".parse().unwrap());
    fail(&mut e, Topic::Service, Subject::ServiceAddress { service, address });
    only(&e, "address-refused", &["gives service test-agnhost no address: AllocationFailed: no pool of that name"]);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let foreign = "BGPPeer metallb-system/doc-example-peer exists and is not ours";
    let mut e = cluster(|c| c.differences = Err(foreign.to_owned()));
    fail(&mut e, Topic::Metallb, Subject::Component(Component::Resources));
    only(&e, "resources-unread", &[foreign]);
    let again = cluster(|c| c.differences = Ok(Plan::default()));
    assert!(Diagnosis::of(&again).is_healthy());
}
