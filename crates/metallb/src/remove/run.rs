//! The execution of a removal.

use settle::{Verdict, Wait};

use super::found::Found;
use super::{Removal, RemovalReport, RemovalStep};
use crate::deploy::{Event, Observer, begin};
use crate::error::{Answered, if_found};
use crate::object::{ObjectRef, is_own, own_selector};
use crate::{Cluster, Error};

/// The API groups whose definitions are MetalLB's.
const GROUPS: [&str; 2] = ["metallb.io", "frrk8s.metallb.io"];

/// A removal under way.
struct Run<'a> {
    cluster: &'a Cluster,
    removal: &'a Removal,
    observer: &'a dyn Observer,
    /// `true` if MetalLB and its namespace are removed as a whole.
    whole: bool,
    report: RemovalReport,
}

impl Cluster {
    /// Removes what was made for a lab: application, custom resources, the MetalLB resource, webhook configurations,
    /// the operator, roles, definitions, the namespace. If the namespace is not ours, or does not exist, only what
    /// carries our label. Cluster-wide objects that others still need stay.
    ///
    /// ```no_run
    /// # async fn remove(cluster: metallb::Cluster) -> Result<(), Box<dyn std::error::Error>> {
    /// let removal = metallb::Removal::of("doc".parse()?);
    /// let report = cluster.remove(&removal, &()).await?.into_result()?;
    /// println!("{} objects removed", report.removed().count());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Each step is bounded; what goes wrong is in the report, and the next step is tried.
    ///
    /// # Errors
    /// [`Error::Unreachable`] if there is no API server, and so nothing to remove. [`Error::Stopped`] by the observer.
    pub async fn remove(&self, removal: &Removal, observer: &dyn Observer) -> Result<RemovalReport, Error> {
        self.server_version().await?;
        let whole = removal.include_foreign
            || self
                .namespace(&removal.namespace)
                .await?
                .is_some_and(|namespace| is_own(&namespace.metadata, &removal.lab));
        let mut run = Run { cluster: self, removal, observer, whole, report: RemovalReport::default() };
        // Boxed: the caller's stack may be small.
        Box::pin(run.all()).await?;
        Ok(run.report)
    }

    /// Removes a lab's application and every resource of MetalLB's kinds, whoever made it. MetalLB itself stays.
    ///
    /// # Errors
    /// As [`Cluster::remove`].
    pub async fn clear(&self, removal: &Removal, observer: &dyn Observer) -> Result<RemovalReport, Error> {
        self.server_version().await?;
        let mut run = Run { cluster: self, removal, observer, whole: true, report: RemovalReport::default() };
        let namespace = removal.namespace.as_str();
        Box::pin(run.step("remove the application", self.workload(&removal.lab, namespace))).await?;
        Box::pin(run.step("remove custom resources", async { Ok(self.custom(namespace, None).await) })).await?;
        Ok(run.report)
    }
}

impl Run<'_> {
    async fn all(&mut self) -> Result<(), Error> {
        let (cluster, removal) = (self.cluster, self.removal);
        let namespace = removal.namespace.as_str();
        // If the namespace is not ours, or does not exist, only what carries our label.
        let ours = own_selector(&removal.lab);
        let (selector, lab) = if self.whole { (None, None) } else { (Some(ours.as_str()), Some(&removal.lab)) };
        self.step("remove the application", cluster.workload(&removal.lab, namespace)).await?;
        if self.whole && self.is_terminating().await {
            // Its webhooks' service is deleted or about to be: nothing can be deleted through them any more.
            self.step("remove the webhooks of the stuck namespace", cluster.webhooks_of(namespace, None)).await?;
        }
        self.step("remove custom resources", async { Ok(cluster.custom(namespace, selector).await) }).await?;
        let resource = cluster.references(("metallb.io/v1beta1", "MetalLB"), namespace, selector);
        self.step("remove the MetalLB resource", resource).await?;
        if !self.whole {
            self.step("remove passwords", cluster.references(("v1", "Secret"), namespace, selector)).await?;
        }
        self.step("remove webhook configurations", cluster.webhooks_of(namespace, lab)).await?;
        self.step("remove the operator", cluster.installation(namespace, selector)).await?;
        let roles = cluster.cluster_roles_of(namespace, &["metallb-", "frr-k8s-"], lab);
        self.step("remove cluster roles", roles).await?;
        let definitions = cluster.definitions(|group| GROUPS.contains(&group), namespace, lab);
        self.step("remove definitions", definitions).await?;
        if self.whole {
            return self.namespace().await;
        }
        if cluster.namespace(namespace).await?.is_some() {
            self.leave(format!("namespace {namespace} and what else is in it: not ours"));
        }
        Ok(())
    }

    async fn is_terminating(&self) -> bool {
        let found = self.cluster.namespace(&self.removal.namespace).await.ok().flatten();
        found.is_some_and(|namespace| namespace.metadata.deletion_timestamp.is_some())
    }

    fn leave(&mut self, what: String) {
        if let Some(last) = self.report.steps.last_mut() {
            last.left.push(what);
        }
    }

    /// Deletes every object found, and waits for its deletion; finalizers are cleared only if that takes too long.
    async fn step(
        &mut self,
        name: &'static str,
        found: impl Future<Output = Result<impl Into<Found>, Error>>,
    ) -> Result<(), Error> {
        let begun = begin(self.observer, name)?;
        let mut step = RemovalStep {
            name,
            removed: Vec::new(),
            left: Vec::new(),
            errors: Vec::new(),
            took: std::time::Duration::ZERO,
        };
        match found.await {
            // Kind after kind, as one may refer to another; all of a kind at the same time.
            Ok(found) => {
                let Found { goes, stays, errors } = found.into();
                (step.left, step.errors) = (stays, errors);
                for kind in goes.chunk_by(|a, b| a.kind == b.kind) {
                    let deleted = futures::future::join_all(kind.iter().map(|object| self.delete(object))).await;
                    for (object, deleted) in kind.iter().zip(deleted) {
                        match deleted {
                            Ok(()) => step.removed.push(object.clone()),
                            Err(error) => step.errors.push(error),
                        }
                    }
                }
            }
            Err(error) => step.errors.push(error),
        }
        step.took = begun.elapsed();
        self.observer.event(&Event::Done { name, elapsed: step.took });
        self.report.steps.push(step);
        Ok(())
    }

    /// Deletes one object. A webhook of ours that cannot be reached is removed first.
    async fn delete(&self, object: &ObjectRef) -> Result<(), Error> {
        match self.cluster.delete(object).await {
            Err(Error::WebhookUnreachable { .. }) => {
                let lab = (!self.whole).then_some(&self.removal.lab);
                for webhook in self.cluster.webhooks_of(&self.removal.namespace, lab).await? {
                    self.cluster.delete(&webhook).await?;
                }
                self.cluster.delete(object).await?;
            }
            other => other?,
        }
        match self.wait_deleted(object).await {
            Err(Error::TimedOut { .. }) => {
                self.cluster.clear_finalizers(object).await?;
                self.wait_deleted(object).await
            }
            other => other,
        }
    }

    async fn wait_deleted(&self, object: &ObjectRef) -> Result<(), Error> {
        let api = object.api(self.cluster.client());
        let wait = Wait::new(format!("deletion of {object}"), self.removal.bound);
        let look = async || if_found(api.get_metadata_opt(&object.name).await.doing(format!("get {object}")));
        let deleted = wait.poll(async || match look().await.map(Option::flatten) {
            Ok(None) => Verdict::Ready(()),
            Ok(Some(found)) => {
                let finalizers = found.metadata.finalizers.unwrap_or_default();
                let held =
                    if finalizers.is_empty() { String::new() } else { format!(", held by {}", finalizers.join(", ")) };
                let missing = format!("{object} is still there{held}");
                self.observer.event(&Event::Waiting { name: &object.to_string(), missing: &missing });
                Verdict::NotYet(missing)
            }
            Err(error) => Verdict::Failed(error),
        });
        Ok(deleted.await?)
    }

    async fn namespace(&mut self) -> Result<(), Error> {
        const NAME: &str = "remove the namespace";
        let begun = begin(self.observer, NAME)?;
        let namespace = self.removal.namespace.as_str();
        let done = self.cluster.delete_namespace(namespace, self.removal.bound).await;
        let took = begun.elapsed();
        let mut step = RemovalStep { name: NAME, removed: Vec::new(), left: Vec::new(), errors: Vec::new(), took };
        match done {
            Ok(true) => step.removed.push(ObjectRef::new("v1", "Namespace", None, namespace)),
            Ok(false) => {}
            Err(error) => step.errors.push(error),
        }
        self.observer.event(&Event::Done { name: NAME, elapsed: took });
        self.report.steps.push(step);
        Ok(())
    }
}
