//! The memberlist key of the speakers.
//!
//! Speakers mount it, and do not start without it. MetalLB's controller makes it where there is none, some seconds
//! after the kubelets first looked for it, and these look again after pauses that grow: on a new cluster that is 4 to 6
//! s in which every speaker waits. Made as soon as the speakers are asked for, it is there when it is looked for.

use k8s_openapi::ByteString;
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment};
use k8s_openapi::api::core::v1::Secret;
use kube::api::{ObjectMeta, Patch, PatchParams};
use kube::runtime::watcher;
use kube::{Api, Resource};

use crate::error::Answered;
use crate::watching::{first, named};
use crate::{Cluster, Error, FIELD_MANAGER};

/// The volume with the key, in MetalLB's manifests and its operator's.
const VOLUME: &str = "memberlist";
/// The key's name in its Secret.
const ENTRY: &str = "secretkey";
/// The length of the controller's key in bytes.
const LENGTH: usize = 128;
/// The deployment that makes the key where there is none, and owns it.
const OWNER: &str = "controller";

/// The Secret that a DaemonSet's pods wait for.
fn secret_of(daemons: &DaemonSet) -> Option<&str> {
    let volumes = daemons.spec.as_ref()?.template.spec.as_ref()?.volumes.as_ref()?;
    let secret = volumes.iter().find(|volume| volume.name == VOLUME)?.secret.as_ref()?;
    secret.secret_name.as_deref().filter(|_| secret.optional != Some(true))
}

impl Cluster {
    /// Makes the speakers' key as soon as their DaemonSet exists, unless it exists already. If speakers need none, or
    /// there is no controller, this never returns.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`]: the controller will make the key.
    pub(super) async fn make_member_key(&self, namespace: &str) -> Result<(), Error> {
        let secret = self.member_secret(namespace).await?;
        let api: Api<Secret> = Api::namespaced(self.client(), namespace);
        if api.get_metadata_opt(&secret).await.doing(format!("get secret {secret}"))?.is_some() {
            return Ok(());
        }
        let owner = self.controller(namespace).await?;
        let mut key = [0; LENGTH];
        // Without randomness it is left to the controller.
        if getrandom::fill(&mut key).is_err() {
            return Ok(());
        }
        let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        let object = Secret {
            metadata: ObjectMeta {
                name: Some(secret.clone()),
                owner_references: Some(owner.owner_ref(&()).into_iter().collect()),
                ..ObjectMeta::default()
            },
            data: Some([(ENTRY.to_owned(), ByteString(text.into_bytes()))].into()),
            ..Secret::default()
        };
        // Not by force: where the controller was faster, its key stays.
        let made = api.patch(&secret, &PatchParams::apply(FIELD_MANAGER), &Patch::Apply(&object)).await;
        match made.doing(format!("create secret {secret}")) {
            Ok(_) | Err(Error::Conflict { .. }) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// The Secret that speakers wait for, as soon as there are any.
    async fn member_secret(&self, namespace: &str) -> Result<String, Error> {
        let api: Api<DaemonSet> = Api::namespaced(self.client(), namespace);
        let secret = |found: &[DaemonSet]| found.iter().find_map(secret_of).map(str::to_owned);
        first(api, watcher::Config::default(), "watch DaemonSets", secret).await
    }

    async fn controller(&self, namespace: &str) -> Result<Deployment, Error> {
        let api: Api<Deployment> = Api::namespaced(self.client(), namespace);
        first(api, named(OWNER), "watch the controller's deployment", |found| found.first().cloned()).await
    }
}
