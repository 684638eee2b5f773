//! A namespace for somebody else to read: its objects as JSON, its pods' logs. Secrets are left out.

use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt;
use kube::api::{Api, ListParams, LogParams};

use crate::Cluster;

/// The kinds that are told, by their API version.
const KINDS: [(&str, &str); 14] = [
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
];

impl Cluster {
    /// A namespace's objects as JSON, a file a kind, and the last lines of each container's log, by the paths that they
    /// may have in an archive. What cannot be read is a text that says why.
    pub async fn dump(&self, namespace: &str, lines: usize) -> Vec<(String, String)> {
        let kinds = KINDS.iter().map(async |kind| {
            let text = match self.found(*kind, Some(namespace), None).await {
                Ok(objects) if objects.is_empty() => return None,
                Ok(objects) => serde_json::to_string_pretty(&objects).unwrap_or_default(),
                Err(error) => format!("not to be had: {error}\n"),
            };
            Some((format!("{namespace}/{}.json", kind.1), text))
        });
        let (objects, logs) = futures::join!(futures::future::join_all(kinds), self.logs_of(namespace, lines));
        objects.into_iter().flatten().chain(logs).collect()
    }

    async fn logs_of(&self, namespace: &str, lines: usize) -> Vec<(String, String)> {
        let api: Api<Pod> = Api::namespaced(self.client(), namespace);
        let Ok(pods) = api.list(&ListParams::default()).await else { return Vec::new() };
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
