//! A cluster with one thing wrong.

use metallb::PodView;
use metallb::facts::NamespaceState;
use metallb::ready::{PodTrouble, Trouble};
use metallb::spec::Backend;

use netlab::RunState;

use super::fixture::{balanced, cluster, service};
use crate::check::Topic;
use crate::conclude::Diagnosis;
use crate::evidence::tests::fail;
use crate::evidence::{Evidence, Inside};
use crate::rules::tests::only;
use crate::subject::{Component, Subject};

#[test]
fn a_healthy_cluster_yields_nothing() {
    assert_eq!(Diagnosis::of(&cluster(|_| {})).text("⌘"), "nothing wrong found\n");
}

#[test]
fn services_without_kube_proxy() {
    let with = |change: fn(&mut Inside)| {
        let mut e = cluster(|_| {});
        change(e.inside.get_mut("kind-worker").unwrap());
        fail(&mut e, Topic::Metallb, Subject::Speaker { node: "kind-worker".into() });
        let at = "10.0.1.3:30000".parse().unwrap();
        let protocol = metallb::workload::Protocol::Tcp;
        fail(
            &mut e,
            Topic::NodePort,
            Subject::NodePort { from: "frr1".into(), node: "kind-worker".into(), at, protocol },
        );
        e
    };
    let named = |e: &Evidence, why: &str| {
        only(e, "services-unserved", &["services do not work on node kind-worker", why, "spec.nodeName=kind-worker"]);
    };
    named(&with(|i| i.programs.retain(|name, _| name != "kube-proxy")), "does not run");
    named(&with(|i| i.programs.extend([("kube-proxy".to_owned(), true)])), "stopped by a signal");
    named(&with(|i| i.tcp.clear()), "has not got through to the API");
}

#[test]
fn nodes() {
    only(
        &cluster(|c| c.nodes.retain(|n| n.name != "kind-worker")),
        "node-missing",
        &["kind-worker is not in the cluster's API", "restart kubelet"],
    );
    let not_ready =
        cluster(|c| (c.nodes[1].ready, c.nodes[1].not_ready_because) = (false, Some("kubelet stopped".into())));
    only(&not_ready, "node-not-ready", &["node kind-worker is not Ready", "kubelet stopped"]);
    only(
        &cluster(|c| c.nodes[1].excluded_from_load_balancers = true),
        "node-excluded",
        &["kind-worker is excluded from load balancing", "exclude-from-external-load-balancers-"],
    );
    let mut low = cluster(|_| {});
    low.host.low_limits = vec![("fs.inotify.max_user_instances", 128, 512)];
    assert!(Diagnosis::of(&low).is_healthy(), "nothing suffers from it");
    fail(&mut low, Topic::Nodes, Subject::Node("kind-worker".into()));
    assert_eq!(Diagnosis::of(&low).findings, [], "nobody complains of it");
    let words = "cannot create watch: too many open files".to_owned();
    low.cluster.as_mut().unwrap().nodes[0].not_ready_because = Some(words);
    only(&low, "inotify-limits", &["fs.inotify.max_user_instances", "128", "sysctl -w"]);
}

#[test]
fn parts() {
    let stuck = cluster(|c| c.facts.namespace = NamespaceState::Terminating("failed calling webhook \"x\"".into()));
    only(&stuck, "namespace-stuck", &["metallb-system is being deleted and stuck", "webhook", "undeploy-metallb"]);
    only(&cluster(|c| c.installed.operator = false), "operator-missing", &["operator is not there"]);
    only(&cluster(|c| c.facts.resources.clear()), "metallb-resource-missing", &["no MetalLB resource"]);
    only(&cluster(|c| c.facts.resources[0].0 = "mine".into()), "metallb-resource-missing", &["is named mine"]);
    only(&cluster(|c| c.facts.daemon_sets.clear()), "deployment-missing", &["speakers are not there"]);
    only(
        &cluster(|c| c.facts.deployments[0].wanted = 0),
        "scaled-to-nothing",
        &["deployment controller is scaled to 0", "--replicas=1"],
    );
    only(
        &cluster(|c| c.facts.resources[0].1 = Some(Backend::FrrK8s)),
        "backend-differs",
        &["asks for backend frr-k8s, and the speakers run frr"],
    );
    only(
        &cluster(|c| c.speakers.retain(|pod| pod.node != "kind-worker")),
        "speaker-missing",
        &["node kind-worker has no speaker"],
    );
    only(
        &cluster(|c| c.facts.deployments[2].bgp_type = Some("native".into())),
        "webhook-native",
        &["validate for the native backend", "METALLB_BGP_TYPE=frr"],
    );
    only(&cluster(|c| c.facts.webhooks[0].answers = false), "webhook-down", &["webhook c has nobody to answer"]);
    only(&cluster(|c| c.facts.deployments[0].images.push("x:main".into())), "image-floating", &["x:main"]);
}

#[test]
fn pods() {
    let with = |pod: &str, trouble: Trouble| {
        let trouble = PodTrouble { pod: pod.to_owned(), container: "c".to_owned(), trouble };
        cluster(|c| c.facts.troubles.push(trouble))
    };
    let image = || "x:1".to_owned();
    only(
        &with("controller-1", Trouble::NeverPulled { image: image() }),
        "image-never-pulled",
        &["pull policy is Never", "IfNotPresent"],
    );
    let missing = Trouble::NotPulled { image: image(), message: "not found".into(), given_up: true };
    only(&with("test-agnhost-5c6d7f-x2x4q", missing), "image-missing", &["image x:1 cannot be pulled", "images load"]);
    only(
        &with("w-1", Trouble::Unconfigured { message: "configmap".into() }),
        "pod-unconfigured",
        &["waits for its configuration"],
    );
    let flag = Trouble::Crashing { last_log_line: Some("flag provided but not defined: -x".into()), restarts: 3 };
    only(&with("speaker-kind-worker", flag), "unknown-flag", &["does not know a flag", "one release"]);
    only(
        &with("speaker-kind-worker", Trouble::Crashing { last_log_line: None, restarts: 3 }),
        "pod-crashing",
        &["crashes", "--previous"],
    );
    only(
        &with("controller-1", Trouble::Unschedulable { message: "taints".into() }),
        "pod-unschedulable",
        &["finds no node"],
    );
}

#[test]
fn resources() {
    only(&cluster(|c| c.facts.pools.clear()), "pool-missing", &["doc-example-bgp-adv is not there"]);
    let full = cluster(|c| {
        c.services[0].as_mut().unwrap().addresses.remove(0);
        c.facts.services.push(balanced("other", "greedy", &["203.0.113.200"]));
        c.facts.applications[0].words.push("AllocationFailed: no available IPs".into());
    });
    only(&full, "pool-full", &["service other/greedy has it, and the pool is full", "no available IPs"]);
    only(
        &cluster(|c| c.facts.advertisements.clear()),
        "advertisement-missing",
        &["no BGPAdvertisement names address pool"],
    );
    only(&cluster(|c| drop(c.facts.peers.remove(0))), "peer-missing", &["no BGPPeer leads to frr1 (10.0.2.3)"]);
    only(
        &cluster(|c| c.facts.peers[0].dual_stack = false),
        "dual-stack-off",
        &["fd01::/128 is assigned and never announced to frr1"],
    );
    let missing = Diagnosis::of(&cluster(|c| c.facts.profiles.clear()));
    assert!(
        missing.findings.iter().all(|finding| finding.rule == "bfd-profile-unknown") && missing.findings.len() == 2
    );
}

#[test]
fn services() {
    only(
        &cluster(|c| c.services[0] = Err("not found".into())),
        "service-missing",
        &["service test-agnhost is not there"],
    );
    only(&service(|s| s.families.truncate(1)), "service-single-stack", &["has IPv4 only"]);
    only(&cluster(|c| c.facts.services[0].class = Some("other".into())), "service-class", &["of class other"]);
    only(&service(|s| s.endpoint_nodes.clear()), "endpoints-missing", &["no ready endpoint", "1 of 1 pods"]);
    only(&service(|s| s.local = true), "policy-local", &["externalTrafficPolicy Local", "kind-worker2 do not"]);
}

#[test]
fn a_pod_whose_name_only_begins_alike_is_another_applications() {
    let trouble = Trouble::Crashing { last_log_line: None, restarts: 3 };
    let pod = "test-agnhost-2-5c6d7f-x2x4q".to_owned();
    let e = cluster(|c| c.facts.troubles.push(PodTrouble { pod, container: "c".to_owned(), trouble }));
    let found = Diagnosis::of(&e).findings;
    assert!(!found[0].remedy.to_string().contains("-n default"), "{found:?}");
}

#[test]
fn an_address_may_be_written_in_more_ways_than_one() {
    let mut e = cluster(|c| c.facts.peers[0].address = "FD00:10:0:2:0:0:0:3".into());
    e.lab.peers[0].address = "fd00:10:0:2::3".parse().unwrap();
    let found = Diagnosis::of(&e).findings;
    assert!(found.iter().all(|finding| finding.rule != "peer-missing"), "{found:?}");
}

/// A node that hangs takes the pods on it with it: their webhooks have nobody to answer, and their parts are not ready.
#[test]
fn what_hangs_with_its_node_has_no_cause_of_its_own() {
    let e = cluster(|c| {
        c.facts.webhooks[0].answers = false;
        let pod = |name: &str, ready| PodView {
            name: name.into(),
            node: "kind-worker".into(),
            containers: Vec::new(),
            ready,
        };
        c.facts.pods = vec![pod("controller-7d-x", false), pod("metallb-operator-controller-manager-5c-y", true)];
    });
    let paused = |mut e: Evidence| {
        let docker = e.docker.as_mut().unwrap();
        docker.containers.iter_mut().find(|c| c.name == "kind-worker").unwrap().run = RunState::Paused;
        fail(&mut e, Topic::Metallb, Subject::Component(Component::Controller));
        fail(&mut e, Topic::Metallb, Subject::Component(Component::Operator));
        e
    };
    let diagnosis = Diagnosis::of(&paused(e));
    let rules: Vec<&str> = diagnosis.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["container-paused"], "{}", diagnosis.text("⌘"));
    assert_eq!(diagnosis.findings[0].explains, ["metallb controller"]);
    assert_eq!(diagnosis.unexplained.len(), 1, "nothing of the operator's is on the node: {:?}", diagnosis.unexplained);
}

#[test]
fn a_speaker_that_did_not_know_its_nodes_labels() {
    let mut e = cluster(|_| {});
    let prefix: ipnet::IpNet = "203.0.113.200/32".parse().unwrap();
    let own = serde_json::json!({"routes": {"203.0.113.200/32": [{"valid": true, "bestpath": true}]}});
    let table: frrconf::views::BgpTable = serde_json::from_value(own).unwrap();
    e.frr.entry("kind-control-plane".into()).or_default().bgp.insert(labfile::Family::Ipv4, table);
    fail(&mut e, Topic::Bgp, Subject::session("frr1", "kind-control-plane"));
    fail(&mut e, Topic::Table, Subject::Prefix { place: "frr1".into(), prefix });
    let words =
        ["the speaker on kind-control-plane announces 203.0.113.200/32", "delete pod speaker-kind-control-plane"];
    only(&e, "excluded-announces", &words);
    assert!(Diagnosis::of(&e).unexplained.is_empty());
}
