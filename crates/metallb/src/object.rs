//! Objects of any kind: their identity, and the labels that make them ours.

#[cfg(feature = "client")]
mod api;

use std::fmt;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::FIELD_MANAGER;
use crate::value::Name;

#[cfg(feature = "client")]
pub(crate) use api::{by_us, resource};

/// The label of everything that this crate made; its value is [`FIELD_MANAGER`].
pub const OWNER_LABEL: &str = "app.kubernetes.io/managed-by";
/// The label that names the lab for which an object was made.
pub const LAB_LABEL: &str = "metallb-lab/lab";

/// An object of any kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Object {
    /// Group and version, as `metallb.io/v1beta1`; empty for an item of a list.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub api_version: String,
    /// Kind, as `BGPPeer`; empty for an item of a list.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Name, namespace, labels and annotations.
    #[serde(default)]
    pub metadata: ObjectMeta,
    /// All other fields.
    #[serde(flatten)]
    pub data: Value,
}

impl Object {
    /// Makes an object without further fields, in no namespace.
    pub(crate) fn new(api_version: &str, kind: &str, name: &str) -> Self {
        Self {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            metadata: ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() },
            data: Value::Object(serde_json::Map::new()),
        }
    }

    /// Reads a typed object as one of any kind, in `namespace` where one is given.
    ///
    /// # Errors
    /// If it cannot be serialized, or is not an object.
    pub(crate) fn of(typed: &impl Serialize, namespace: Option<&str>) -> Result<Self, serde_json::Error> {
        let mut object: Self = serde_json::from_value(serde_json::to_value(typed)?)?;
        if let Some(namespace) = namespace {
            object.metadata.namespace = Some(namespace.to_owned());
        }
        Ok(object)
    }

    /// The object's name; empty where it has none.
    pub fn name(&self) -> &str {
        self.metadata.name.as_deref().unwrap_or_default()
    }
}

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
    /// Makes a reference from its parts.
    pub(crate) fn new(api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Self {
        Self {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
        }
    }

    /// The reference of an object.
    pub fn of(object: &Object) -> Self {
        Self::new(&object.api_version, &object.kind, object.metadata.namespace.as_deref(), object.name())
    }

    /// The group, without the version; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.kind, self.name),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}

/// The namespace and the name of an object of a known kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamespacedName<'a> {
    /// The namespace.
    pub namespace: &'a str,
    /// The name.
    pub name: &'a str,
}

impl fmt::Display for NamespacedName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// The namespace of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InNamespace<'a>(pub &'a str);

/// The label of a namespace that was made for the application; its value is [`APPLICATION`].
pub(crate) const PART_LABEL: &str = "metallb-lab/part";
/// The application's part of a lab.
pub(crate) const APPLICATION: &str = "application";

/// Keeps the labels of ownership as they are on `live`.
#[cfg(any(feature = "client", test))]
pub(crate) fn leave_owner(object: &mut Object, live: &Object) {
    let labels = object.metadata.labels.get_or_insert_default();
    for key in [OWNER_LABEL, LAB_LABEL, PART_LABEL] {
        match label(&live.metadata, key) {
            Some(value) => labels.insert(key.to_owned(), value.to_owned()),
            None => labels.remove(key),
        };
    }
}

/// Labels an object as made for `lab`.
pub(crate) fn own(object: &mut Object, lab: &Name) {
    let labels = object.metadata.labels.get_or_insert_default();
    labels.insert(OWNER_LABEL.to_owned(), FIELD_MANAGER.to_owned());
    labels.insert(LAB_LABEL.to_owned(), lab.to_string());
}

fn label<'a>(metadata: &'a ObjectMeta, key: &str) -> Option<&'a str> {
    metadata.labels.as_ref()?.get(key).map(String::as_str)
}

/// `true` if an object with this metadata was made for `lab`.
pub(crate) fn is_own(metadata: &ObjectMeta, lab: &Name) -> bool {
    label(metadata, OWNER_LABEL) == Some(FIELD_MANAGER) && label(metadata, LAB_LABEL) == Some(lab.as_str())
}

/// The reason why an object with this metadata is not a lab's of ours.
pub(crate) fn why_foreign(metadata: &ObjectMeta) -> String {
    let ours = label(metadata, OWNER_LABEL) == Some(FIELD_MANAGER);
    match label(metadata, LAB_LABEL).filter(|_| ours) {
        Some(other) => format!("it belongs to lab {other}"),
        None => format!("it lacks the label {OWNER_LABEL}={FIELD_MANAGER}"),
    }
}

/// The label selector of what was made for `lab`.
#[cfg(feature = "client")]
pub(crate) fn own_selector(lab: &Name) -> String {
    format!("{OWNER_LABEL}={FIELD_MANAGER},{LAB_LABEL}={lab}")
}
