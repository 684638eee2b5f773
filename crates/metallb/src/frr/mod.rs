//! FRR on the nodes without MetalLB: a ConfigMap a node and a DaemonSet on the host's network.
//!
//! The configuration's text comes from the caller. Each pod finds its own node's: all ConfigMaps are projected into one
//! volume, a folder a node, and the container mounts the folder that bears its node's name (`subPathExpr`).

mod objects;

use std::collections::BTreeMap;
use std::time::Duration;

use kube::api::DynamicObject;

use crate::deploy::{Observer, Patience, apply_with_retries, step};
use crate::object::{ObjectRef, own_selector};
use crate::plan::{Change, Ownership, Phase, Plan, Step, Wanted, plan};
use crate::ready::{Condition, Waiting};
use crate::value::Name;
use crate::{Cluster, Error};

/// The name of the DaemonSet, and the label `app` of its pods.
pub const DAEMON_SET: &str = "frr-node";
/// The container in which FRR, and so vtysh, runs.
pub const CONTAINER: &str = "frr";

/// The files of `/etc/frr` on one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrrFiles {
    /// `daemons`: which daemons run, and how.
    pub daemons: String,
    /// `frr.conf`.
    pub frr_conf: String,
    /// `vtysh.conf`.
    pub vtysh_conf: String,
}

/// FRR on some nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrrNodes {
    /// The lab for which it is made.
    pub lab: Name,
    /// The namespace, which is made.
    pub namespace: Name,
    /// The FRR image.
    pub image: String,
    /// Each node's files, by the node's name. Other nodes get no FRR.
    pub nodes: BTreeMap<String, FrrFiles>,
}

impl FrrNodes {
    /// Every object that should be.
    ///
    /// # Errors
    /// [`Error::Client`] where an object cannot be described.
    pub fn wanted(&self) -> Result<Vec<Wanted>, Error> {
        let described = self.objects().map_err(|source| Error::Client {
            what: "describe FRR's DaemonSet".to_owned(),
            source: Box::new(kube::Error::SerdeError(source)),
        })?;
        let want = |(object, phase): (DynamicObject, Phase)| Wanted::new(object, phase, Ownership::Ours, &self.lab);
        Ok(described.into_iter().map(want).collect())
    }
}

impl Cluster {
    /// What is to be done so that FRR runs on these nodes as wanted.
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
        let of = |object: &DynamicObject| {
            ObjectRef::new("v1", "ConfigMap", Some(namespace), object.metadata.name.as_deref().unwrap_or_default())
        };
        let is_wanted = |object: &ObjectRef| wanted.iter().any(|wanted| ObjectRef::of(&wanted.object) == *object);
        Ok(found.iter().map(of).filter(|object| !is_wanted(object)).collect())
    }

    /// Brings FRR onto the nodes and waits until its pods are ready. Returns the plan that was carried out.
    ///
    /// # Errors
    /// As [`Cluster::deploy`].
    pub async fn deploy_frr(&self, frr: &FrrNodes, bound: Duration, observer: &dyn Observer) -> Result<Plan, Error> {
        let wanted = frr.wanted()?;
        self.finish_deletions(&wanted, &Phase::ALL, bound, observer).await?;
        let plan = self.plan_frr(frr).await?;
        let objects: BTreeMap<ObjectRef, DynamicObject> =
            wanted.into_iter().map(|wanted| (ObjectRef::of(&wanted.object), wanted.object)).collect();
        for Step { name, object, change, .. } in &plan.steps {
            let tell = |missing: &str| observer.waiting(name, missing);
            let work = async {
                match (change, objects.get(object)) {
                    (Change::Delete, _) => self.delete(object).await,
                    (_, Some(object)) => apply_with_retries(self, object, Patience::within(bound), &tell).await,
                    (_, None) => Ok(()),
                }
            };
            step(observer, name, work).await?;
        }
        let ready = Condition::DaemonSet { any_of: vec![DAEMON_SET.to_owned()], frr: None };
        let name = "wait for FRR on the nodes";
        let tell = |missing: &str| observer.waiting(name, missing);
        let waiting = Waiting { cluster: self, namespace: frr.namespace.as_str(), name, bound, tell: &tell };
        waiting.until(&[ready]).await?;
        Ok(plan)
    }

    /// Removes FRR from the nodes, with its namespace where that is ours; returns whether there was one.
    ///
    /// # Errors
    /// [`Error::Foreign`], [`Error::TimedOut`].
    pub async fn remove_frr(&self, lab: &Name, namespace: &Name, bound: Duration) -> Result<bool, Error> {
        let object = ObjectRef::new("v1", "Namespace", None, namespace.as_str());
        let wanted = object.api(self.client()).get_opt(&object.name).await;
        let Some(found) = wanted.map_err(|error| Error::from_kube(format!("get {object}"), error))? else {
            return Ok(false);
        };
        if !crate::object::is_own(&found, lab) {
            return Err(crate::object::foreign(&found, &object));
        }
        self.delete_namespace(namespace.as_str(), bound).await
    }
}
