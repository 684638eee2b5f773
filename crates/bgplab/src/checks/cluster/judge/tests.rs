use std::collections::{BTreeMap, BTreeSet};

use super::*;
use labfile::Overrides;

fn documented() -> Lab {
    Lab::documented(&Overrides { backend: Some(labfile::Backend::Frr), ..Overrides::default() }).unwrap()
}

fn node(name: &str, excluded: bool) -> NodeView {
    NodeView {
        name: name.to_owned(),
        ready: true,
        not_ready_because: None,
        addresses: Vec::new(),
        control_plane: excluded,
        excluded_from_load_balancers: excluded,
        unschedulable: false,
        pod_cidrs: Vec::new(),
        labels: BTreeMap::new(),
        kubelet: "v1.35.4".to_owned(),
    }
}

fn speaker_on(node: &str, name: &str, ready: bool) -> PodView {
    PodView { name: name.to_owned(), node: node.to_owned(), containers: vec!["frr".to_owned()], ready }
}

fn service_view(addresses: &[&str], local: bool) -> ServiceView {
    ServiceView {
        addresses: addresses.iter().map(|address| address.parse().unwrap()).collect(),
        families: vec!["IPv4".to_owned(), "IPv6".to_owned()],
        ports: vec![metallb::PortView { number: 80, protocol: Protocol::Tcp, node_port: Some(32109) }],
        local,
        endpoint_nodes: BTreeSet::from(["kind-worker2".to_owned()]),
    }
}

fn facts() -> Facts {
    Facts {
        parts: vec![(Component::Controller, Ok(()))],
        speakers: Ok(vec![
            speaker_on("kind-control-plane", "speaker-a", true),
            speaker_on("kind-worker", "speaker-b", true),
        ]),
        changes: Ok(Vec::new()),
    }
}

fn judged(backend: &str, facts: &Facts) -> Vec<String> {
    let installed = Installed { backend: Some(backend.parse().unwrap()), ..Installed::default() };
    let nodes = [node("kind-control-plane", true), node("kind-worker", false)];
    let failed = metallb(&documented(), &installed, &nodes, facts).into_iter().filter(|check| !check.passed);
    failed.map(|check| check.to_string()).collect()
}

#[test]
fn a_whole_metallb_passes() {
    assert!(judged("frr", &facts()).is_empty());
}

#[test]
fn another_backend_is_reported() {
    assert_eq!(judged("native", &facts()), ["metallb backend: native, expected frr"]);
    assert_eq!(judged("frr-k8s", &facts()), ["metallb backend: frr-k8s, expected frr"]);
}

#[test]
fn every_node_has_just_one_ready_speaker() {
    let with = |speakers: Vec<PodView>| judged("frr", &Facts { speakers: Ok(speakers), ..facts() });
    let first = || speaker_on("kind-control-plane", "speaker-a", true);
    assert_eq!(
        with(vec![first()]),
        ["metallb speaker on kind-worker: no speaker: does it tolerate the node's taints?"]
    );
    assert_eq!(
        with(vec![first(), speaker_on("kind-worker", "speaker-b", false)]),
        ["metallb speaker on kind-worker: speaker-b is not ready"]
    );
    let twice = vec![first(), speaker_on("kind-worker", "b", true), speaker_on("kind-worker", "c", true)];
    assert_eq!(with(twice), ["metallb speaker on kind-worker: 2 speakers, expected one"]);
}

#[test]
fn a_changed_resource_is_shown() {
    let changes = vec!["~ IPAddressPool metallb-system/doc-example-bgp-adv".to_owned(), "+ BGPPeer x".to_owned()];
    assert_eq!(
        judged("frr", &Facts { changes: Ok(changes), ..facts() }),
        ["metallb resources: not as the lab says: ~ IPAddressPool metallb-system/doc-example-bgp-adv (and 1 more)"]
    );
}

#[test]
fn every_address_of_the_service_is_looked_for() {
    let checks = |view: ServiceView| -> Vec<String> {
        services(&documented(), &[Ok(view)])
            .into_iter()
            .filter(|check| !check.passed)
            .map(|check| check.to_string())
            .collect()
    };
    assert!(checks(service_view(&["203.0.113.200", "fd01::"], false)).is_empty());
    assert_eq!(
        checks(service_view(&["203.0.113.200"], false)),
        ["service test-agnhost fd01::: not assigned; the service has 203.0.113.200"]
    );
    assert_eq!(checks(service_view(&[], false)).len(), 2);
    let idle = ServiceView { endpoint_nodes: BTreeSet::new(), ..service_view(&["203.0.113.200", "fd01::"], false) };
    assert_eq!(checks(idle), ["service test-agnhost endpoints: no ready endpoint"]);
}

#[test]
fn with_local_only_a_node_with_an_endpoint_announces() {
    let nodes = [node("kind-control-plane", true), node("kind-worker", false), node("kind-worker2", false)];
    let announcing = |service: Option<&ServiceView>| -> Vec<&str> {
        nodes.iter().map(|node| node.name.as_str()).filter(|node| announces(&nodes, service, node)).collect()
    };
    assert_eq!(announcing(None), ["kind-worker", "kind-worker2"]);
    assert_eq!(announcing(Some(&service_view(&[], false))), ["kind-worker", "kind-worker2"]);
    assert_eq!(announcing(Some(&service_view(&[], true))), ["kind-worker2"]);
}

#[test]
fn an_unwanted_policy_fails() {
    let checks = services(&documented(), &[Ok(service_view(&["203.0.113.200", "fd01::"], true))]);
    let policy = checks.last().unwrap();
    assert_eq!((policy.passed, policy.seen.as_str()), (false, "Local, expected Cluster"));
}
