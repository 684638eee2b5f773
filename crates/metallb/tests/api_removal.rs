//! Refusals and removals against an API server that answers in one way or another.
#![allow(dead_code, reason = "each test target uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod fake;

use std::time::Duration;

use fake::*;
use metallb::deploy::{Installation, Source};
use metallb::spec::{Backend, IpAddressPool, IpAddressPoolSpec};
use metallb::{Error, Event, Removal};
use serde_json::{Value, json};
use tokio::time::timeout;

const POOLS: &str = "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools";

#[tokio::test]
async fn a_missing_operator_is_named_at_once() {
    let installation = Installation::new(lab(), Backend::Frr, Source::OperatorInstalled);
    let error = timeout(PATIENCE, FakeApi::new().cluster().deploy(&installation, quick(), &())).await.unwrap();
    assert!(error.unwrap_err().to_string().contains("install the operator first"));
}

#[tokio::test]
async fn a_pool_with_a_nodes_address_is_refused() {
    let (api, mut installation) = with_operator();
    let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "kind-worker"},
        "status": {"addresses": [{"type": "InternalIP", "address": "10.0.1.3"}]}});
    api.put("/api/v1/nodes/kind-worker", node);
    let pool = IpAddressPool::new("wide", IpAddressPoolSpec::of(vec!["10.0.1.0/24".parse().unwrap()]));
    installation.configuration.pools.push(pool);
    let error = timeout(PATIENCE, api.cluster().deploy(&installation, quick(), &())).await.unwrap().unwrap_err();
    let expected = "IPAddressPool wide: 10.0.1.0/24 contains 10.0.1.3, which node kind-worker has";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_missing_right_is_named() {
    let (api, installation) = with_operator();
    let message = r#"ipaddresspools.metallb.io is forbidden: User "doc" cannot list resource "ipaddresspools""#;
    api.fault(move |_, path| path.contains("ipaddresspools").then(|| (403, status(403, "Forbidden", message))));
    let error = timeout(PATIENCE, api.cluster().deploy(&installation, quick(), &())).await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Forbidden { .. }), "{error}");
    assert!(error.to_string().contains(r#"User "doc" cannot list resource "ipaddresspools""#), "{error}");
}

#[tokio::test]
async fn an_observer_can_stop_between_steps() {
    let stop = |event: &Event<'_>| {
        if let Event::Started { name: "set the webhooks' backend", stop } = event {
            stop.request();
        }
    };
    let (api, installation) = with_operator();
    let cluster = api.cluster();
    let error = cluster.deploy_phases(&installation, &UNTIL_CONFIGURED, quick(), &stop).await.unwrap_err();
    assert!(matches!(error, Error::Stopped { .. }), "{error}");
    assert_eq!(cluster.validates_for("metallb-system").await.unwrap().as_deref(), Some("native"));
}

#[tokio::test]
async fn a_stuck_namespace_is_removed() {
    let (api, _) = with_operator();
    let webhooks =
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/metallb-webhook-configuration";
    api.put(
        "/api/v1/namespaces/metallb-system",
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "metallb-system",
            "deletionTimestamp": "2026-01-01T00:00:00Z",
            "labels": {"app.kubernetes.io/managed-by": "metallb-lab", "metallb-lab/lab": "doc"}}}),
    );
    api.put(
        webhooks,
        json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": "metallb-webhook-configuration"},
            "webhooks": [{"name": "x", "clientConfig": {"service": {"namespace": "metallb-system", "name": "s"}}}]}),
    );
    let profile = "/apis/metallb.io/v1beta1/namespaces/metallb-system/bfdprofiles/doc-example-bfd-profile-full";
    api.put(
        profile,
        json!({"apiVersion": "metallb.io/v1beta1", "kind": "BFDProfile",
            "metadata": {"name": "doc-example-bfd-profile-full", "namespace": "metallb-system"}}),
    );
    // Custom resources can be deleted only once their webhook is.
    let watched = api.clone();
    api.fault(move |method, path| {
        let behind = method == "DELETE" && path.contains("bfdprofiles");
        let message = "Internal error occurred: failed calling webhook \"bfdprofilevalidationwebhook.metallb.io\": …";
        // The state is locked while faults are asked; the list of deletions is not.
        (behind && !watched.was_deleted(webhooks)).then(|| (500, status(500, "InternalError", message)))
    });
    let removal = Removal { bound: Duration::from_secs(2), ..Removal::of(lab()) };
    let report = timeout(PATIENCE, api.cluster().remove(&removal, &())).await.unwrap().unwrap();
    let report = report.into_result().unwrap();
    assert!(api.get(webhooks).is_none() && api.get(profile).is_none());
    assert!(api.get("/api/v1/namespaces/metallb-system").is_none());
    let order: Vec<String> = report.removed().map(|object| object.kind.clone()).collect();
    let at = |kind: &str| order.iter().position(|found| found == kind).unwrap();
    assert!(at("ValidatingWebhookConfiguration") < at("BFDProfile") && at("BFDProfile") < at("Namespace"), "{order:?}");
}

#[tokio::test]
async fn a_namespace_that_is_not_ours_stays() {
    let (api, _) = with_operator();
    let namespace = "/api/v1/namespaces/metallb-system";
    let secret = |name: &str, labels: Value| {
        let path = format!("{namespace}/secrets/{name}");
        api.put(&path, json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "labels": labels}}));
        path
    };
    let ours = secret("password", json!({metallb::OWNER_LABEL: metallb::FIELD_MANAGER, metallb::LAB_LABEL: "doc"}));
    let other = secret("other", json!({}));
    api.put(namespace, json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "metallb-system"}}));
    let report = timeout(PATIENCE, api.cluster().remove(&Removal::of(lab()), &())).await.unwrap().unwrap();
    let left: Vec<&String> = report.left().collect();
    assert_eq!(left, ["namespace metallb-system and what else is in it: not ours"]);
    assert!(api.get(namespace).is_some() && api.get(&format!("{DEPLOYMENTS}/{OPERATOR}")).is_some());
    assert!(api.get(&ours).is_none() && api.get(&other).is_some());
}

#[tokio::test]
async fn an_object_that_cannot_be_deleted_is_an_error_and_the_rest_continues() {
    let (api, installation) = with_operator();
    let cluster = api.cluster();
    timeout(PATIENCE, cluster.deploy_phases(&installation, &UNTIL_CONFIGURED, quick(), &())).await.unwrap().unwrap();
    api.fault(|method, path| {
        (method == "DELETE" && path.starts_with(POOLS)).then(|| (403, status(403, "Forbidden", "no delete for you")))
    });
    let report = timeout(PATIENCE, cluster.remove(&Removal::of(lab()), &())).await.unwrap().unwrap();
    assert!(report.removed().any(|object| object.kind == "Namespace"), "the next steps were tried");
    assert!(report.into_result().unwrap_err().to_string().contains("no delete for you"));
}

#[tokio::test]
async fn a_missing_api_server_is_unreachable() {
    let text = "{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: k, user: u}}], \
                clusters: [{name: k, cluster: {server: 'http://127.0.0.1:9'}}], users: [{name: u, user: {}}]}";
    let cluster = metallb::Cluster::from_kubeconfig_text(text, None).await.unwrap();
    let error = timeout(PATIENCE, cluster.remove(&Removal::of(lab()), &())).await.unwrap().unwrap_err();
    assert!(error.is_unreachable(), "{error}");
    let error = metallb::Cluster::from_kubeconfig_text(text, Some("kind-kind")).await.unwrap_err();
    assert_eq!(error.to_string(), "kubeconfig text has no context `kind-kind`; it has: c");
}
