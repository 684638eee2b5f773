//! Companions that an operator's checkout installs in a namespace of their own: cert-manager.

use std::time::Duration;

use crate::object::{Object, ObjectRef, is_own, own};
use crate::value::Name;
use crate::{Cluster, Error};

impl Cluster {
    /// Creates a namespace for `lab`, unless one of that name exists. It is removed with the lab, including foreign
    /// objects in it.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn claim_namespace(&self, name: &str, lab: &Name) -> Result<(), Error> {
        if self.namespace(name).await?.is_some() {
            return Ok(());
        }
        let mut object = Object::new("v1", "Namespace", name);
        own(&mut object, lab);
        self.apply(&object).await.map(|_| ())
    }

    /// Removes a namespace that was claimed for `lab`, with the webhooks, roles and definitions of `group` (and of the
    /// groups below it) that came with it. One that is not `lab`'s is left, and so is what others still need. What was
    /// removed, and what was left.
    ///
    /// # Errors
    /// [`Error::TimedOut`] with what keeps the namespace; [`Error::Forbidden`].
    pub async fn remove_claimed(
        &self,
        name: &str,
        group: &str,
        lab: &Name,
        bound: Duration,
    ) -> Result<(Vec<ObjectRef>, Vec<String>), Error> {
        if !self.namespace(name).await?.is_some_and(|namespace| is_own(&namespace.metadata, lab)) {
            return Ok((Vec::new(), Vec::new()));
        }
        let of_group = |has: &str| has == group || has.strip_suffix(group).is_some_and(|below| below.ends_with('.'));
        let roles = self.cluster_roles_of(name, &[&format!("{name}-")], None).await?;
        let mut definitions = self.definitions(of_group, name, None).await?;
        let mut removed = self.webhooks_of(name, None).await?;
        removed.extend(roles.goes);
        removed.append(&mut definitions.goes);
        for object in &removed {
            self.delete(object).await?;
        }
        self.delete_namespace(name, bound).await?;
        removed.push(ObjectRef::new("v1", "Namespace", None, name));
        match definitions.errors.pop() {
            Some(error) => Err(error),
            None => Ok((removed, [roles.stays, definitions.stays].concat())),
        }
    }
}
