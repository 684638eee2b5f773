//! Pods and nodes deleted on purpose, and nodes registered again: for measurements of a failover.

use k8s_openapi::api::core::v1::{Node, Pod};
use kube::api::{Api, DeleteParams, ObjectMeta, PostParams};

use super::Cluster;
use crate::error::Answered;
use crate::{Error, NamespacedName};

/// Taints that the cluster itself gives a node and takes away again.
const PASSING: &str = "node.kubernetes.io/";

/// A node that can be registered again: its labels, annotations, pod ranges and taints.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedNode(Box<Node>);

impl Cluster {
    /// Deletes a pod without a grace period.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn delete_pod(&self, pod: NamespacedName<'_>) -> Result<(), Error> {
        let pods: Api<Pod> = Api::namespaced(self.client(), pod.namespace);
        let deleted = pods.delete(pod.name, &DeleteParams::default().grace_period(0)).await;
        deleted.map(drop).doing(format!("delete pod {pod}"))
    }

    /// Deletes a node: the object alone. Its machine, kubelet and pods run on.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn delete_node(&self, node: &str) -> Result<(), Error> {
        let nodes: Api<Node> = Api::all(self.client());
        nodes.delete(node, &DeleteParams::default()).await.map(drop).doing(format!("delete node {node}"))
    }

    /// Reads a node, to be registered again by [`Cluster::restore_node`].
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn saved_node(&self, node: &str) -> Result<SavedNode, Error> {
        let nodes: Api<Node> = Api::all(self.client());
        let found = nodes.get(node).await.doing(format!("read node {node}"))?;
        Ok(SavedNode(Box::new(bare(found))))
    }

    /// Registers a node as it was. One that exists already, as when its kubelet was faster, is left alone.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn restore_node(&self, saved: &SavedNode) -> Result<(), Error> {
        let nodes: Api<Node> = Api::all(self.client());
        match nodes.create(&PostParams::default(), &saved.0).await {
            Err(kube::Error::Api(status)) if status.is_already_exists() => Ok(()),
            other => {
                let name = saved.0.metadata.name.as_deref().unwrap_or_default();
                other.map(drop).doing(format!("register node {name} again"))
            }
        }
    }
}

/// A node without the fields that the API sets, and without passing taints.
fn bare(node: Node) -> Node {
    let metadata = ObjectMeta {
        name: node.metadata.name,
        labels: node.metadata.labels,
        annotations: node.metadata.annotations,
        ..ObjectMeta::default()
    };
    let mut spec = node.spec.unwrap_or_default();
    let lasting =
        spec.taints.map(|taints| taints.into_iter().filter(|taint| !taint.key.starts_with(PASSING)).collect());
    spec.taints = lasting;
    Node { metadata, spec: Some(spec), status: None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_node_is_saved_without_passing_fields() {
        let node: Node = serde_json::from_value(json!({
            "metadata": {"name": "kind-worker", "uid": "1", "resourceVersion": "2", "labels": {"a": "b"}},
            "spec": {"podCIDR": "10.128.1.0/24", "podCIDRs": ["10.128.1.0/24"], "providerID": "kind://x", "taints": [
                {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"},
                {"key": "mine", "effect": "NoSchedule"}]},
            "status": {"nodeInfo": {"kubeletVersion": "v1.35.4", "architecture": "", "bootID": "", "containerRuntimeVersion": "",
                "kernelVersion": "", "kubeProxyVersion": "", "machineID": "", "operatingSystem": "", "osImage": "", "systemUUID": ""}}
        }))
        .unwrap();
        let saved = serde_json::to_value(bare(node)).unwrap();
        assert_eq!(saved["metadata"], json!({"name": "kind-worker", "labels": {"a": "b"}}));
        assert_eq!(saved["spec"]["podCIDRs"], json!(["10.128.1.0/24"]));
        assert_eq!(saved["spec"]["taints"], json!([{"key": "mine", "effect": "NoSchedule"}]));
        assert!(saved.get("status").is_none());
    }
}
