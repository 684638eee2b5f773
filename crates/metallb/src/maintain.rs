//! The acts of administrators on nodes and pods in operation: cordon, drain, restart. For measurements of their effect.

use std::time::Duration;

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment};
use k8s_openapi::api::core::v1::{Node, Pod};
use kube::ResourceExt;
use kube::api::{Api, DeleteParams, EvictParams, ListParams, Patch};
use kube::runtime::watcher;
use serde_json::json;
use settle::{Verdict, Wait};

use crate::Cluster;
use crate::error::{Answered, if_found};
use crate::object::by_us;
use crate::ready::{has_ended, is_ready};
use crate::watching::looks;
use crate::{Error, NamespacedName};

/// The annotation of a kubelet's copy of a static pod.
const MIRROR: &str = "kubernetes.io/config.mirror";

/// The annotation that `kubectl rollout restart` sets, with a time.
const RESTARTED: &str = "kubectl.kubernetes.io/restartedAt";

/// The interval at which an eviction that a disruption budget holds up is tried again, as `kubectl drain` does.
const AGAIN: Duration = Duration::from_secs(5);

impl Cluster {
    /// Has the scheduler leave a node out (`kubectl cordon`), or use it again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn set_unschedulable(&self, node: &str, unschedulable: bool) -> Result<(), Error> {
        let nodes: Api<Node> = Api::all(self.client());
        let patch = Patch::Merge(json!({"spec": {"unschedulable": unschedulable}}));
        let done = nodes.patch(node, &by_us(), &patch).await;
        done.map(drop).doing(format!("{} node {node}", if unschedulable { "cordon" } else { "uncordon" }))
    }

    /// Evicts the pods of a node, as `kubectl drain --ignore-daemonsets --delete-emptydir-data` does: all but those of
    /// DaemonSets, static ones, and those that have ended. Returns once each has left the node. The node itself is to be
    /// cordoned before ([`Cluster::set_unschedulable`]).
    ///
    /// # Errors
    /// [`Error::TimedOut`] names the pods that stay, with the disruption budget's words; [`Error::Forbidden`].
    pub async fn drain(&self, node: &str, bound: Duration) -> Result<(), Error> {
        let wait = Wait::new(format!("pods leave {node}"), bound).every(AGAIN);
        let evicted = wait.poll(async || match self.evict_all(node).await {
            Ok(held) if held.is_empty() => Verdict::Ready(()),
            Ok(held) => Verdict::NotYet(held.join("; ")),
            Err(error) => Verdict::Failed(error),
        });
        evicted.await?;
        let left = |pods: &[Pod]| {
            let staying: Vec<String> = pods.iter().filter(|pod| is_evicted(pod)).map(ResourceExt::name_any).collect();
            Verdict::all_of(&staying)
        };
        let config = watcher::Config::default().fields(&format!("spec.nodeName={node}"));
        let looks = looks(Api::<Pod>::all(self.client()), config, "watch pods", left);
        Ok(Wait::new(format!("pods leave {node}"), bound).watch(looks).await?)
    }

    /// Requests the eviction of every pod that leaves a drained node; returns those that a disruption budget keeps there,
    /// with the reason.
    async fn evict_all(&self, node: &str) -> Result<Vec<String>, Error> {
        let on_node = ListParams::default().fields(&format!("spec.nodeName={node}"));
        let pods = Api::<Pod>::all(self.client()).list(&on_node).await.doing(format!("list the pods on {node}"))?;
        let mut held = Vec::new();
        for pod in pods.iter().filter(|pod| is_evicted(pod) && pod.metadata.deletion_timestamp.is_none()) {
            let (namespace, name) = (pod.namespace().unwrap_or_default(), pod.name_any());
            let api: Api<Pod> = Api::namespaced(self.client(), &namespace);
            match api.evict(&name, &EvictParams::default()).await {
                Err(kube::Error::Api(status)) if status.code == 429 => held.push(format!("{name}: {}", status.message)),
                done => drop(if_found(done.doing(format!("evict pod {namespace}/{name}")))?),
            }
        }
        Ok(held)
    }

    /// Deletes the pods of a deployment on a node, with their own grace period.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn delete_pods_on(&self, deployment: NamespacedName<'_>, node: &str) -> Result<(), Error> {
        let api: Api<Pod> = Api::namespaced(self.client(), deployment.namespace);
        for pod in self.pods_of(deployment).await?.1 {
            let on = pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref());
            if on == Some(node) {
                let name = pod.name_any();
                if_found(api.delete(&name, &DeleteParams::default()).await.doing(format!("delete pod {name}")))?;
            }
        }
        Ok(())
    }

    /// Waits until a deployment has all its pods ready, and none that is about to end. Its status would still speak of a pod
    /// that was deleted just now.
    ///
    /// # Errors
    /// [`Error::TimedOut`] with the number of pods; [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn wait_replaced(&self, deployment: NamespacedName<'_>, bound: Duration) -> Result<(), Error> {
        let (found, _) = self.pods_of(deployment).await?;
        let wanted = found.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
        let wanted = usize::try_from(wanted).unwrap_or_default();
        let look = |pods: &[Pod]| {
            let (old, new): (Vec<_>, Vec<_>) = pods.iter().partition(|pod| pod.metadata.deletion_timestamp.is_some());
            let (old, ready) = (old.len(), new.into_iter().filter(|pod| is_ready(pod)).count());
            if old == 0 && ready >= wanted {
                return Verdict::Ready(());
            }
            Verdict::NotYet(format!("{ready} of {wanted} new pods ready, {old} old ones"))
        };
        let config = watcher::Config::default().labels(&selector(&found));
        let api = Api::<Pod>::namespaced(self.client(), deployment.namespace);
        let looks = looks(api, config, "watch pods", look);
        Ok(Wait::new(format!("pods of {deployment}"), bound).watch(looks).await?)
    }

    /// Restarts the pods of every DaemonSet of a namespace, node after node (`kubectl rollout restart daemonset`).
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn restart_daemon_sets(&self, namespace: &str, at: &str) -> Result<(), Error> {
        let api: Api<DaemonSet> = Api::namespaced(self.client(), namespace);
        for name in self.all_in::<DaemonSet>(namespace).await?.iter().map(ResourceExt::name_any) {
            let template = json!({"metadata": {"annotations": {RESTARTED: at}}});
            let patch = Patch::Strategic(json!({"spec": {"template": template}}));
            api.patch(&name, &by_us(), &patch).await.doing(format!("restart DaemonSet {name}"))?;
        }
        Ok(())
    }

    async fn pods_of(&self, deployment: NamespacedName<'_>) -> Result<(Deployment, Vec<Pod>), Error> {
        let api: Api<Deployment> = Api::namespaced(self.client(), deployment.namespace);
        let found = api.get(deployment.name).await.doing(format!("read deployment {deployment}"))?;
        let selected = ListParams::default().labels(&selector(&found));
        let pods = Api::<Pod>::namespaced(self.client(), deployment.namespace).list(&selected).await;
        Ok((found, pods.doing(format!("list the pods of {deployment}"))?.items))
    }
}

/// A deployment's selector, as the API takes it.
fn selector(deployment: &Deployment) -> String {
    let labels = deployment.spec.as_ref().and_then(|spec| spec.selector.match_labels.as_ref());
    let pairs = labels.into_iter().flatten().map(|(key, value)| format!("{key}={value}"));
    pairs.collect::<Vec<_>>().join(",")
}

/// `true` if a drain evicts a pod.
fn is_evicted(pod: &Pod) -> bool {
    let of_daemon_set = pod.owner_references().iter().any(|owner| owner.kind == "DaemonSet");
    !of_daemon_set && !pod.annotations().contains_key(MIRROR) && !has_ended(pod)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(value: serde_json::Value) -> Pod {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn daemon_sets_and_static_pods_stay_on_a_drained_node() {
        let owned = |kind| {
            pod(
                json!({"metadata": {"ownerReferences": [{"apiVersion": "apps/v1", "kind": kind, "name": "o", "uid": "1"}]}}),
            )
        };
        assert!(is_evicted(&owned("ReplicaSet")) && !is_evicted(&owned("DaemonSet")));
        assert!(!is_evicted(&pod(json!({"metadata": {"annotations": {MIRROR: "x"}}}))));
        assert!(!is_evicted(&pod(json!({"metadata": {}, "status": {"phase": "Succeeded"}}))));
    }
}
