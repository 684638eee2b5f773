//! Leases and container starts, read from the API.

use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt;
use kube::api::Api;

use super::{Freshness, PodStart};
use crate::error::Answered;
use crate::{Cluster, Error};

impl Cluster {
    /// Reads the timestamps that show how fresh the API's state is, for the pods of these namespaces.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn freshness(&self, namespaces: &[&str]) -> Result<Freshness, Error> {
        let leases: Api<Lease> = Api::namespaced(self.client(), "kube-system");
        let lease =
            async { leases.get_opt("kube-controller-manager").await.doing("read the controller manager's lease") };
        let lists = namespaces.iter().map(|namespace| self.all_in::<Pod>(namespace));
        let (lease, lists) = futures::try_join!(lease, futures::future::try_join_all(lists))?;
        Ok(Freshness {
            controllers: lease.and_then(|lease| Some(lease.spec?.renew_time?.0)),
            pods: lists.iter().flatten().filter_map(start).collect(),
        })
    }
}

fn start(pod: &Pod) -> Option<PodStart> {
    let statuses = pod.status.as_ref()?.container_statuses.iter().flatten();
    let running = statuses.filter_map(|status| Some(status.state.as_ref()?.running.as_ref()?.started_at.as_ref()?.0));
    Some(PodStart { since: running.min()?, pod: pod.name_any(), node: pod.spec.as_ref()?.node_name.clone()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_runs_since_its_first_container_does() {
        let pod = |states: serde_json::Value| -> Pod {
            serde_json::from_value(serde_json::json!({
                "metadata": {"name": "speaker-x"}, "spec": {"nodeName": "kind-worker", "containers": []},
                "status": {"containerStatuses": states},
            }))
            .unwrap()
        };
        let container = |state: serde_json::Value| serde_json::json!({"name": "c", "image": "i", "imageID": "", "ready": true, "restartCount": 0, "state": state});
        let running = |at: &str| container(serde_json::json!({"running": {"startedAt": at}}));
        let ended = container(serde_json::json!({"terminated": {"exitCode": 255}}));
        let both = pod(serde_json::json!([running("2026-11-25T10:00:05Z"), running("2026-11-25T10:00:01Z"), ended]));
        let since = "2026-11-25T10:00:01Z".parse().unwrap();
        assert_eq!(start(&both), Some(PodStart { pod: "speaker-x".into(), node: "kind-worker".into(), since }));
        assert_eq!(start(&pod(serde_json::json!([ended]))), None);
    }
}
