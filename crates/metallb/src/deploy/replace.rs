//! Pods replaced on purpose, and the images that their containers were started with.

use std::collections::BTreeSet;
use std::time::Duration;

use k8s_openapi::api::core::v1::{Container, ContainerStatus, Pod};
use kube::ResourceExt;
use kube::api::{Api, DeleteParams, Preconditions};
use kube::runtime::watcher;
use settle::{Verdict, Wait};

use crate::error::{Answered, if_found};
use crate::ready::{has_ended, is_ready};
use crate::watching::looks;
use crate::{Cluster, Error};

/// A container of a pod, and the image that it was started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The pod.
    pub pod: String,
    /// The pod's UID, which no other pod of that name has.
    pub uid: String,
    /// The node.
    pub node: String,
    /// The image's name, as the pod's specification has it.
    pub image: String,
    /// The image's id, as the node's container runtime reports it: `sha256:…`, or `NAME@sha256:…`.
    pub id: String,
}

impl Cluster {
    /// Lists the containers of a namespace's pods that were started, those that initialize a pod too.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn started(&self, namespace: &str) -> Result<Vec<Started>, Error> {
        Ok(self.all_in::<Pod>(namespace).await?.iter().filter(|pod| lives(pod)).flat_map(started).collect())
    }

    /// Deletes pods by their UIDs, all at the same time, and returns once as many pods of the namespace are ready as there
    /// were before.
    ///
    /// # Errors
    /// [`Error::TimedOut`] names the pods that are not ready; [`Error::Forbidden`].
    pub async fn replace_pods(&self, namespace: &str, uids: &BTreeSet<&str>, bound: Duration) -> Result<(), Error> {
        let api: Api<Pod> = Api::namespaced(self.client(), namespace);
        let pods = self.all_in::<Pod>(namespace).await?;
        let before = pods.iter().filter(|pod| lives(pod)).count();
        let old = pods.iter().filter(|pod| pod.uid().is_some_and(|uid| uids.contains(uid.as_str())));
        let deletions = old.map(|pod| {
            let (api, name) = (&api, pod.name_any());
            let only = Preconditions { uid: pod.uid(), ..Preconditions::default() };
            async move {
                let deleted = api.delete(&name, &DeleteParams::default().preconditions(only)).await;
                if_found(deleted.doing(format!("delete pod {name}"))).map(drop)
            }
        });
        futures::future::try_join_all(deletions).await?;
        let look = |pods: &[Pod]| {
            let is_old = |pod: &&Pod| pod.uid().is_some_and(|uid| uids.contains(uid.as_str()));
            let ready = pods.iter().filter(|pod| lives(pod) && is_ready(pod)).count();
            if pods.iter().find(is_old).is_none() && ready >= before {
                return Verdict::Ready(());
            }
            Verdict::NotYet(format!("{ready} of {before} pods ready"))
        };
        let looks = looks(api.clone(), watcher::Config::default(), "watch pods", look);
        Ok(Wait::new(format!("pods of {namespace}"), bound).watch(looks).await?)
    }
}

/// `true` if a pod is neither about to end nor at its end.
fn lives(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_none() && !has_ended(pod)
}

fn started(pod: &Pod) -> Vec<Started> {
    let Some((spec, status)) = pod.spec.as_ref().zip(pod.status.as_ref()) else { return Vec::new() };
    let pairs = |containers: &[Container], statuses: &Option<Vec<ContainerStatus>>| -> Vec<Started> {
        let of = |status: &ContainerStatus| {
            // A status names the image otherwise once its name belongs to another.
            let container = containers.iter().find(|container| container.name == status.name)?;
            Some(Started {
                pod: pod.name_any(),
                uid: pod.uid()?,
                node: spec.node_name.clone()?,
                image: container.image.clone()?,
                id: Some(status.image_id.clone()).filter(|id| !id.is_empty())?,
            })
        };
        statuses.iter().flatten().filter_map(of).collect()
    };
    let init = spec.init_containers.as_deref().unwrap_or_default();
    let mut all = pairs(init, &status.init_container_statuses);
    all.extend(pairs(&spec.containers, &status.container_statuses));
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_container_is_started_with_the_image_that_its_name_had_then() {
        let status = |name: &str, id: &str| json!({"name": name, "image": "sha256:1", "imageID": id, "ready": true, "restartCount": 0});
        let pod: Pod = serde_json::from_value(json!({
            "metadata": {"name": "speaker-x", "uid": "u"},
            "spec": {"nodeName": "n", "initContainers": [{"name": "cp", "image": "a/frr:1"}],
                     "containers": [{"name": "speaker", "image": "a/speaker:dev"}, {"name": "late", "image": "a/b:1"}]},
            "status": {"phase": "Running", "initContainerStatuses": [status("cp", "sha256:7")],
                       "containerStatuses": [status("speaker", "sha256:1"), status("late", "")]},
        }))
        .unwrap();
        let seen: Vec<_> = started(&pod).into_iter().map(|of| (of.image, of.id)).collect();
        assert_eq!(seen, [("a/frr:1", "sha256:7"), ("a/speaker:dev", "sha256:1")].map(|(i, d)| (i.into(), d.into())));
        assert!(lives(&pod));
    }
}
