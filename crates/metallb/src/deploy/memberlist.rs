//! The key by which speakers know each other.
//!
//! Speakers mount it, and do not start without it. MetalLB's controller makes it where there is none, some seconds after the
//! kubelets first looked for it, and these look again after pauses that grow: on a new cluster that is 4 to 6 s in which
//! every speaker waits. Made as soon as the speakers are asked for, it is there when it is looked for.

use std::time::Duration;

use futures::{StreamExt, pin_mut};
use k8s_openapi::ByteString;
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment};
use k8s_openapi::api::core::v1::Secret;
use kube::api::{ObjectMeta, Patch, PatchParams};
use kube::runtime::watcher;
use kube::{Api, Resource};
use settle::{Verdict, Wait};

use crate::watching::{Seen, snapshots};
use crate::{Cluster, Error, FIELD_MANAGER};

/// The volume with the key, in MetalLB's manifests and its operator's.
const VOLUME: &str = "memberlist";
/// The key's name in its Secret.
const ENTRY: &str = "secretkey";
/// How many random bytes the controller takes.
const LENGTH: usize = 128;
/// The deployment that makes the key where there is none; the key goes with it.
const OWNER: &str = "controller";
/// From the speakers to the controller, or back.
const BOTH: Duration = Duration::from_secs(10);

/// The Secret that a DaemonSet's pods wait for.
fn secret_of(daemons: &DaemonSet) -> Option<&str> {
    let volumes = daemons.spec.as_ref()?.template.spec.as_ref()?.volumes.as_ref()?;
    let secret = volumes.iter().find(|volume| volume.name == VOLUME)?.secret.as_ref()?;
    secret.secret_name.as_deref().filter(|_| secret.optional != Some(true))
}

impl Cluster {
    /// Makes the speakers' key, as soon as they are asked for, where nobody did: whether it was made. Where speakers need
    /// none this never returns.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`], [`Error::TimedOut`] where there is no controller: it will make the key.
    pub(super) async fn make_member_key(&self, namespace: &str) -> Result<bool, Error> {
        let secret = self.member_secret(namespace).await?;
        let api: Api<Secret> = Api::namespaced(self.client(), namespace);
        let found = api.get_metadata_opt(&secret).await;
        if found.map_err(|error| Error::from_kube(format!("get secret {secret}"), error))?.is_some() {
            return Ok(false);
        }
        let owner = self.controller(namespace).await?;
        let mut key = [0; LENGTH];
        // Without randomness it is left to the controller.
        if getrandom::fill(&mut key).is_err() {
            return Ok(false);
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
        match api.patch(&secret, &PatchParams::apply(FIELD_MANAGER), &Patch::Apply(&object)).await {
            Ok(_) => Ok(true),
            Err(error) => match Error::from_kube(format!("create secret {secret}"), error) {
                Error::Conflict { .. } => Ok(false),
                other => Err(other),
            },
        }
    }

    /// The Secret that speakers wait for, as soon as there are any.
    async fn member_secret(&self, namespace: &str) -> Result<String, Error> {
        let api: Api<DaemonSet> = Api::namespaced(self.client(), namespace);
        let looks =
            snapshots(api, watcher::Config::default(), "watch DaemonSets").filter_map(async |seen| match seen {
                Seen::All(found) => found.iter().find_map(secret_of).map(|name| Ok(name.to_owned())),
                Seen::Trouble(_) => None,
                Seen::Refused(error) => Some(Err(error)),
            });
        pin_mut!(looks);
        match looks.next().await {
            Some(end) => end,
            // A watch goes on until it is dropped.
            None => std::future::pending().await,
        }
    }

    async fn controller(&self, namespace: &str) -> Result<Deployment, Error> {
        let api: Api<Deployment> = Api::namespaced(self.client(), namespace);
        let wait = Wait::new(format!("deployment {OWNER}"), BOTH).every(Duration::from_millis(100));
        let there = wait.poll(async || match api.get_opt(OWNER).await {
            Ok(Some(found)) => Verdict::Ready(found),
            Ok(None) => Verdict::NotYet("it is not there".to_owned()),
            Err(error) => Verdict::Failed(Error::from_kube(format!("get deployment {OWNER}"), error)),
        });
        Ok(there.await?)
    }
}
