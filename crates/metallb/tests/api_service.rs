//! Services, read from the API of a fake server.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod fake;

use fake::FakeApi;
use metallb::NamespacedName;
use serde_json::{Value, json};

const APP: NamespacedName<'_> = NamespacedName { namespace: "default", name: "app" };
const SERVICE: &str = "/api/v1/namespaces/default/services/app";

fn service(addresses: &[&str]) -> Value {
    let ingress: Vec<Value> = addresses.iter().map(|address| json!({"ip": address})).collect();
    json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "app", "namespace": "default"},
        "spec": {"type": "LoadBalancer", "ipFamilies": ["IPv4", "IPv6"], "ports": [{"port": 80}]},
        "status": {"loadBalancer": {"ingress": ingress}},
    })
}

fn event(name: &str, at: &str, message: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Event", "metadata": {"name": name, "namespace": "default"},
        "involvedObject": {"kind": "Service", "name": "app", "namespace": "default"},
        "reason": "AllocationFailed", "message": message, "lastTimestamp": at,
    })
}

#[tokio::test]
async fn a_service_without_an_address_has_the_controllers_last_words() {
    let api = FakeApi::new();
    let cluster = api.cluster();
    api.put(SERVICE, service(&[]));
    assert_eq!(cluster.allocation_failure(APP).await.unwrap(), None, "nothing was said yet");
    let events = "/api/v1/namespaces/default/events";
    api.put(&format!("{events}/a"), event("a", "2026-11-28T10:00:01Z", "no available IPs in pool \"a\""));
    api.put(&format!("{events}/b"), event("b", "2026-11-28T10:00:00Z", "unknown pool"));
    let words = "no available IPs in pool \"a\"";
    assert_eq!(cluster.allocation_failure(APP).await.unwrap().as_deref(), Some(words));
    api.put(SERVICE, service(&["203.0.113.200"]));
    assert_eq!(cluster.allocation_failure(APP).await.unwrap().as_deref(), Some(words), "IPv6 is missing");
    api.put(SERVICE, service(&["203.0.113.200", "fd01::"]));
    assert_eq!(cluster.allocation_failure(APP).await.unwrap(), None);
}
