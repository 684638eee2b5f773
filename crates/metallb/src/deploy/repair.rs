//! Repairs of pods that cannot come up by themselves.

use std::collections::BTreeMap;
use std::fmt;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt;
use kube::api::{Api, DeleteParams, Patch};
use serde::Serialize;
use serde_json::json;

use crate::error::{Answered, if_found};
use crate::manifest::{OPERATOR, Place, WEBHOOK_SERVER, pod_images};
use crate::object::by_us;
use crate::ready::{PodTrouble, Trouble, troubles_of};
use crate::{Cluster, Error};

/// The deployments that MetalLB and its operator need.
const NEEDED: [&str; 4] = [OPERATOR, WEBHOOK_SERVER, "controller", "frr-k8s-webhook-server"];

/// A repair that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "repair")]
#[non_exhaustive]
pub enum Repair {
    /// The pull policy of a deployment now allows its image to be pulled.
    PullPolicy {
        /// The deployment.
        deployment: String,
        /// The container.
        container: String,
        /// The image that was not on the node.
        image: String,
    },
    /// A deployment that was scaled to 0 has a pod again.
    Scaled {
        /// The deployment.
        deployment: String,
    },
    /// A pod that had backed off was replaced by one that starts at once.
    Replaced {
        /// The pod.
        pod: String,
        /// The reason.
        because: String,
    },
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PullPolicy { deployment, container, image } => write!(
                f,
                "deployment {deployment}, container {container}: pull policy Never -> IfNotPresent, as {image} was not on \
                 the node"
            ),
            Self::Scaled { deployment } => write!(f, "deployment {deployment}: scaled from 0 to 1"),
            Self::Replaced { pod, because } => write!(f, "pod {pod} replaced: {because}"),
        }
    }
}

impl Cluster {
    /// Returns the images of a namespace's deployments and DaemonSets, whoever made them, and where their pods may run.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn images_in_use(&self, namespace: &str) -> Result<BTreeMap<String, Place>, Error> {
        let found = |kind| self.found(("apps/v1", kind), Some(namespace), None);
        let (deployments, sets) = futures::try_join!(found("Deployment"), found("DaemonSet"))?;
        let objects = [deployments, sets].concat();
        Ok(pod_images(&objects))
    }

    /// Has pods that have backed off start at once: once their images are on the nodes, or another cause is removed.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn restart_backed_off(&self, namespace: &str) -> Result<Vec<Repair>, Error> {
        let mut repairs = self.repair_never_pulled(namespace).await?;
        repairs.extend(self.replace_backed_off(namespace).await?);
        Ok(repairs)
    }

    /// Lists the problems of a namespace's pods.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn pod_troubles(&self, namespace: &str) -> Result<Vec<PodTrouble>, Error> {
        Ok(self.all_in::<Pod>(namespace).await?.iter().flat_map(troubles_of).collect())
    }

    /// Repairs deployments whose pods are in ErrImageNeverPull: the pull policy becomes `IfNotPresent`.
    ///
    /// The documentation sets `Always`. `IfNotPresent` does the same where a registry is reached, and works where none
    /// is and the image is loaded into the nodes: `Always` would ask the registry even then.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub(super) async fn repair_never_pulled(&self, namespace: &str) -> Result<Vec<Repair>, Error> {
        let stuck: Vec<(String, String, String)> = self
            .pod_troubles(namespace)
            .await?
            .into_iter()
            .filter_map(|trouble| match trouble.trouble {
                Trouble::NeverPulled { image } => Some((trouble.pod, trouble.container, image)),
                _ => None,
            })
            .collect();
        if stuck.is_empty() {
            return Ok(Vec::new());
        }
        let api: Api<Deployment> = Api::namespaced(self.client(), namespace);
        let mut repairs = Vec::new();
        for deployment in &self.all_in::<Deployment>(namespace).await? {
            let name = deployment.name_any();
            for (_, container, image) in stuck.iter().filter(|(pod, ..)| pod.starts_with(&format!("{name}-"))) {
                let repair =
                    Repair::PullPolicy { deployment: name.clone(), container: container.clone(), image: image.clone() };
                if repairs.contains(&repair) || !never_pulls(deployment, container) {
                    continue;
                }
                self.let_pull(&api, &name, container).await?;
                repairs.push(repair);
            }
        }
        Ok(repairs)
    }

    async fn let_pull(&self, api: &Api<Deployment>, deployment: &str, container: &str) -> Result<(), Error> {
        let containers = json!([{"name": container, "imagePullPolicy": "IfNotPresent"}]);
        let patch = json!({"spec": {"template": {"spec": {"containers": containers}}}});
        let params = by_us();
        let done = api.patch(deployment, &params, &Patch::Strategic(patch)).await;
        done.map(drop).doing(format!("set the pull policy of deployment {deployment}"))
    }

    /// Scales the deployments of MetalLB and its operator from 0 to 1.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub(super) async fn repair_scaled_down(&self, namespace: &str) -> Result<Vec<Repair>, Error> {
        let api: Api<Deployment> = Api::namespaced(self.client(), namespace);
        let mut repairs = Vec::new();
        for deployment in &self.all_in::<Deployment>(namespace).await? {
            let name = deployment.name_any();
            let stopped = deployment.spec.as_ref().and_then(|spec| spec.replicas) == Some(0);
            if !stopped || !NEEDED.contains(&name.as_str()) {
                continue;
            }
            let params = by_us();
            let done = api.patch(&name, &params, &Patch::Merge(json!({"spec": {"replicas": 1}}))).await;
            done.doing(format!("scale deployment {name}"))?;
            repairs.push(Repair::Scaled { deployment: name });
        }
        Ok(repairs)
    }

    /// Replaces pods that have backed off (image pulls, crashes) by ones that try at once: after images were loaded, or
    /// a cause was removed, the kubelet's next try may be minutes away.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub(super) async fn replace_backed_off(&self, namespace: &str) -> Result<Vec<Repair>, Error> {
        let api: Api<Pod> = Api::namespaced(self.client(), namespace);
        let mut repairs: Vec<Repair> = Vec::new();
        for trouble in self.pod_troubles(namespace).await? {
            let backed_off = matches!(
                trouble.trouble,
                Trouble::NotPulled { given_up: true, .. } | Trouble::Crashing { .. } | Trouble::NeverPulled { .. }
            );
            let known =
                repairs.iter().any(|repair| matches!(repair, Repair::Replaced { pod, .. } if *pod == trouble.pod));
            if !backed_off || known {
                continue;
            }
            let deleted = api.delete(&trouble.pod, &DeleteParams::default()).await;
            if if_found(deleted.doing(format!("delete pod {}", trouble.pod)))?.is_some() {
                repairs.push(Repair::Replaced { pod: trouble.pod.clone(), because: trouble.to_string() });
            }
        }
        Ok(repairs)
    }
}

fn never_pulls(deployment: &Deployment, container: &str) -> bool {
    let spec = deployment.spec.as_ref().and_then(|spec| spec.template.spec.as_ref());
    let containers = spec.into_iter().flat_map(|spec| spec.containers.iter());
    containers
        .filter(|candidate| candidate.name == container)
        .any(|candidate| candidate.image_pull_policy.as_deref() == Some("Never"))
}
