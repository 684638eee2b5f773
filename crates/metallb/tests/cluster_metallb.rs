//! The whole life of a MetalLB on a real cluster, reached only through its kubeconfig.
//!
//! Needs kind, MetalLB's images in the engine, `METALLB_LAB_TEST_MANIFESTS` (the folder of MetalLB's published
//! manifests) and `METALLB_LAB_TEST_OPERATOR_DIR` (a checkout of the operator).
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "helpers of tests; figures are shown")]

mod kind;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use k8s_openapi::api::core::v1::Namespace;
use kind::installation::{AGNHOST, installation, lab, name};
use kind::{Kind, given, pods};
use kube::Api;
use kube::api::{Patch, PatchParams};
use metallb::deploy::{Bounds, Installation, Source};
use metallb::frr::{FrrFiles, FrrNodes};
use metallb::plan::Phase;
use metallb::spec::{Backend, BgpPeer};
use metallb::value::Asn;
use metallb::{Cluster, Error, ExpectedNodes, InNamespace, Manifest, NamespacedName, ObjectRef, Removal};
use serde_json::json;
use settle::Verdict;

/// The application.
const SERVICE: NamespacedName<'_> = NamespacedName { namespace: "default", name: "test-agnhost" };
const FRR: &str = "quay.io/frrouting/frr:9.1.0";

/// The manifest of a newer release, in the folder of manifests.
const NEWER: &str = "v0.16.1/metallb-frr-k8s.yaml";

/// The images of the manifests, of FRR and of the workload.
fn images() -> BTreeSet<String> {
    let backends = [Backend::Frr, Backend::FrrK8s, Backend::Native];
    let published = backends.map(|backend| given("METALLB_LAB_TEST_MANIFESTS", &format!("metallb-{backend}.yaml")));
    let paths = published.into_iter().chain([operator(), given("METALLB_LAB_TEST_MANIFESTS", NEWER)]);
    let asked = paths.flat_map(|path| manifest(&path).images());
    asked.map(|image| image.to_string()).chain([FRR, AGNHOST].map(str::to_owned)).collect()
}

fn operator() -> PathBuf {
    given("METALLB_LAB_TEST_OPERATOR_DIR", "config/default/operator.yaml")
}

/// Set once the cluster is there.
static KUBECONFIG: OnceLock<PathBuf> = OnceLock::new();

async fn cluster() -> Cluster {
    Cluster::connect(KUBECONFIG.get().unwrap(), None).await.unwrap()
}

/// One cluster serves them all: it takes half a minute to make.
#[tokio::test]
#[ignore = "cluster tier: cargo xtask test"]
async fn a_metallb_lives_on_a_real_cluster() {
    let kind = Kind::with(&images());
    KUBECONFIG.set(kind.kubeconfig.clone()).unwrap();
    let nodes = ExpectedNodes::AtLeast(1);
    cluster().await.wait_nodes_ready(&nodes, Duration::from_secs(120)).await.unwrap();
    pods::a_deployment_is_waited_for(&cluster().await).await;
    pods::a_command_in_a_pod_returns_its_exit_code(&cluster().await).await;
    frr_without_metallb().await;
    for backend in [Backend::FrrK8s, Backend::Native] {
        lives_and_dies(installation(backend, published(backend))).await;
    }
    let operator = manifest(&operator());
    lives_and_dies(installation(Backend::Frr, Source::Manifest(operator))).await;
    lives(&installation(Backend::Frr, published(Backend::Frr))).await;
    a_field_added_by_others_is_removed().await;
    versions_and_backends_change_in_place().await;
    peers_change_what_they_share().await;
    a_namespace_stuck_behind_its_webhooks_is_removed().await;
}

fn manifest(path: &Path) -> Manifest {
    Manifest::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn published(backend: Backend) -> Source {
    Source::Manifest(manifest(&given("METALLB_LAB_TEST_MANIFESTS", &format!("metallb-{backend}.yaml"))))
}

/// Deploys twice, and reads what a verification reads.
async fn lives(installation: &Installation) {
    let cluster = cluster().await;
    let begun = Instant::now();
    let report = cluster.deploy(installation, Bounds::default(), &()).await.unwrap();
    eprintln!("{} by {:?}: {:?}", installation.backend, installation.has_operator(), begun.elapsed());
    report.steps.iter().filter(|step| step.took.as_millis() > 500).for_each(|step| eprintln!("  {step:?}"));
    assert!(report.changed > 0);

    let plan = cluster.plan(installation).await.unwrap();
    assert!(plan.is_empty(), "the second plan is empty:\n{plan}");
    let begun = Instant::now();
    assert_eq!(cluster.deploy(installation, Bounds::default(), &()).await.unwrap().changed, 0);
    eprintln!("  again: {:?}", begun.elapsed());

    let namespace = installation.namespace.as_str();
    let nodes = cluster.nodes().await.unwrap();
    assert_eq!(cluster.speakers(namespace).await.unwrap().len(), nodes.len());
    let service = cluster.service(SERVICE).await.unwrap();
    assert!(service.addresses.contains(&"203.0.113.200".parse().unwrap()), "{service:?}");
    assert_eq!(service.addresses.len(), if installation.backend.is_frr() { 2 } else { 1 });
    assert!(service.ports[0].node_port.is_some() && !service.endpoint_nodes.is_empty());
    for pod in cluster.frr_pods(namespace, installation.backend).await.unwrap() {
        has_loaded_its_configuration(&cluster, NamespacedName { namespace, name: &pod.name }).await;
    }
}

/// [`lives`], and then all of it is removed.
async fn lives_and_dies(installation: Installation) {
    lives(&installation).await;
    let cluster = cluster().await;
    let begun = Instant::now();
    cluster.remove(&Removal::of(lab()), &()).await.unwrap().into_result().unwrap();
    eprintln!("  removed: {:?}", begun.elapsed());
    assert!(matches!(cluster.service(SERVICE).await, Err(Error::NotFound { .. })));
    let begun = Instant::now();
    cluster.remove(&Removal::of(lab()), &()).await.unwrap().into_result().unwrap();
    eprintln!("  again: {:?}", begun.elapsed());
}

/// From MetalLB 0.15.2 with frr to 0.16.1 with frr-k8s, and back.
async fn versions_and_backends_change_in_place() {
    let newer = given("METALLB_LAB_TEST_MANIFESTS", NEWER);
    lives(&installation(Backend::FrrK8s, Source::Manifest(manifest(&newer)))).await;
    lives(&installation(Backend::Frr, published(Backend::Frr))).await;
}

async fn a_field_added_by_others_is_removed() {
    let (cluster, installation) = (cluster().await, installation(Backend::Frr, published(Backend::Frr)));
    let peers: Api<BgpPeer> = Api::namespaced(cluster.client(), &installation.namespace);
    let params = PatchParams { field_manager: Some("somebody".to_owned()), ..PatchParams::default() };
    let patch = json!({"spec": {"nodeSelectors": [{"matchLabels": {"a": "b"}}]}});
    peers.patch("doc-example-peer", &params, &Patch::Merge(&patch)).await.unwrap();
    let plan = cluster.plan(&installation).await.unwrap().to_string();
    assert!(plan.contains("spec.nodeSelectors: - ") && plan.contains("(set by somebody at "), "{plan}");
    cluster.deploy_phases(&installation, &[Phase::Configuration], Bounds::default(), &()).await.unwrap();
    assert!(cluster.plan(&installation).await.unwrap().is_empty());
}

/// MetalLB's own webhooks look at each peer beside what the others still are.
async fn peers_change_what_they_share() {
    let mut two = installation(Backend::Frr, published(Backend::Frr));
    let mut second = two.configuration.peers[0].clone();
    second.metadata.name = Some("second".to_owned());
    second.spec.peer_address = "10.0.2.4".parse().unwrap();
    two.configuration.peers.push(second);
    let configured = async |installation: &Installation| {
        let cluster = cluster().await;
        cluster.deploy_phases(installation, &[Phase::Configuration], Bounds::default(), &()).await.unwrap();
        assert!(cluster.plan(installation).await.unwrap().is_empty());
    };
    configured(&two).await;
    two.configuration.bfd_profiles[0].metadata.name = Some("renamed".to_owned());
    let addresses = ["10.0.2.4", "10.0.2.3"];
    for (peer, address) in two.configuration.peers.iter_mut().zip(addresses) {
        peer.spec.peer_address = address.parse().unwrap();
        peer.spec.my_asn = Asn::new(64501).unwrap();
        peer.spec.bfd_profile = Some(name("renamed"));
    }
    configured(&two).await;
}

/// An address is assigned before the node's FRR has read about its peers: frr-k8s gathers changes for some seconds.
async fn has_loaded_its_configuration(cluster: &Cluster, pod: NamespacedName<'_>) {
    let loads = settle::Wait::new("FRR's configuration", Duration::from_secs(30));
    loads
        .poll(async || {
            let output = cluster.vtysh(pod, "show running-config").await.unwrap();
            assert_eq!(output.code, 0, "{output:?}");
            match output.stdout.contains("router bgp 64500") {
                true => Verdict::<_, Error>::Ready(()),
                false => Verdict::NotYet(output.stdout),
            }
        })
        .await
        .unwrap();
}

/// The namespace is deleted first, as one would by hand, and stays in Terminating behind its own webhooks.
async fn a_namespace_stuck_behind_its_webhooks_is_removed() {
    let cluster = cluster().await;
    let (api_version, kind) = ("v1".to_owned(), "Namespace".to_owned());
    let namespace = ObjectRef { api_version, kind, namespace: None, name: "metallb-system".to_owned() };
    cluster.delete(&namespace).await.unwrap();
    let namespaces: Api<Namespace> = Api::all(cluster.client());
    let stuck = settle::Wait::new("the namespace is stuck", Duration::from_secs(60));
    stuck
        .poll(async || {
            let status = namespaces.get("metallb-system").await.unwrap().status.unwrap_or_default();
            let mut conditions = status.conditions.into_iter().flatten();
            let webhook = conditions.find_map(|c| c.message.filter(|text| text.contains("failed calling webhook")));
            webhook.map_or(Verdict::NotYet("not stuck".into()), Verdict::<_, Error>::Ready)
        })
        .await
        .unwrap();
    let begun = Instant::now();
    cluster.remove(&Removal::of(lab()), &()).await.unwrap().into_result().unwrap();
    eprintln!("removed in {:?}", begun.elapsed());
    assert!(namespaces.get_opt("metallb-system").await.unwrap().is_none());
}

async fn frr_without_metallb() {
    let cluster = cluster().await;
    let nodes = cluster.wait_nodes_ready(&ExpectedNodes::AtLeast(1), Duration::from_secs(60)).await.unwrap();
    let text = |line: &str| FrrFiles {
        daemons: "bfdd=yes\nzebra=yes\nvtysh_enable=yes\n".into(),
        frr_conf: format!("frr defaults traditional\n!\n{line}\n!\n"),
        vtysh_conf: "service integrated-vtysh-config\n".into(),
    };
    let frr = |line: &str| FrrNodes {
        lab: lab(),
        namespace: name("frr-nodes"),
        image: FRR.into(),
        nodes: nodes.iter().map(|node| (node.name.clone(), text(line))).collect(),
    };
    let bound = Duration::from_secs(120);
    cluster.deploy_frr(&frr("bfd\n peer 192.0.2.9 multihop local-address 192.0.2.8\n"), bound, &()).await.unwrap();
    assert!(
        cluster.plan_frr(&frr("bfd\n peer 192.0.2.9 multihop local-address 192.0.2.8\n")).await.unwrap().is_empty()
    );
    let changed = frr("bfd\n peer 192.0.2.7 multihop local-address 192.0.2.8\n");
    cluster.deploy_frr(&changed, bound, &()).await.unwrap();
    for pod in cluster.pods(InNamespace("frr-nodes"), "app=frr-node").await.unwrap() {
        let pod = NamespacedName { namespace: "frr-nodes", name: &pod.name };
        let peers = cluster.vtysh(pod, "show bfd peers json").await.unwrap();
        assert!(peers.stdout.contains("192.0.2.7") && !peers.stdout.contains("192.0.2.9"), "{}", peers.stdout);
    }
    assert!(cluster.remove_frr(&lab(), &name("frr-nodes"), bound).await.unwrap());
    assert!(!cluster.remove_frr(&lab(), &name("frr-nodes"), bound).await.unwrap());
}
