//! Objects found, kind by kind.

use kube::ResourceExt;
use kube::api::{Api, ListParams};

use super::found::Found;
use crate::error::{Answered, if_found};
use crate::object::{APPLICATION, Object, ObjectRef, PART_LABEL, is_own, own_selector, resource};
use crate::value::Name;
use crate::{Cluster, Error};

/// MetalLB's kinds, in an order in which nothing is deleted that another still refers to (its webhooks look). What
/// speakers write themselves (`FRRConfiguration`) is deleted with its definition: before that they would write it
/// again. Of a kind with two versions the stored one comes first: the other is asked for only where that is not served,
/// as the answer goes through a webhook.
pub(super) const CUSTOM: [(&str, &str); 8] = [
    ("metallb.io/v1beta1", "BGPAdvertisement"),
    ("metallb.io/v1beta1", "L2Advertisement"),
    ("metallb.io/v1beta2", "BGPPeer"),
    ("metallb.io/v1beta1", "BGPPeer"),
    ("metallb.io/v1beta1", "BFDProfile"),
    ("metallb.io/v1beta1", "Community"),
    ("metallb.io/v1beta1", "IPAddressPool"),
    ("metallb.io/v1beta1", "AddressPool"),
];

/// The kinds in MetalLB's namespace that bring it, with what they need there.
const INSTALLED: [(&str, &str); 7] = [
    ("apps/v1", "Deployment"),
    ("apps/v1", "DaemonSet"),
    ("v1", "Service"),
    ("v1", "ConfigMap"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("v1", "ServiceAccount"),
];

impl Cluster {
    /// Objects of a kind; none where there is no such kind.
    pub(crate) async fn found(
        &self,
        kind: (&str, &str),
        namespace: Option<&str>,
        selector: Option<&str>,
    ) -> Result<Vec<Object>, Error> {
        Ok(self.served(kind, namespace, selector).await?.unwrap_or_default())
    }

    /// Objects of a kind, where it is served in this version.
    pub(crate) async fn served(
        &self,
        (version, kind): (&str, &str),
        namespace: Option<&str>,
        selector: Option<&str>,
    ) -> Result<Option<Vec<Object>>, Error> {
        let resource = resource(version, kind);
        let api: Api<Object> = match namespace {
            Some(namespace) => Api::namespaced_with(self.client(), namespace, &resource),
            None => Api::all_with(self.client(), &resource),
        };
        let params = selector.map_or_else(ListParams::default, |selector| ListParams::default().labels(selector));
        Ok(if_found(api.list(&params).await.doing(format!("list {kind} objects")))?.map(|list| list.items))
    }

    /// [`Self::found`] in a namespace, by name.
    pub(super) async fn references(
        &self,
        (version, kind): (&str, &str),
        namespace: &str,
        selector: Option<&str>,
    ) -> Result<Vec<ObjectRef>, Error> {
        let found = self.found((version, kind), Some(namespace), selector).await?;
        Ok(found.iter().map(|o| ObjectRef::new(version, kind, Some(namespace), &o.name_any())).collect())
    }

    /// MetalLB's custom resources in its namespace: all of them, or those that a selector selects. Every kind that can
    /// be listed counts, whatever else cannot.
    pub(super) async fn custom(&self, namespace: &str, selector: Option<&str>) -> Found {
        let mut found = Found::default();
        let mut answered: Vec<&str> = Vec::new();
        for (version, kind) in CUSTOM {
            if answered.contains(&kind) {
                continue;
            }
            match self.served((version, kind), Some(namespace), selector).await {
                Ok(None) => continue,
                Ok(Some(objects)) => {
                    found
                        .goes
                        .extend(objects.iter().map(|o| ObjectRef::new(version, kind, Some(namespace), &o.name_any())));
                }
                Err(error) => found.errors.push(error),
            }
            answered.push(kind);
        }
        found
    }

    /// Lists the resources of MetalLB's kinds that are not a lab's.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn foreign_resources(&self, namespace: &str, lab: &Name) -> Result<Vec<ObjectRef>, Error> {
        let mut found = Vec::new();
        for (version, kind) in CUSTOM {
            let objects = self.found((version, kind), Some(namespace), None).await?;
            let foreign = objects.iter().filter(|object| !is_own(&object.metadata, lab));
            found.extend(foreign.map(|o| ObjectRef::new(version, kind, Some(namespace), &o.name_any())));
        }
        found.dedup_by(|a, b| (&a.kind, &a.name) == (&b.kind, &b.name));
        Ok(found)
    }

    /// Lists MetalLB's objects in its namespace: its workloads, or everything that a selector selects. The namespace
    /// takes the rest.
    pub(super) async fn installation(&self, namespace: &str, selector: Option<&str>) -> Result<Vec<ObjectRef>, Error> {
        let running = if selector.is_none() { 2 } else { INSTALLED.len() };
        let mut found = Vec::new();
        for kind in INSTALLED.into_iter().take(running) {
            found.extend(self.references(kind, namespace, selector).await?);
        }
        Ok(found)
    }

    /// The application's objects: services first, so that their addresses are withdrawn while MetalLB still runs; a
    /// namespace that was made for it last.
    pub(super) async fn workload(&self, lab: &Name, metallb: &str) -> Result<Vec<ObjectRef>, Error> {
        let ours = own_selector(lab);
        let part = format!("{ours},{PART_LABEL}={APPLICATION}");
        let mut found = Vec::new();
        for ((version, kind), selector) in
            [(("v1", "Service"), &ours), (("apps/v1", "Deployment"), &ours), (("v1", "Namespace"), &part)]
        {
            let objects = self.found((version, kind), None, Some(selector)).await?;
            let outside = objects.iter().filter(|object| object.namespace().as_deref() != Some(metallb));
            found.extend(outside.map(|o| ObjectRef::new(version, kind, o.namespace().as_deref(), &o.name_any())));
        }
        Ok(found)
    }
}
