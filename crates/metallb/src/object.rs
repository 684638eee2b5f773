//! Objects of any kind: their identity, their place in the API, the label that makes them ours.

use std::fmt;

use kube::api::{Api, ApiResource, DynamicObject, GroupVersionKind};
use kube::core::TypeMeta;
use kube::{Client, Resource, ResourceExt};
use serde::{Deserialize, Serialize};

use crate::value::Name;
use crate::{Error, FIELD_MANAGER};

/// The label of what this crate made; its value is [`FIELD_MANAGER`].
pub const OWNER_LABEL: &str = "app.kubernetes.io/managed-by";
/// The label that names the lab for which something was made.
pub const LAB_LABEL: &str = "metallb-lab/lab";

/// Kind, namespace and name of an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectRef {
    /// Group and version, as `metallb.io/v1beta1`.
    pub api_version: String,
    /// Kind, as `BGPPeer`.
    pub kind: String,
    /// Namespace; none where the kind has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
}

impl ObjectRef {
    /// An object's identity.
    pub fn new(api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Self {
        Self {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
        }
    }

    /// A read object's identity.
    pub fn of(object: &DynamicObject) -> Self {
        let types = object.types.clone().unwrap_or_default();
        Self::new(&types.api_version, &types.kind, object.metadata.namespace.as_deref(), &object.name_any())
    }

    /// The group, without the version; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    pub(crate) fn resource(&self) -> ApiResource {
        resource(&self.api_version, &self.kind)
    }

    /// The API of its kind, in its namespace.
    pub(crate) fn api(&self, client: Client) -> Api<DynamicObject> {
        let resource = self.resource();
        match &self.namespace {
            Some(namespace) => Api::namespaced_with(client, namespace, &resource),
            None => Api::all_with(client, &resource),
        }
    }
}

/// A kind's place in the API. Every kind that a lab meets has the plural that its name suggests.
pub(crate) fn resource(api_version: &str, kind: &str) -> ApiResource {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind))
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.kind, self.name),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}

/// A typed object as one of any kind, in `namespace`.
pub(crate) fn dynamic<K>(object: &K, namespace: Option<&str>) -> DynamicObject
where
    K: Resource<DynamicType = ()> + Serialize,
{
    // What this crate types is maps with text keys all the way down: JSON can hold it.
    let data = serde_json::to_value(object).unwrap_or_default();
    let mut dynamic = DynamicObject { types: None, metadata: object.meta().clone(), data };
    if let Some(fields) = dynamic.data.as_object_mut() {
        for known in ["apiVersion", "kind", "metadata"] {
            fields.remove(known);
        }
    }
    dynamic.types = Some(TypeMeta { api_version: K::api_version(&()).into(), kind: K::kind(&()).into() });
    if let Some(namespace) = namespace {
        dynamic.metadata.namespace = Some(namespace.to_owned());
    }
    dynamic
}

/// The label of a namespace that was made for the application; its value is [`APPLICATION`].
pub(crate) const PART_LABEL: &str = "metallb-lab/part";
/// The application's part of a lab.
pub(crate) const APPLICATION: &str = "application";

/// Leaves the labels that say whose an object is as they are on `live`.
pub(crate) fn leave_owner(object: &mut DynamicObject, live: &DynamicObject) {
    let labels = object.metadata.labels.get_or_insert_default();
    for key in [OWNER_LABEL, LAB_LABEL, PART_LABEL] {
        match live.labels().get(key) {
            Some(value) => labels.insert(key.to_owned(), value.clone()),
            None => labels.remove(key),
        };
    }
}

/// Labels an object as made for `lab`.
pub(crate) fn own(object: &mut DynamicObject, lab: &Name) {
    let labels = object.metadata.labels.get_or_insert_default();
    labels.insert(OWNER_LABEL.to_owned(), FIELD_MANAGER.to_owned());
    labels.insert(LAB_LABEL.to_owned(), lab.to_string());
}

/// Whether an object was made for `lab`.
pub(crate) fn is_own(object: &impl ResourceExt, lab: &Name) -> bool {
    let labels = object.labels();
    labels.get(OWNER_LABEL).is_some_and(|value| value == FIELD_MANAGER)
        && labels.get(LAB_LABEL).is_some_and(|value| value == lab.as_str())
}

/// The error for an object that was not made for this lab.
pub(crate) fn foreign(object: &impl ResourceExt, reference: &ObjectRef) -> Error {
    let labels = object.labels();
    let ours = labels.get(OWNER_LABEL).is_some_and(|value| value == FIELD_MANAGER);
    let because = match labels.get(LAB_LABEL).filter(|_| ours) {
        Some(other) => format!("it is of lab {other}"),
        None => format!("it lacks the label {OWNER_LABEL}={FIELD_MANAGER}"),
    };
    Error::Foreign { object: reference.to_string(), because }
}

/// The label selector of what was made for `lab`.
pub(crate) fn own_selector(lab: &Name) -> String {
    format!("{OWNER_LABEL}={FIELD_MANAGER},{LAB_LABEL}={lab}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_find_their_plural() {
        let plural = |kind| resource("metallb.io/v1beta1", kind).plural;
        assert_eq!(plural("BGPPeer"), "bgppeers");
        assert_eq!(plural("MetalLB"), "metallbs");
        assert_eq!(plural("Community"), "communities");
        assert_eq!(plural("ServiceBGPStatus"), "servicebgpstatuses");
        assert_eq!(plural("NetworkPolicy"), "networkpolicies");
    }
}
