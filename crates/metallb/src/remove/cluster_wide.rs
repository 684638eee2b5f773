//! Objects of the whole cluster that came with a namespace's installation, and whether others still need them.

use std::collections::BTreeSet;

use futures::{StreamExt, stream};
use kube::ResourceExt;
use serde_json::Value;

use super::found::Found;
use super::resources::CUSTOM;
use crate::object::{Object, ObjectRef, is_own};
use crate::value::Name;
use crate::{Cluster, Error};

const RBAC: &str = "rbac.authorization.k8s.io/v1";
const DEFINITION: (&str, &str) = ("apiextensions.k8s.io/v1", "CustomResourceDefinition");

/// The number of concurrent requests.
const AT_ONCE: usize = 8;

impl Cluster {
    /// The webhook configurations that call a service in `namespace`: all of them, or those made for `lab`.
    pub(crate) async fn webhooks_of(&self, namespace: &str, lab: Option<&Name>) -> Result<Vec<ObjectRef>, Error> {
        let version = "admissionregistration.k8s.io/v1";
        let mut found = Vec::new();
        for kind in ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"] {
            for object in self.found((version, kind), None, None).await? {
                let webhooks = object.data.get("webhooks").and_then(Value::as_array).into_iter().flatten();
                let mut services = webhooks.filter_map(|w| w.pointer("/clientConfig/service/namespace")?.as_str());
                if services.any(|service| service == namespace) && is_of(&object, lab) {
                    found.push(ObjectRef::new(version, kind, None, &object.name_any()));
                }
            }
        }
        Ok(found)
    }

    /// Finds cluster roles and bindings that serve accounts of `namespace`, or have a name with one of these prefixes;
    /// or those made for `lab`. What serves others too stays.
    pub(super) async fn cluster_roles_of(
        &self,
        namespace: &str,
        prefixes: &[&str],
        lab: Option<&Name>,
    ) -> Result<Found, Error> {
        let mut found = Found::default();
        let (mut here, mut elsewhere) = (BTreeSet::new(), BTreeSet::new());
        for binding in self.found((RBAC, "ClusterRoleBinding"), None, None).await? {
            let (ours, others) = subjects(&binding, namespace);
            let goes = if lab.is_some() { is_of(&binding, lab) } else { ours };
            if goes && !others {
                found.goes.push(ObjectRef::new(RBAC, "ClusterRoleBinding", None, &binding.name_any()));
                here.extend(role(&binding));
                continue;
            }
            elsewhere.extend(role(&binding));
            if goes {
                found.stays.push(format!("ClusterRoleBinding {}: it serves others too", binding.name_any()));
            }
        }
        let bindings = self.found((RBAC, "RoleBinding"), None, None).await?;
        let others = bindings.iter().filter(|binding| binding.namespace().as_deref() != Some(namespace));
        elsewhere.extend(others.filter_map(role));
        for object in self.found((RBAC, "ClusterRole"), None, None).await? {
            let name = object.name_any();
            let by_name = prefixes.iter().any(|prefix| name.starts_with(prefix));
            let built_in = object.labels().contains_key("kubernetes.io/bootstrapping");
            let goes = if lab.is_some() { is_of(&object, lab) } else { by_name || (here.contains(&name) && !built_in) };
            match (goes, elsewhere.contains(&name)) {
                (true, false) => found.goes.push(ObjectRef::new(RBAC, "ClusterRole", None, &name)),
                (true, true) if !built_in => found.stays.push(format!("ClusterRole {name}: it serves others too")),
                _ => {}
            }
        }
        Ok(found)
    }

    /// Finds the definitions of some API groups: all of them, or those made for `lab`. A group of which objects are
    /// left to others stays as a whole: deleting a definition deletes all its objects.
    pub(super) async fn definitions(
        &self,
        is_group: impl Fn(&str) -> bool,
        namespace: &str,
        lab: Option<&Name>,
    ) -> Result<Found, Error> {
        let all = self.found(DEFINITION, None, None).await?;
        let of_group: Vec<&Object> = all.iter().filter(|object| is_group(group(object))).collect();
        let others = stream::iter(&of_group).map(async |definition| self.others(definition, namespace, lab).await);
        let others: Vec<Result<Option<String>, Error>> = others.buffered(AT_ONCE).collect().await;
        let mut found = Found::default();
        let mut kept = BTreeSet::new();
        for (definition, others) in of_group.iter().zip(others) {
            match others {
                Ok(None) => continue,
                Ok(Some(object)) => {
                    found.stays.push(format!("definitions of {}: {object} is there", group(definition)))
                }
                Err(error) => found.errors.push(error),
            }
            kept.insert(group(definition));
        }
        let goes = of_group.iter().filter(|object| !kept.contains(group(object)) && is_of(object, lab));
        found.goes.extend(goes.map(|object| ObjectRef::new(DEFINITION.0, DEFINITION.1, None, &object.name_any())));
        Ok(found)
    }

    /// An object of a definition's kind that others have: in another namespace; or where only what is ours goes, one
    /// that people make and that is left in this one.
    async fn others(&self, definition: &Object, namespace: &str, lab: Option<&Name>) -> Result<Option<String>, Error> {
        let text = |pointer: &str| definition.data.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let (kind, version) = (text("/spec/names/kind"), format!("{}/{}", group(definition), stored(definition)));
        let made = lab.is_some() && CUSTOM.iter().any(|(_, custom)| *custom == kind);
        let objects = self.found((&version, kind), None, None).await?;
        let other = objects
            .iter()
            .find(|object| object.namespace().is_some_and(|place| place != namespace || (made && !is_of(object, lab))));
        Ok(other.map(|o| ObjectRef::new(&version, kind, o.namespace().as_deref(), &o.name_any()).to_string()))
    }
}

/// `true` if an object was made for `lab`, or no lab is given.
fn is_of(object: &Object, lab: Option<&Name>) -> bool {
    lab.is_none_or(|lab| is_own(&object.metadata, lab))
}

/// Two flags: a binding has subjects in `namespace`, and it has others.
fn subjects(binding: &Object, namespace: &str) -> (bool, bool) {
    let subjects = binding.data.get("subjects").and_then(Value::as_array).into_iter().flatten();
    let (here, others): (Vec<&Value>, Vec<&Value>) =
        subjects.partition(|subject| subject.get("namespace").and_then(Value::as_str) == Some(namespace));
    (!here.is_empty(), !others.is_empty())
}

/// The cluster's role that a binding gives.
fn role(binding: &Object) -> Option<String> {
    let role = binding.data.get("roleRef")?;
    let name = role.get("name")?.as_str()?;
    (role.get("kind").is_none_or(|kind| kind == "ClusterRole")).then(|| name.to_owned())
}

fn group(definition: &Object) -> &str {
    definition.data.pointer("/spec/group").and_then(Value::as_str).unwrap_or_default()
}

/// The version in which a kind's objects are stored: no webhook has to convert them.
fn stored(definition: &Object) -> &str {
    let versions = definition.data.pointer("/spec/versions").and_then(Value::as_array).into_iter().flatten();
    let stored = versions.filter(|version| version.get("storage") == Some(&Value::Bool(true)));
    stored.filter_map(|version| version.get("name")?.as_str()).next().unwrap_or("v1beta1")
}
