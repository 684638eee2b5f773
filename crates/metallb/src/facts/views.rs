//! Objects of the API, reduced to what a diagnosis asks.

use kube::ResourceExt;
use serde_json::Value;

use super::{AdvertisementView, Balanced, PeerView, PoolView, Workload};
use crate::object::Object;

/// The annotations by which a service asks for a pool, today's first.
const POOL: [&str; 2] = ["metallb.io/address-pool", "metallb.universe.tf/address-pool"];

pub(super) fn text(data: &Value, pointer: &str) -> Option<String> {
    data.pointer(pointer)?.as_str().map(str::to_owned)
}

pub(super) fn texts(data: &Value, pointer: &str) -> Vec<String> {
    let list = data.pointer(pointer).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn number(data: &Value, pointer: &str) -> u64 {
    data.pointer(pointer).and_then(Value::as_u64).unwrap_or_default()
}

fn flag(data: &Value, pointer: &str) -> bool {
    data.pointer(pointer).and_then(Value::as_bool).unwrap_or_default()
}

fn is_there(data: &Value, pointer: &str) -> bool {
    data.pointer(pointer).and_then(Value::as_array).is_some_and(|list| !list.is_empty())
}

/// A deployment or DaemonSet.
pub(super) fn workload(object: &Object) -> Workload {
    let data = &object.data;
    let count = |pointer: &str| data.pointer(pointer).and_then(Value::as_i64);
    let containers = data.pointer("/spec/template/spec/containers").and_then(Value::as_array);
    let containers = || containers.into_iter().flatten();
    let variables = containers().filter_map(|container| container.get("env")?.as_array()).flatten();
    let mut kinds = variables.filter(|variable| variable.get("name").is_some_and(|name| name == "METALLB_BGP_TYPE"));
    let selector = data.pointer("/spec/template/spec/nodeSelector").and_then(Value::as_object);
    Workload {
        name: object.name_any(),
        wanted: count("/status/desiredNumberScheduled").or_else(|| count("/spec/replicas")).unwrap_or_default(),
        ready: count("/status/numberReady").or_else(|| count("/status/readyReplicas")).unwrap_or_default(),
        bgp_type: kinds.find_map(|variable| text(variable, "/value")),
        images: containers().filter_map(|container| text(container, "/image")).collect(),
        node_selector: selector
            .into_iter()
            .flatten()
            .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
            .collect(),
    }
}

/// An IPAddressPool.
pub(super) fn pool(object: &Object) -> PoolView {
    let auto = object.data.pointer("/spec/autoAssign").and_then(Value::as_bool);
    PoolView {
        name: object.name_any(),
        addresses: texts(&object.data, "/spec/addresses"),
        auto_assign: auto.unwrap_or(true),
    }
}

/// A BGPAdvertisement.
pub(super) fn advertisement(object: &Object) -> AdvertisementView {
    AdvertisementView {
        name: object.name_any(),
        pools: texts(&object.data, "/spec/ipAddressPools"),
        peers: texts(&object.data, "/spec/peers"),
        selects_pools: is_there(&object.data, "/spec/ipAddressPoolSelectors"),
        selects_nodes: is_there(&object.data, "/spec/nodeSelectors"),
    }
}

/// A BGPPeer.
pub(super) fn peer(object: &Object) -> PeerView {
    let data = &object.data;
    PeerView {
        name: object.name_any(),
        address: text(data, "/spec/peerAddress").unwrap_or_default(),
        peer_asn: number(data, "/spec/peerASN"),
        my_asn: number(data, "/spec/myASN"),
        dual_stack: flag(data, "/spec/dualStackAddressFamily"),
        bfd_profile: text(data, "/spec/bfdProfile").filter(|name| !name.is_empty()),
        ebgp_multi_hop: flag(data, "/spec/ebgpMultiHop"),
        selects_nodes: is_there(data, "/spec/nodeSelectors"),
    }
}

/// A service, where it is of type LoadBalancer.
pub(super) fn balanced(object: &Object) -> Option<Balanced> {
    let data = &object.data;
    if text(data, "/spec/type")? != "LoadBalancer" {
        return None;
    }
    let ingress = data.pointer("/status/loadBalancer/ingress").and_then(Value::as_array);
    Some(Balanced {
        namespace: object.namespace().unwrap_or_default(),
        name: object.name_any(),
        addresses: ingress.into_iter().flatten().filter_map(|one| text(one, "/ip")?.parse().ok()).collect(),
        families: texts(data, "/spec/ipFamilies"),
        class: text(data, "/spec/loadBalancerClass"),
        pool: POOL.iter().find_map(|key| object.annotations().get(*key).cloned()),
        local: text(data, "/spec/externalTrafficPolicy").as_deref() == Some("Local"),
        labels: object.labels().clone(),
    })
}

/// The reason and message of an event, if it concerns this object.
pub(super) fn words(event: &Object, kind: &str, name: &str) -> Option<String> {
    let data = &event.data;
    let about = text(data, "/involvedObject/kind")? == kind && text(data, "/involvedObject/name")? == name;
    let said = format!("{}: {}", text(data, "/reason").unwrap_or_default(), text(data, "/message").unwrap_or_default());
    about.then_some(said)
}

/// The services that a webhook configuration names in a namespace.
pub(super) fn webhook_services(object: &Object, namespace: &str) -> Vec<String> {
    let hooks = object.data.pointer("/webhooks").and_then(Value::as_array);
    let of = |hook: &Value| {
        let service = hook.pointer("/clientConfig/service")?;
        (text(service, "/namespace")? == namespace).then(|| text(service, "/name")).flatten()
    };
    let mut names: Vec<String> = hooks.into_iter().flatten().filter_map(of).collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> Object {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn workloads_of_both_kinds() {
        let set =
            object(json!({"metadata": {"name": "speaker"}, "status": {"desiredNumberScheduled": 3, "numberReady": 2},
            "spec": {"template": {"spec": {"nodeSelector": {"a": "b"}, "containers": [{"image": "x:1"}]}}}}));
        let set = workload(&set);
        assert_eq!(
            (set.wanted, set.ready, set.images[0].as_str(), set.node_selector[0].as_str()),
            (3, 2, "x:1", "a=b")
        );
        let env = json!([{"name": "METALLB_BGP_TYPE", "value": "native"}]);
        let deployment = object(json!({"metadata": {"name": "w"}, "spec": {"replicas": 0,
            "template": {"spec": {"containers": [{"image": "x", "env": env}]}}}}));
        let deployment = workload(&deployment);
        assert_eq!((deployment.wanted, deployment.ready, deployment.bgp_type.as_deref()), (0, 0, Some("native")));
    }

    #[test]
    fn resources_and_services() {
        let peer =
            peer(&object(json!({"metadata": {"name": "p"}, "spec": {"peerAddress": "10.0.2.3", "peerASN": 64500,
            "myASN": 64501, "bfdProfile": ""}})));
        assert_eq!((peer.peer_asn, peer.dual_stack, peer.bfd_profile), (64500, false, None));
        let plain = object(json!({"metadata": {"name": "s"}, "spec": {"type": "ClusterIP"}}));
        assert_eq!(balanced(&plain), None);
        let service = object(json!({"metadata": {"name": "s", "namespace": "n"}, "spec": {"type": "LoadBalancer"},
            "status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.200"}]}}}));
        assert_eq!(balanced(&service).unwrap().addresses, ["203.0.113.200".parse::<std::net::IpAddr>().unwrap()]);
        let hooks =
            json!([{"clientConfig": {"service": {"namespace": "m", "name": "w"}}}, {"clientConfig": {"url": "x"}}]);
        assert_eq!(webhook_services(&object(json!({"metadata": {"name": "c"}, "webhooks": hooks})), "m"), ["w"]);
    }
}
