use netlab::EndpointState;

use super::super::fixture::{container, network};
use super::*;
use diagnosis::evidence::cluster_is_there;
use labfile::{KubeProxy, Overrides};

fn lab() -> Lab {
    Lab::documented(&Overrides::default()).unwrap()
}

fn node(name: &str, run: RunState, networks: &[&str]) -> ContainerState {
    let endpoints = networks.iter().map(|network| (*network, EndpointState::default()));
    ContainerState { image: lab().images.node.to_string(), ..container(name, run, endpoints) }
}

fn three(run: RunState) -> Vec<ContainerState> {
    ["kind-control-plane", "kind-worker", "kind-worker2"].map(|name| node(name, run, &["kind"])).into()
}

fn seen_on_ours(containers: &[ContainerState]) -> State {
    seen(&lab(), &[network(Some("documented"))], containers).unwrap()
}

fn unfit(containers: &[ContainerState]) -> String {
    match seen_on_ours(containers) {
        State::Unfit(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn nodes_on_the_labs_own_network_are_the_labs() {
    assert_eq!(seen_on_ours(&[]), State::Absent);
    assert_eq!(seen_on_ours(&three(RunState::Running)), State::Running);
    let mut one_paused = three(RunState::Running);
    one_paused[1].run = RunState::Paused;
    assert_eq!(seen_on_ours(&one_paused), State::Stopped);
    // Between being taken off its network and being put back.
    one_paused[2].endpoints.clear();
    assert_eq!(seen_on_ours(&one_paused), State::Stopped);
}

#[test]
fn somebody_elses_cluster_of_that_name_is_refused_by_name() {
    let elsewhere = [node("kind-control-plane", RunState::Running, &["other"])];
    for networks in [vec![], vec![network(None)], vec![network(Some("documented"))]] {
        let refused = seen(&lab(), &networks, &elsewhere).unwrap_err().to_json();
        assert_eq!(refused["code"], 3);
        assert_eq!(
            refused["causes"][0],
            "container kind-control-plane is on network other, not on the lab's own network kind"
        );
        assert!(!cluster_is_there(&lab(), &networks, &elsewhere));
    }
    // All of them, in a network of the right name that is not ours.
    assert!(seen(&lab(), &[network(None)], &three(RunState::Running)).is_err());
}

#[test]
fn somebody_elses_container_of_a_nodes_name_stands_in_the_way_only_where_the_name_is_needed() {
    let mut nodes = three(RunState::Running);
    nodes.push(node("kind-worker3", RunState::Running, &["other"]));
    assert_eq!(seen_on_ours(&nodes), State::Running);
    nodes[2].endpoints = nodes[3].endpoints.clone();
    assert!(seen(&lab(), &[network(Some("documented"))], &nodes).is_err());
}

#[test]
fn standalone_nodes_are_not_kinds() {
    let mut standalone = three(RunState::Running);
    standalone.iter_mut().for_each(|node| node.lab = Some("documented".to_owned()));
    assert_eq!(seen_on_ours(&standalone), State::Absent);
    assert!(!cluster_is_there(&lab(), &[network(Some("documented"))], &standalone));
}

#[test]
fn names_that_only_start_alike_are_no_nodes() {
    for name in ["kind-worker-x", "kind-workers", "kindest-worker", "kind", "my-kind-worker"] {
        assert_eq!(seen_on_ours(&[node(name, RunState::Running, &["kind"])]), State::Absent, "{name}");
    }
}

#[test]
fn what_the_lab_file_says_otherwise_is_made_anew() {
    let mut nodes = three(RunState::Running);
    nodes.push(node("kind-worker3", RunState::Exited, &["kind"]));
    assert!(unfit(&nodes).contains("kind-worker3, not kind-control-plane"));
    assert!(unfit(&three(RunState::Running)[..2]).starts_with("there are kind-control-plane, kind-worker, not"));
    assert_eq!(unfit(&three(RunState::Created)), "a node was made and never ran");
    let mut older = three(RunState::Running);
    older[2].image = "kindest/node:v1.34.0".to_owned();
    assert_eq!(unfit(&older), "kind-worker2 is made of kindest/node:v1.34.0, not of kindest/node:v1.35.0");
}

#[test]
fn an_image_that_is_listed_by_its_id_counts_as_right() {
    for listed in ["", "sha256:aa11", "0a1b2c3d4e5f", "docker.io/kindest/node:v1.35.0", "kindest/node@sha256:aa11"] {
        let mut nodes = three(RunState::Running);
        nodes[0].image = listed.to_owned();
        assert_eq!(seen_on_ours(&nodes), State::Running, "{listed}");
    }
}

#[test]
fn a_node_that_is_just_changing_takes_nothing_away() {
    let mut nodes = three(RunState::Running);
    nodes[1].run = RunState::Broken;
    let refused = seen(&lab(), &[network(Some("documented"))], &nodes).unwrap_err().to_json();
    assert_eq!(refused["code"], 1);
    assert!(refused["message"].as_str().unwrap().contains("kind-worker"));
}

#[test]
fn ranges_that_the_cluster_was_made_with_are_compared() {
    let made = |pods: &str, services: &str| Made {
        pods: pods.split(',').filter_map(|net| net.parse().ok()).collect(),
        services: services.split(',').filter_map(|net| net.parse().ok()).collect(),
        kube_proxy: None,
    };
    let lab = lab();
    let [pods, services] = [&lab.cluster.pods, &lab.cluster.services]
        .map(|nets| nets.iter().map(|net| net.to_string()).collect::<Vec<_>>().join(","));
    assert_eq!(otherwise(&lab, &made(&pods, &services)), None);
    assert_eq!(otherwise(&lab, &made("", "")), None);
    let turned = services.split(',').rev().collect::<Vec<_>>().join(",");
    assert_eq!(otherwise(&lab, &made(&pods, &turned)), None);
    let other = otherwise(&lab, &made("10.244.0.0/16", &services)).unwrap();
    assert!(other.starts_with("its pods are in 10.244.0.0/16, not in 10.128.0.0/14"), "{other}");
    assert!(otherwise(&lab, &made(&pods, "10.96.0.0/16")).unwrap().starts_with("its services are in 10.96.0.0/16"));
}

#[test]
fn the_mode_of_kube_proxy_is_compared() {
    let with = |kube_proxy| otherwise(&lab(), &Made { kube_proxy, ..Made::default() });
    assert_eq!(with(Some(KubeProxy::Iptables)), None);
    assert_eq!(with(Some(KubeProxy::Nftables)).unwrap(), "its kube-proxy uses nftables, not iptables");
}
