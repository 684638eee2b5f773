//! MetalLB's own words: the resources by which its parts report, and warnings about its pods.

#[cfg(feature = "client")]
use kube::ResourceExt;
use serde::Serialize;
#[cfg(feature = "client")]
use serde_json::Value;

#[cfg(feature = "client")]
use super::views::{text, texts};
#[cfg(feature = "client")]
use crate::object::Object;

/// A part of MetalLB that does not take its configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The resource that says so, as `ConfigurationState speaker-kind-worker`.
    pub by: String,
    /// The part: `controller`, `speaker`, `frr-k8s`.
    pub part: String,
    /// The node that it runs on; none of a part that runs once.
    pub node: Option<String>,
    /// The message.
    pub message: String,
}

/// The peers that a node's speaker is configured to advertise an application's service to (`ServiceBGPStatus`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offered {
    /// The node.
    pub node: String,
    /// Names of BGPPeers.
    pub peers: Vec<String>,
}

/// A warning event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warned {
    /// The kind of the object that it is about.
    pub kind: String,
    /// The object's name.
    pub name: String,
    /// Reason and message, and how many times where that is more than once.
    pub words: String,
}

/// The refusal in a `ConfigurationState` (MetalLB 0.15.3 and later: `api/v1beta1/configurationstate_types.go`).
#[cfg(feature = "client")]
pub(super) fn configuration(object: &Object) -> Option<Refused> {
    (text(&object.data, "/status/result")? == "Invalid").then(|| {
        let label = |name: &str| object.labels().get(&format!("metallb.io/{name}")).cloned();
        Refused {
            by: format!("ConfigurationState {}", object.name_any()),
            part: label("component-type").unwrap_or_else(|| object.name_any()),
            node: label("node-name"),
            message: text(&object.data, "/status/lastError").unwrap_or_default(),
        }
    })
}

/// The refusal in an `FRRNodeState`, whose name is the node's (frr-k8s: `api/v1beta1/frrnodestate_types.go`).
#[cfg(feature = "client")]
pub(super) fn node_state(object: &Object) -> Option<Refused> {
    let failed = |field: &str| text(&object.data, &format!("/status/{field}")).filter(|result| result != "success");
    let (field, message) = ["lastConversionResult", "lastReloadResult"]
        .into_iter()
        .find_map(|field| Some((field, failed(field).filter(|message| !message.is_empty())?)))?;
    let node = object.name_any();
    let by = format!("FRRNodeState {node}, {field}");
    Some(Refused { by, part: "frr-k8s".to_owned(), node: Some(node), message })
}

/// Reads a `ServiceBGPStatus`, where it is about this service.
#[cfg(feature = "client")]
pub(super) fn offered(object: &Object, namespace: &str, name: &str) -> Option<Offered> {
    let of = |pointer: &str| text(&object.data, pointer);
    let same = of("/status/serviceNamespace")? == namespace && of("/status/serviceName")? == name;
    Some(Offered { node: of("/status/node")?, peers: texts(&object.data, "/status/peers") }).filter(|_| same)
}

/// A warning of an event.
#[cfg(feature = "client")]
pub(super) fn warned(event: &Object) -> Option<Warned> {
    let of = |pointer: &str| text(&event.data, pointer);
    if of("/type")? != "Warning" {
        return None;
    }
    let times = event.data.pointer("/count").and_then(Value::as_u64).filter(|count| *count > 1);
    let times = times.map_or_else(String::new, |count| format!(" ({count} times)"));
    let words = [of("/reason"), of("/message")].into_iter().flatten().collect::<Vec<_>>().join(": ");
    let (kind, name) = (of("/involvedObject/kind")?, of("/involvedObject/name")?);
    Some(Warned { kind, name, words: format!("{}{times}", words.trim()) })
}

#[cfg(all(test, feature = "client"))]
mod tests {
    use super::*;
    use serde_json::json;

    #[allow(clippy::unwrap_used, reason = "a helper of tests fails the test")]
    fn object(value: Value) -> Object {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_part_that_refuses_its_configuration() {
        let state = |result: &str| {
            let labels = json!({"metallb.io/component-type": "speaker", "metallb.io/node-name": "w"});
            let status = json!({"result": result, "lastError": "peer 10.0.1.6 has myAsn different"});
            configuration(&object(json!({"metadata": {"name": "speaker-w", "labels": labels}, "status": status})))
        };
        assert_eq!(state("Valid"), None);
        let refused = state("Invalid").unwrap();
        assert_eq!((refused.part.as_str(), refused.node.as_deref()), ("speaker", Some("w")));
        assert_eq!((refused.by.as_str(), refused.message.len()), ("ConfigurationState speaker-w", 33));
        let node = |reload: &str| {
            let status = json!({"lastConversionResult": "success", "lastReloadResult": reload});
            node_state(&object(json!({"metadata": {"name": "w"}, "status": status})))
        };
        assert_eq!((node("success"), node("")), (None, None));
        assert_eq!(node("line 3 fails").unwrap().by, "FRRNodeState w, lastReloadResult");
    }

    #[test]
    fn the_offers_of_one_service() {
        let status = json!({"node": "w", "serviceName": "app", "serviceNamespace": "default", "peers": ["peer"]});
        let of = |name| offered(&object(json!({"metadata": {"name": "x"}, "status": status})), "default", name);
        assert_eq!(of("app"), Some(Offered { node: "w".to_owned(), peers: vec!["peer".to_owned()] }));
        assert_eq!(of("other"), None);
    }

    #[test]
    fn warnings_are_counted() {
        let event = |kind: &str| {
            warned(&object(json!({"metadata": {"name": "e"}, "type": kind, "reason": "BackOff", "count": 4,
                "message": "restarting", "involvedObject": {"kind": "Pod", "name": "speaker-x"}})))
        };
        assert_eq!(event("Normal"), None);
        assert_eq!(event("Warning").unwrap().words, "BackOff: restarting (4 times)");
    }
}
