//! Text to objects, in an order that can be applied.

use serde_json::Value;

use super::Manifest;
use crate::object::{Object, ObjectRef};

/// An error in a manifest.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// It is not YAML, or a document is not an object.
    #[error("the manifest cannot be read: {0}")]
    Yaml(#[from] Box<serde_saphyr::Error>),
    /// A document has no kind, version or name.
    #[error("document {document} of the manifest is not a Kubernetes object: it has no {missing}")]
    NotAnObject {
        /// The document, from 1.
        document: usize,
        /// The missing field.
        missing: &'static str,
    },
    /// An object of a namespaced kind has no namespace.
    #[error("{0} of the manifest has no namespace")]
    NoNamespace(ObjectRef),
    /// It has no objects.
    #[error("the manifest is empty")]
    Empty,
}

/// The kinds of published manifests that live outside of namespaces, and when in the order they are applied.
const CLUSTER_WIDE: [(&str, u8); 8] = [
    ("Namespace", 0),
    ("CustomResourceDefinition", 1),
    ("PriorityClass", 2),
    ("ClusterRole", 3),
    ("ClusterRoleBinding", 4),
    ("SecurityContextConstraints", 4),
    // Last: from then on every object must pass them.
    ("ValidatingWebhookConfiguration", 9),
    ("MutatingWebhookConfiguration", 9),
];

impl Manifest {
    /// Reads a manifest of one or more YAML documents.
    ///
    /// ```
    /// use metallb::Manifest;
    ///
    /// let text = "
    /// {apiVersion: apps/v1, kind: Deployment, metadata: {name: controller, namespace: metallb-system}}
    /// ---
    /// {apiVersion: v1, kind: Namespace, metadata: {name: metallb-system}}
    /// ";
    /// let manifest = Manifest::parse(text)?;
    /// assert_eq!(manifest.objects()[0].kind, "Namespace");
    /// # Ok::<(), metallb::manifest::ManifestError>(())
    /// ```
    ///
    /// Certificates that a running server rotates (`caBundle`) are left out: applying them again would undo the
    /// rotation.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let options = serde_saphyr::options! { legacy_octal_numbers: true, strict_booleans: true };
        let documents: Vec<Option<Value>> =
            serde_saphyr::from_multiple_with_options(text, options).map_err(Box::new)?;
        let mut objects = Vec::new();
        for (index, document) in documents.into_iter().enumerate() {
            let Some(document) = document.filter(|value| !value.is_null()) else { continue };
            for value in flatten(document) {
                objects.push(object(value, index + 1)?);
            }
        }
        if objects.is_empty() {
            return Err(ManifestError::Empty);
        }
        objects.sort_by_key(|object: &Object| rank(&object.kind));
        Ok(Self { objects })
    }
}

/// A list's items, or the one document.
fn flatten(document: Value) -> Vec<Value> {
    match document {
        Value::Object(mut fields) if fields.get("kind").and_then(Value::as_str) == Some("List") => {
            match fields.remove("items") {
                Some(Value::Array(items)) => items,
                _ => Vec::new(),
            }
        }
        other => vec![other],
    }
}

fn object(mut value: Value, document: usize) -> Result<Object, ManifestError> {
    let lacks = |missing| ManifestError::NotAnObject { document, missing };
    for (pointer, missing) in [("/apiVersion", "apiVersion"), ("/kind", "kind"), ("/metadata/name", "metadata.name")] {
        value.pointer(pointer).and_then(Value::as_str).ok_or_else(|| lacks(missing))?;
    }
    if let Some(fields) = value.as_object_mut() {
        fields.remove("status");
    }
    forget(&mut value, "caBundle");
    let object: Object = serde_json::from_value(value).map_err(|_| lacks("readable metadata"))?;
    let identity = ObjectRef::of(&object);
    let cluster_wide = CLUSTER_WIDE.iter().any(|(kind, _)| *kind == identity.kind);
    if identity.namespace.is_none() && !cluster_wide { Err(ManifestError::NoNamespace(identity)) } else { Ok(object) }
}

/// Removes a key wherever it stands.
fn forget(value: &mut Value, key: &str) {
    match value {
        Value::Object(fields) => {
            fields.remove(key);
            fields.values_mut().for_each(|field| forget(field, key));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| forget(item, key)),
        _ => {}
    }
}

fn rank(kind: &str) -> u8 {
    let cluster_wide = CLUSTER_WIDE.iter().find(|(name, _)| *name == kind).map(|(_, rank)| *rank);
    cluster_wide.unwrap_or(match kind {
        "ServiceAccount" => 2,
        "Role" => 3,
        "RoleBinding" => 4,
        "ConfigMap" | "Secret" | "NetworkPolicy" => 5,
        "Service" => 6,
        "Deployment" | "DaemonSet" => 7,
        _ => 8,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: metallb-operator-controller-manager, namespace: metallb-system}
---
---
apiVersion: v1
kind: ConfigMap
metadata: {name: startup, namespace: metallb-system}
data: {enabled: yes}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: bgppeers.metallb.io, creationTimestamp: null}
spec: {conversion: {webhook: {clientConfig: {caBundle: Cg==, service: {name: s, namespace: n}}}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: metallb-system}
";

    #[test]
    fn objects_come_in_an_order_in_which_they_can_be_applied() {
        let manifest = Manifest::parse(TEXT).unwrap();
        let kinds: Vec<String> = manifest.objects().iter().map(|object| object.kind.clone()).collect();
        assert_eq!(kinds, ["Namespace", "CustomResourceDefinition", "ConfigMap", "Deployment"]);
        assert_eq!(manifest.objects()[2].data["data"]["enabled"], "yes", "a YAML 1.1 word stays a word");
        assert_eq!(manifest.objects()[1].data.pointer("/spec/conversion/webhook/clientConfig/caBundle"), None);
    }

    #[test]
    fn a_document_that_is_not_an_object_is_named() {
        let error = |text| Manifest::parse(text).unwrap_err().to_string();
        assert_eq!(
            error("kind: Secret\n"),
            "document 1 of the manifest is not a Kubernetes object: it has no apiVersion"
        );
        assert_eq!(
            error("{apiVersion: v1, kind: Secret, metadata: {name: x}}"),
            "Secret x of the manifest has no namespace"
        );
        assert_eq!(error("---\n"), "the manifest is empty");
        assert!(error("a: [").starts_with("the manifest cannot be read"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[ -~\n]{0,80}") {
            let _ = Manifest::parse(&text);
        }
    }
}
