//! Dumps of a namespace, or of an application in it, to hand on: objects as JSON, pods' logs. Secrets are left out.

use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt;
use kube::api::{Api, ListParams, LogParams};
use serde_json::Value;

use crate::Cluster;
use crate::object::Object;

/// The kinds that are dumped, with their API version.
const KINDS: [(&str, &str); 16] = [
    ("v1", "Pod"),
    ("v1", "Service"),
    ("v1", "Event"),
    ("v1", "ConfigMap"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "DaemonSet"),
    ("discovery.k8s.io/v1", "EndpointSlice"),
    ("metallb.io/v1beta1", "MetalLB"),
    ("metallb.io/v1beta1", "IPAddressPool"),
    ("metallb.io/v1beta1", "BGPAdvertisement"),
    ("metallb.io/v1beta2", "BGPPeer"),
    ("metallb.io/v1beta1", "BFDProfile"),
    ("frrk8s.metallb.io/v1beta1", "FRRConfiguration"),
    ("frrk8s.metallb.io/v1beta1", "BGPSessionState"),
    ("metallb.io/v1beta1", "ConfigurationState"),
    ("metallb.io/v1beta1", "ServiceBGPStatus"),
];

/// The kinds without a namespace, which are dumped with MetalLB's: they hold FRR's configuration of each node.
const CLUSTER_WIDE: [(&str, &str); 1] = [("frrk8s.metallb.io/v1beta1", "FRRNodeState")];

/// The part of a cluster that is dumped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DumpScope<'a> {
    /// A whole namespace.
    Namespace(&'a str),
    /// Applications of a namespace, by the name that deployment and service share: only objects that carry their label,
    /// as others may share the namespace.
    Applications {
        /// The namespace.
        namespace: &'a str,
        /// The applications.
        names: &'a [&'a str],
    },
}

impl Cluster {
    /// Dumps objects as JSON, a file per kind, and the last lines of each container's log, by the paths that they may
    /// have in an archive. Anything that cannot be read is a text that says why.
    pub async fn dump(&self, scope: DumpScope<'_>, lines: usize) -> Vec<(String, String)> {
        let (namespace, apps) = match scope {
            DumpScope::Namespace(namespace) => (namespace, None),
            DumpScope::Applications { namespace, names } => (namespace, Some(names)),
        };
        let label = apps.map(|apps| format!("app in ({})", apps.join(",")));
        let wide: &[(&str, &str)] = if apps.is_none() { &CLUSTER_WIDE } else { &[] };
        let kinds = KINDS.iter().map(|kind| (kind, Some(namespace))).chain(wide.iter().map(|kind| (kind, None)));
        let kinds = kinds.map(async |(kind, within)| {
            // Events carry no labels.
            let label = label.as_deref().filter(|_| kind.1 != "Event");
            let text = match self.found(*kind, within, label).await {
                Ok(mut objects) => {
                    objects.retain(|object| {
                        kind.1 != "Event" || apps.is_none_or(|apps| apps.iter().any(|app| is_about(object, app)))
                    });
                    if objects.is_empty() {
                        return None;
                    }
                    serde_json::to_string_pretty(&objects).unwrap_or_default()
                }
                Err(error) => format!("not available: {error}\n"),
            };
            Some((format!("{namespace}/{}.json", kind.1), text))
        });
        let logs = self.logs_of(namespace, label.as_deref(), lines);
        let (objects, logs) = futures::join!(futures::future::join_all(kinds), logs);
        objects.into_iter().flatten().chain(logs).collect()
    }

    async fn logs_of(&self, namespace: &str, label: Option<&str>, lines: usize) -> Vec<(String, String)> {
        let api: Api<Pod> = Api::namespaced(self.client(), namespace);
        let params = label.map_or_else(ListParams::default, |label| ListParams::default().labels(label));
        let Ok(pods) = api.list(&params).await else { return Vec::new() };
        let containers = pods.iter().flat_map(|pod| {
            let spec = pod.spec.iter().flat_map(|spec| spec.init_containers.iter().flatten().chain(&spec.containers));
            let names: Vec<_> = spec.map(|container| (pod.name_any(), container.name.clone())).collect();
            names
        });
        let both = containers
            .flat_map(|(pod, container)| [false, true].map(|previous| (pod.clone(), container.clone(), previous)));
        let log = async |(pod, container, previous): (String, String, bool)| {
            let tail_lines = Some(i64::try_from(lines).unwrap_or(i64::MAX));
            let params = LogParams { container: Some(container.clone()), previous, tail_lines, ..LogParams::default() };
            // One that never ended has no earlier log.
            let text = api.logs(&pod, &params).await.ok()?;
            let which = if previous { "-previous" } else { "" };
            Some((format!("{namespace}/logs/{pod}/{container}{which}.txt"), text))
        };
        futures::future::join_all(both.map(log)).await.into_iter().flatten().collect()
    }
}

/// `true` if an event concerns an application, a pod of the application, or an object between the two.
fn is_about(event: &Object, app: &str) -> bool {
    let of = event.data.pointer("/involvedObject/name").and_then(Value::as_str);
    of.and_then(|of| of.strip_prefix(app)).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_belong_to_an_application_by_the_name_of_their_object() {
        let about = |name: &str| {
            let data = serde_json::json!({ "involvedObject": { "name": name } });
            is_about(&Object { data, ..Object::new("v1", "Event", "e") }, "test-agnhost")
        };
        assert!(about("test-agnhost") && about("test-agnhost-7d9c-x2x4z"));
        assert!(!about("test-agnhosts") && !about("database-0"));
    }
}
