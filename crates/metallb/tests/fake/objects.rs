//! Objects that a cluster with an operator has.

use std::time::Duration;

use metallb::deploy::{Bounds, Installation, Source};
use metallb::spec::{Backend, IpAddressPool, IpAddressPoolSpec};
use metallb::value::Name;
use serde_json::{Value, json};

use super::FakeApi;

/// The operator's deployment.
pub(crate) const OPERATOR: &str = "metallb-operator-controller-manager";

/// The lab that owns what is made.
pub(crate) fn lab() -> Name {
    Name::new("doc").unwrap()
}

/// An operator that is there, with a webhook server that validates for `native`, and the documented pool to come.
pub(crate) fn with_operator() -> (FakeApi, Installation) {
    let api = FakeApi::new();
    api.put(&format!("{DEPLOYMENTS}/{OPERATOR}"), deployment(OPERATOR, true, &json!({"name": "manager"})));
    let server = json!({"name": "webhook-server", "env": [{"name": "METALLB_BGP_TYPE", "value": "native"}]});
    let name = "metallb-operator-webhook-server";
    api.put(&format!("{DEPLOYMENTS}/{name}"), deployment(name, true, &server));
    // Its controller takes up every change at once.
    api.react(move |path, object| {
        let observed = &object["status"]["observedGeneration"];
        let generation = &object["metadata"]["generation"];
        if !path.starts_with(DEPLOYMENTS) || observed == generation || observed.is_null() {
            return Vec::new();
        }
        let mut next = object.clone();
        next["status"]["observedGeneration"] = generation.clone();
        vec![(path.to_owned(), next)]
    });
    let mut installation = Installation::new(lab(), Backend::Frr, Source::OperatorInstalled);
    let addresses = ["203.0.113.200/32", "fd01::/128"].map(|range| range.parse().unwrap());
    let pool = IpAddressPool::new("doc-example-bgp-adv", IpAddressPoolSpec::of(addresses.to_vec()));
    installation.configuration.pools.push(pool);
    (api, installation)
}

/// Bounds for tests in which a wait runs out.
pub(crate) fn quick() -> Bounds {
    Bounds { metallb: Duration::from_secs(2), webhooks: Duration::from_secs(5), ..Bounds::default() }
}

/// The phases of a deployment without its last wait.
pub(crate) const UNTIL_CONFIGURED: [metallb::plan::Phase; 4] = {
    use metallb::plan::Phase;
    [Phase::Removal, Phase::Namespaces, Phase::Install, Phase::Configuration]
};

/// A status as the API returns it.
pub(crate) fn status(code: u16, reason: &str, message: &str) -> Value {
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code})
}

/// A deployment that is rolled out, or not.
pub(crate) fn deployment(name: &str, available: bool, container: &Value) -> Value {
    let count = i32::from(available);
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": "metallb-system", "generation": 1},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}},
        "status": {"observedGeneration": 1, "replicas": 1, "updatedReplicas": count, "availableReplicas": count}
    })
}

/// A pod whose container waits for a reason.
pub(crate) fn waiting_pod(name: &str, app: &str, reason: &str, message: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": "metallb-system", "creationTimestamp": "2026-01-01T00:00:00Z",
            "labels": {"app": app, "pod-template-hash": "1"}},
        "spec": {"nodeName": "kind-worker", "containers": [{"name": "manager", "image": "quay.io/metallb/x:1"}]},
        "status": {"containerStatuses": [{
            "name": "manager", "image": "quay.io/metallb/x:1", "imageID": "", "ready": false, "restartCount": 3,
            "state": {"waiting": {"reason": reason, "message": message}}}]}
    })
}

pub(crate) const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/metallb-system/deployments";
pub(crate) const PODS: &str = "/api/v1/namespaces/metallb-system/pods";
