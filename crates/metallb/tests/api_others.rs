//! Foreign objects are named and stay; ours are removed, wherever they are.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod fake;

use std::time::Duration;

use fake::*;
use metallb::deploy::{Bounds, Installation, Source};
use metallb::plan::Phase;
use metallb::spec::Backend;
use metallb::workload::Workload;
use metallb::{Error, Manifest, OWNER_LABEL, Removal};
use serde_json::{Value, json};
use tokio::time::timeout;

const NAMESPACE: &str = "/api/v1/namespaces/metallb-system";
const ROLES: &str = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const WEBHOOK: &str = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/frr-k8s-validating";

/// MetalLB itself, by a manifest.
fn direct() -> Installation {
    let text = "
{apiVersion: v1, kind: Namespace, metadata: {name: metallb-system}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'metallb-system:controller'}, rules: [{verbs: [get]}]}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: controller, namespace: metallb-system}}
---
{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: speaker, namespace: metallb-system}}
";
    Installation::new(lab(), Backend::Frr, Source::Manifest(Manifest::parse(text).unwrap()))
}

fn ours() -> Value {
    json!({metallb::OWNER_LABEL: metallb::FIELD_MANAGER, metallb::LAB_LABEL: "doc"})
}

/// Puts an object at its path, with labels and other fields.
fn put(api: &FakeApi, path: &str, (version, kind): (&str, &str), labels: &Value, mut fields: Value) {
    let (collection, name) = path.rsplit_once('/').unwrap();
    let parts = collection.split_once("/namespaces/").and_then(|(_, rest)| rest.split_once('/'));
    let namespace = parts.map(|(namespace, _)| namespace);
    fields["apiVersion"] = json!(version);
    fields["kind"] = json!(kind);
    fields["metadata"] = json!({"name": name, "namespace": namespace, "labels": labels});
    api.put(path, fields);
}

fn namespace(api: &FakeApi, labels: &Value) {
    put(api, NAMESPACE, ("v1", "Namespace"), labels, json!({}));
}

fn webhook(api: &FakeApi, labels: &Value) {
    let service = json!({"namespace": "metallb-system", "name": "s"});
    let fields = json!({"webhooks": [{"name": "x", "clientConfig": {"service": service}}]});
    put(api, WEBHOOK, ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"), labels, fields);
}

fn definition(api: &FakeApi, (group, version): (&str, &str), (plural, kind): (&str, &str), labels: &Value) -> String {
    let path = format!("{DEFINITIONS}/{plural}.{group}");
    let versions = json!([{"name": version, "served": true, "storage": true}]);
    let fields = json!({"spec": {"group": group, "names": {"kind": kind}, "versions": versions}});
    put(api, &path, ("apiextensions.k8s.io/v1", "CustomResourceDefinition"), labels, fields);
    path
}

async fn removed(api: &FakeApi) -> metallb::RemovalReport {
    timeout(PATIENCE, api.cluster().remove(&Removal::of(lab()), &())).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_metallb_of_others_is_not_taken_over() {
    let api = FakeApi::new();
    namespace(&api, &json!({}));
    put(&api, &format!("{DEPLOYMENTS}/controller"), ("apps/v1", "Deployment"), &json!({}), json!({}));
    let cluster = api.cluster();
    let error = timeout(PATIENCE, cluster.deploy(&direct(), quick(), &())).await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Foreign { .. }), "{error}");
    assert!(error.to_string().starts_with("Deployment metallb-system/controller exists and is not ours"), "{error}");
    assert!(api.calls("PATCH").iter().all(|path| path.ends_with("?dryRun")), "nothing was changed");
}

#[tokio::test]
async fn foreign_objects_keep_their_owner() {
    let api = FakeApi::new();
    namespace(&api, &json!({}));
    let role = format!("{ROLES}/metallb-system:controller");
    let helm = json!({OWNER_LABEL: "Helm"});
    put(&api, &role, ("rbac.authorization.k8s.io/v1", "ClusterRole"), &helm, json!({"rules": [1]}));
    let cluster = api.cluster();
    let plan = cluster.plan(&direct()).await.unwrap().to_string();
    assert!(plan.contains("~ ClusterRole") && !plan.contains("labels") && !plan.contains("Namespace"), "{plan}");
    timeout(PATIENCE, cluster.deploy_phases(&direct(), &[Phase::Namespaces], quick(), &())).await.unwrap().unwrap();
    let controller = format!("{DEPLOYMENTS}/controller");
    put(&api, &controller, ("apps/v1", "Deployment"), &ours(), json!({}));
    removed(&api).await.into_result().unwrap();
    assert!(api.get(NAMESPACE).unwrap()["metadata"]["labels"].get(OWNER_LABEL).is_none());
    assert!(api.get(&role).is_some() && api.get(&controller).is_none());
}

#[tokio::test]
async fn metallb_itself_is_not_applied_over_its_operator() {
    let (api, _) = with_operator();
    namespace(&api, &ours());
    let error = timeout(PATIENCE, api.cluster().plan(&direct())).await.unwrap().unwrap_err();
    assert!(matches!(error, Error::OperatorInTheWay { .. }), "{error}");
}

#[tokio::test]
async fn the_parts_of_another_backend_are_deleted() {
    let api = FakeApi::new();
    namespace(&api, &ours());
    for at in ["metallb-system/daemonsets/frr-k8s-daemon", "frr-nodes/daemonsets/frr-node"] {
        put(&api, &format!("/apis/apps/v1/namespaces/{at}"), ("apps/v1", "DaemonSet"), &ours(), json!({}));
    }
    webhook(&api, &ours());
    let plan = api.cluster().plan(&direct()).await.unwrap().to_string();
    assert!(plan.contains("- DaemonSet metallb-system/frr-k8s-daemon\n"), "{plan}");
    assert!(plan.contains("- ValidatingWebhookConfiguration frr-k8s-validating\n"), "{plan}");
    assert!(!plan.contains("frr-node\n"), "{plan}");
}

#[tokio::test]
async fn a_terminating_namespace_is_deleted_first() {
    let api = FakeApi::new();
    namespace(&api, &ours());
    let mut going = api.get(NAMESPACE).unwrap();
    going["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
    api.put(NAMESPACE, going);
    let (cluster, installation) = (api.cluster(), direct());
    let deploy = cluster.deploy_phases(&installation, &[Phase::Removal, Phase::Namespaces], quick(), &());
    let report = timeout(PATIENCE, deploy).await.unwrap().unwrap();
    assert_eq!(report.steps[0].step, "finish the deletion of namespace metallb-system");
    assert!(api.get(NAMESPACE).unwrap()["metadata"].get("deletionTimestamp").is_none());
}

#[tokio::test]
async fn cluster_wide_objects_that_others_need_stay() {
    let api = FakeApi::new();
    namespace(&api, &ours());
    let frr = definition(&api, ("frrk8s.metallb.io", "v1beta1"), ("frrconfigurations", "FRRConfiguration"), &json!({}));
    let state = definition(&api, ("frrk8s.metallb.io", "v1beta1"), ("frrnodestates", "FRRNodeState"), &json!({}));
    let peers = definition(&api, ("metallb.io", "v1beta2"), ("bgppeers", "BGPPeer"), &json!({}));
    let other = "/apis/frrk8s.metallb.io/v1beta1/namespaces/openshift-frr-k8s/frrconfigurations/mine";
    put(&api, other, ("frrk8s.metallb.io/v1beta1", "FRRConfiguration"), &json!({}), json!({}));
    for (name, namespace) in [("metallb-system:speaker", "metallb-system"), ("frr-k8s-daemon", "openshift-frr-k8s")] {
        let rbac = "rbac.authorization.k8s.io/v1";
        put(&api, &format!("{ROLES}/{name}"), (rbac, "ClusterRole"), &json!({}), json!({}));
        let role = json!({"kind": "ClusterRole", "name": name});
        let fields = json!({"roleRef": role, "subjects": [{"kind": "ServiceAccount", "namespace": namespace}]});
        put(
            &api,
            &format!("/apis/{rbac}/clusterrolebindings/{name}"),
            (rbac, "ClusterRoleBinding"),
            &json!({}),
            fields,
        );
    }
    let report = removed(&api).await.into_result().unwrap();
    let left: Vec<&String> = report.left().collect();
    assert_eq!(
        left,
        [
            "ClusterRole frr-k8s-daemon: it serves others too",
            "definitions of frrk8s.metallb.io: FRRConfiguration openshift-frr-k8s/mine is there"
        ]
    );
    assert!(api.get(&frr).is_some() && api.get(&state).is_some() && api.get(&peers).is_none());
    assert!(api.get(&format!("{ROLES}/metallb-system:speaker")).is_none() && api.get(NAMESPACE).is_none());
}

#[tokio::test]
async fn without_the_namespace_the_rest_of_ours_is_removed() {
    let api = FakeApi::new();
    webhook(&api, &ours());
    let own = definition(&api, ("metallb.io", "v1beta2"), ("bgppeers", "BGPPeer"), &ours());
    let role = format!("{ROLES}/metallb-system:controller");
    put(&api, &role, ("rbac.authorization.k8s.io/v1", "ClusterRole"), &ours(), json!({}));
    let report = removed(&api).await.into_result().unwrap();
    assert!([WEBHOOK, &own, &role].iter().all(|path| api.get(path).is_none()), "{report:?}");
    assert_eq!(report.left().count(), 0);
}

#[tokio::test]
async fn frr_without_metallb_is_left_alone() {
    let api = FakeApi::new();
    namespace(&api, &ours());
    let daemons = "/apis/apps/v1/namespaces/frr-nodes/daemonsets/frr-node";
    put(&api, daemons, ("apps/v1", "DaemonSet"), &ours(), json!({}));
    let files = "/api/v1/namespaces/frr-nodes/configmaps/frr-kind-worker";
    put(&api, files, ("v1", "ConfigMap"), &ours(), json!({}));
    removed(&api).await.into_result().unwrap();
    assert!(api.get(daemons).is_some() && api.get(files).is_some() && api.get(NAMESPACE).is_none());
}

#[tokio::test]
async fn a_kind_that_cannot_be_listed_does_not_block_others() {
    let api = FakeApi::new();
    namespace(&api, &ours());
    let pool = "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools/a";
    put(&api, pool, ("metallb.io/v1beta1", "IPAddressPool"), &json!({}), json!({}));
    api.fault(|_, path| {
        let words = "conversion webhook for metallb.io/v1beta2, Kind=BGPPeer failed: connection refused";
        path.contains("v1beta2").then(|| (500, status(500, "InternalError", words)))
    });
    let report = removed(&api).await;
    assert!(api.get(pool).is_none());
    assert!(report.into_result().unwrap_err().to_string().contains("conversion webhook"));
    assert!(!api.calls("GET").iter().any(|path| path.contains("v1beta1") && path.contains("bgppeers")));
}

#[tokio::test]
async fn an_applications_namespace_is_created_and_removed_with_it() {
    const DEMO: &str = "/api/v1/namespaces/demo";
    let (api, mut installation) = with_operator();
    installation.workloads = vec![Workload::agnhost("app".parse().unwrap(), "demo".parse().unwrap(), "agnhost:1")];
    let cluster = api.cluster();
    let bounds = Bounds { workload: Duration::from_millis(100), ..quick() };
    let deploy = cluster.deploy_phases(&installation, &[Phase::Workload], bounds, &());
    let error = timeout(PATIENCE, deploy).await.unwrap().unwrap_err();
    assert!(matches!(error, Error::TimedOut { .. }), "nobody starts its pods here");
    assert!(api.get(DEMO).is_some() && api.get("/api/v1/namespaces/demo/services/app").is_some());
    removed(&api).await.into_result().unwrap();
    assert!(api.get(DEMO).is_none());
    // One that is there is used, and stays.
    put(&api, DEMO, ("v1", "Namespace"), &json!({}), json!({}));
    let plan = cluster.plan(&installation).await.unwrap().to_string();
    assert!(!plan.contains("Namespace demo"), "{plan}");
}

#[tokio::test]
async fn missing_objects_of_a_manifest_are_named() {
    let api = FakeApi::new();
    namespace(&api, &json!({}));
    put(&api, &format!("{DEPLOYMENTS}/controller"), ("apps/v1", "Deployment"), &json!({}), json!({}));
    let Source::Manifest(manifest) = direct().source else { panic!("a manifest") };
    let missing: Vec<String> =
        api.cluster().missing(&manifest).await.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(missing, ["ClusterRole metallb-system:controller", "DaemonSet metallb-system/speaker"]);
}
