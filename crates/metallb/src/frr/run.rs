//! FRR deployed on the nodes, and removed.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{DAEMON_SET, FrrNodes};
use crate::deploy::{Event, Observer, Patience, apply_with_retries, step};
use crate::error::Answered;
use crate::object::{Object, ObjectRef, own_selector};
use crate::plan::{Change, Phase, Plan, Step, Wanted, plan};
use crate::ready::{Condition, Waiting};
use crate::value::Name;
use crate::{Cluster, Error};

impl Cluster {
    /// Plans what is to be done so that FRR runs on these nodes as wanted.
    ///
    /// # Errors
    /// As [`Cluster::plan`].
    pub async fn plan_frr(&self, frr: &FrrNodes) -> Result<Plan, Error> {
        let wanted = frr.wanted()?;
        let (observed, stale) = futures::try_join!(self.observe(&wanted), self.stale_frr(frr, &wanted))?;
        plan(&wanted, &observed, &stale, &frr.lab)
    }

    /// ConfigMaps of nodes that get no FRR any more.
    async fn stale_frr(&self, frr: &FrrNodes, wanted: &[Wanted]) -> Result<Vec<ObjectRef>, Error> {
        let namespace = frr.namespace.as_str();
        let found = self.found(("v1", "ConfigMap"), Some(namespace), Some(&own_selector(&frr.lab))).await?;
        let of = |object: &Object| {
            ObjectRef::new("v1", "ConfigMap", Some(namespace), object.metadata.name.as_deref().unwrap_or_default())
        };
        let is_wanted = |object: &ObjectRef| wanted.iter().any(|wanted| ObjectRef::of(&wanted.object) == *object);
        Ok(found.iter().map(of).filter(|object| !is_wanted(object)).collect())
    }

    /// Deploys FRR on the nodes and waits until its pods are ready. Returns the plan that was carried out.
    ///
    /// # Errors
    /// As [`Cluster::deploy`].
    pub async fn deploy_frr(&self, frr: &FrrNodes, bound: Duration, observer: &dyn Observer) -> Result<Plan, Error> {
        let wanted = frr.wanted()?;
        self.finish_deletions(&wanted, &Phase::ALL, bound, observer).await?;
        let plan = self.plan_frr(frr).await?;
        let objects: BTreeMap<ObjectRef, Wanted> =
            wanted.into_iter().map(|wanted| (ObjectRef::of(&wanted.object), wanted)).collect();
        for Step { name, object, change, .. } in &plan.steps {
            let report = |missing: &str| observer.event(&Event::Waiting { name, missing });
            let work = async {
                match (change, objects.get(object)) {
                    (Change::Delete, _) => self.delete(object).await,
                    (_, Some(wanted)) => apply_with_retries(self, wanted, Patience::within(bound), &report).await,
                    (_, None) => Ok(()),
                }
            };
            step(observer, name, work).await?;
        }
        let ready = Condition::DaemonSet { any_of: vec![DAEMON_SET.to_owned()], frr: None };
        let name = "wait for FRR on the nodes";
        let report = |missing: &str| observer.event(&Event::Waiting { name, missing });
        let waiting = Waiting { cluster: self, namespace: frr.namespace.as_str(), name, bound, report: &report };
        waiting.until(&[ready]).await?;
        Ok(plan)
    }

    /// Removes FRR from the nodes, with its namespace where that is ours; returns whether there was one.
    ///
    /// # Errors
    /// [`Error::Foreign`], [`Error::TimedOut`].
    pub async fn remove_frr(&self, lab: &Name, namespace: &Name, bound: Duration) -> Result<bool, Error> {
        let object = ObjectRef::new("v1", "Namespace", None, namespace.as_str());
        let Some(found) = object.api(self.client()).get_opt(&object.name).await.doing(format!("get {object}"))? else {
            return Ok(false);
        };
        if !crate::object::is_own(&found.metadata, lab) {
            return Err(crate::Error::foreign(&found.metadata, &object));
        }
        self.delete_namespace(namespace.as_str(), bound).await
    }
}
