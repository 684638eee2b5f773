//! Namespaces deleted, also those that are stuck in Terminating.

use std::time::Duration;

use k8s_openapi::api::core::v1::Namespace;
use kube::ResourceExt;
use kube::api::{Api, Patch};
use serde_json::json;
use settle::{Verdict, Wait};

use crate::error::{Answered, if_found};
use crate::object::ObjectRef;
use crate::object::by_us;
use crate::{Cluster, Error};

impl Cluster {
    fn namespaces(&self) -> Api<Namespace> {
        Api::all(self.client())
    }

    pub(crate) async fn namespace(&self, name: &str) -> Result<Option<Namespace>, Error> {
        self.namespaces().get_opt(name).await.doing(format!("get namespace {name}"))
    }

    /// Lists the names of all namespaces.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn namespace_names(&self) -> Result<Vec<String>, Error> {
        let list = self.namespaces().list(&kube::api::ListParams::default()).await.doing("list namespaces")?;
        Ok(list.iter().map(ResourceExt::name_any).collect())
    }

    /// Deletes a namespace with all that is in it, and waits until it is deleted. One that is stuck in Terminating
    /// behind its own webhooks is released: their configurations are deleted, and the namespace's controller is made to
    /// look again. Returns whether there was one.
    ///
    /// # Errors
    /// [`Error::TimedOut`] with what the API says still keeps it; [`Error::Forbidden`].
    pub async fn delete_namespace(&self, name: &str, bound: Duration) -> Result<bool, Error> {
        if self.namespace(name).await?.is_none() {
            return Ok(false);
        }
        for webhook in self.webhooks_of(name, None).await? {
            self.delete(&webhook).await?;
        }
        self.delete(&ObjectRef::new("v1", "Namespace", None, name)).await?;
        let wait = Wait::new(format!("deletion of namespace {name}"), bound);
        let mut nudged = String::new();
        wait.poll(async || match self.namespace(name).await {
            Ok(None) => Verdict::Ready(()),
            Ok(Some(found)) => {
                let keeps = what_keeps(&found);
                // Its controller backs off after a failure; a change makes it look at once.
                if keeps.contains("failed calling webhook") && keeps != nudged {
                    nudged.clone_from(&keeps);
                    if let Err(error) = self.nudge(name).await {
                        return Verdict::Failed(error);
                    }
                }
                Verdict::NotYet(keeps)
            }
            Err(error) => Verdict::Failed(error),
        })
        .await?;
        Ok(true)
    }

    /// Changes a namespace without meaning, so that its controller looks at it again.
    async fn nudge(&self, name: &str) -> Result<(), Error> {
        let patch = json!({"metadata": {"annotations": {"metallb-lab/looked-at": "again"}}});
        let changed = self.namespaces().patch(name, &by_us(), &Patch::Merge(patch)).await;
        if_found(changed.doing(format!("annotate namespace {name}"))).map(drop)
    }

    /// Clears the finalizers of an object whose finalizer controllers do not run any more. The last resort.
    pub(super) async fn clear_finalizers(&self, object: &ObjectRef) -> Result<(), Error> {
        let patch = json!({"metadata": {"finalizers": null}});
        let cleared = object.api(self.client()).patch(&object.name, &by_us(), &Patch::Merge(patch)).await;
        if_found(cleared.doing(format!("clear the finalizers of {object}"))).map(drop)
    }
}

/// The API's reasons why a namespace stays in Terminating.
pub(crate) fn what_keeps(namespace: &Namespace) -> String {
    let conditions = namespace.status.as_ref().and_then(|status| status.conditions.as_ref());
    let messages: Vec<&str> = conditions
        .into_iter()
        .flatten()
        .filter(|condition| condition.status == "True")
        .filter_map(|condition| condition.message.as_deref())
        .collect();
    if messages.is_empty() { format!("namespace {} is terminating", namespace.name_any()) } else { messages.join("; ") }
}
