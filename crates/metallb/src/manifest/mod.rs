//! Published manifests: of the MetalLB Operator, or of MetalLB itself.

mod images;
mod parse;
mod pods;

use serde_json::Value;

pub use images::{Built, Part, Pins};
pub use parse::ManifestError;
pub use pods::Place;
#[cfg(feature = "client")]
pub(crate) use pods::pod_images;

use crate::object::Object;
use crate::spec::Backend;

/// The operator's own deployment.
pub const OPERATOR: &str = "metallb-operator-controller-manager";
/// The deployment that serves MetalLB's webhooks beside the operator.
pub(crate) const WEBHOOK_SERVER: &str = "metallb-operator-webhook-server";
/// The variable that names the backend for which MetalLB's webhooks validate.
pub(crate) const BGP_TYPE: &str = "METALLB_BGP_TYPE";

/// The software that a manifest installs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Installs {
    /// The operator, which then deploys MetalLB.
    Operator,
    /// MetalLB itself.
    MetalLb,
}

/// A parsed manifest: its objects, in an order in which they can be applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    objects: Vec<Object>,
}

impl Manifest {
    /// The objects, in the order in which they can be applied.
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// Distinguishes the operator's manifest from MetalLB's own.
    pub fn installs(&self) -> Installs {
        let has = |kind: &str, name: &str| self.find(kind, name).is_some();
        if has("Deployment", OPERATOR) || has("CustomResourceDefinition", "metallbs.metallb.io") {
            Installs::Operator
        } else {
            Installs::MetalLb
        }
    }

    /// The backend for which a manifest of MetalLB itself was published; none for the operator's, which serves all.
    pub fn backend(&self) -> Option<Backend> {
        if self.installs() == Installs::Operator {
            return None;
        }
        if self.find("DaemonSet", "frr-k8s-daemon").is_some() || self.find("DaemonSet", "frr-k8s").is_some() {
            return Some(Backend::FrrK8s);
        }
        let speaker = self.find("DaemonSet", "speaker")?;
        let containers = speaker.data.pointer("/spec/template/spec/containers").and_then(Value::as_array)?;
        let frr = containers.iter().any(|container| container.get("name").and_then(Value::as_str) == Some("frr"));
        Some(if frr { Backend::Frr } else { Backend::Native })
    }

    /// Makes the webhooks validate for `backend`: published operator manifests validate for `native`, whatever the
    /// MetalLB resource will say.
    #[must_use]
    pub fn validating_for(mut self, backend: Backend) -> Self {
        for object in self.objects.iter_mut().filter(|object| object.name() == WEBHOOK_SERVER) {
            for container in containers_mut(object) {
                set_env(container, BGP_TYPE, backend.webhook_type());
            }
        }
        self
    }

    fn find(&self, kind: &str, name: &str) -> Option<&Object> {
        self.objects.iter().find(|object| object.kind == kind && object.name() == name)
    }
}

/// The containers of a pod template, with its init containers.
fn containers_mut(object: &mut Object) -> impl Iterator<Item = &mut Value> {
    let spec = object.data.pointer_mut("/spec/template/spec").and_then(Value::as_object_mut);
    spec.into_iter()
        .flat_map(|spec| spec.iter_mut().filter(|(key, _)| matches!(key.as_str(), "containers" | "initContainers")))
        .filter_map(|(_, list)| list.as_array_mut())
        .flatten()
}

/// Sets a variable that a container already has.
fn set_env(container: &mut Value, name: &str, value: &str) {
    let env = container.get_mut("env").and_then(Value::as_array_mut).into_iter().flatten();
    for variable in env.filter(|variable| variable.get("name").and_then(Value::as_str) == Some(name)) {
        if let Some(variable) = variable.as_object_mut() {
            variable.insert("value".to_owned(), value.into());
        }
    }
}
