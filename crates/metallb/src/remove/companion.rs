//! What an operator's checkout brings beside MetalLB, in a namespace of its own: cert-manager.

use std::time::Duration;

use kube::ResourceExt;
use kube::api::DynamicObject;
use serde_json::{Value, json};

use crate::object::{ObjectRef, is_own, own, resource};
use crate::value::Name;
use crate::{Cluster, Error};

impl Cluster {
    /// Makes a namespace for `lab`, unless there is one of that name: whoever fills it, it goes with the lab.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn claim_namespace(&self, name: &str, lab: &Name) -> Result<(), Error> {
        if self.namespace(name).await?.is_some() {
            return Ok(());
        }
        let mut object = DynamicObject::new(name, &resource("v1", "Namespace")).data(json!({}));
        own(&mut object, lab);
        self.apply(&object).await.map(|_| ())
    }

    /// Removes a namespace that was claimed for `lab`, with the webhooks, roles and definitions of `group` (and of the groups
    /// below it) that came with it. One that is not `lab`'s is left. What was removed.
    ///
    /// # Errors
    /// [`Error::TimedOut`] with what keeps the namespace; [`Error::Forbidden`].
    pub async fn remove_claimed(
        &self,
        name: &str,
        group: &str,
        lab: &Name,
        bound: Duration,
    ) -> Result<Vec<ObjectRef>, Error> {
        let found = self.found(("v1", "Namespace"), None, None).await?;
        if !found.iter().any(|namespace| namespace.name_any() == name && is_own(namespace, lab)) {
            return Ok(Vec::new());
        }
        let mut removed = self.webhooks_of(name).await?;
        removed.extend(self.cluster_roles_of(name, &[&format!("{name}-")]).await?);
        let (version, kind) = ("apiextensions.k8s.io/v1", "CustomResourceDefinition");
        let of_group = |object: &&DynamicObject| {
            let has = object.data.pointer("/spec/group").and_then(Value::as_str).unwrap_or_default();
            has == group || has.strip_suffix(group).is_some_and(|below| below.ends_with('.'))
        };
        let definitions = self.found((version, kind), None, None).await?;
        removed.extend(definitions.iter().filter(of_group).map(|o| ObjectRef::new(version, kind, None, &o.name_any())));
        for object in &removed {
            self.delete(object).await?;
        }
        self.delete_namespace(name, bound).await?;
        removed.push(ObjectRef::new("v1", "Namespace", None, name));
        Ok(removed)
    }
}
