//! The images of a manifest's pods, and the nodes that need them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Manifest;
use crate::object::Object;

/// kubeadm's taint on nodes that run the control plane.
const CONTROL_PLANE: &str = "node-role.kubernetes.io/control-plane";

/// The nodes on which the pods of an image may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Place {
    /// Those that take any pod.
    Workers,
    /// The control plane too: its taint is tolerated.
    Everywhere,
}

impl Manifest {
    /// The images of the manifest's own pods, and where these may run.
    pub fn pod_images(&self) -> BTreeMap<String, Place> {
        pod_images(&self.objects)
    }

    /// The images with which an operator deploys MetalLB, by the variable that names them, as `SPEAKER_IMAGE`.
    pub fn operand_images(&self) -> BTreeMap<String, String> {
        let variables =
            self.objects.iter().flat_map(containers).filter_map(|container| container.get("env")?.as_array());
        let named = variables.flatten().filter_map(|variable| {
            let name = variable.get("name")?.as_str().filter(|name| name.ends_with("_IMAGE"))?;
            let image = variable.get("value")?.as_str().filter(|image| !image.is_empty())?;
            Some((name.to_owned(), image.to_owned()))
        });
        named.collect()
    }
}

/// Returns the images of the pods that objects make, and where these may run.
pub(crate) fn pod_images(objects: &[Object]) -> BTreeMap<String, Place> {
    let mut images = BTreeMap::new();
    for object in objects {
        let place = place(object);
        for image in containers(object).filter_map(|container| container.get("image")?.as_str()) {
            let known = images.entry(image.to_owned()).or_insert(place);
            *known = place.max(*known);
        }
    }
    images
}

fn containers(object: &Object) -> impl Iterator<Item = &Value> {
    let spec = object.data.pointer("/spec/template/spec");
    ["initContainers", "containers"].into_iter().filter_map(move |key| spec?.get(key)?.as_array()).flatten()
}

fn place(object: &Object) -> Place {
    let tolerations = object.data.pointer("/spec/template/spec/tolerations").and_then(Value::as_array);
    let tolerates = tolerations.into_iter().flatten().any(|toleration| {
        let text = |field: &str| toleration.get(field).and_then(Value::as_str).unwrap_or_default();
        text("key") == CONTROL_PLANE || (text("key").is_empty() && text("operator") == "Exists")
    });
    if tolerates { Place::Everywhere } else { Place::Workers }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tolerated_taint_brings_an_image_to_the_control_plane() {
        let manifest = Manifest::parse(
            "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: speaker, namespace: n}, spec: {template: {spec: \
             {tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists}], \
             containers: [{image: a/speaker:v1}], initContainers: [{image: b/frr:1}]}}}}\n---\n\
             {apiVersion: apps/v1, kind: Deployment, metadata: {name: controller, namespace: n}, spec: {template: {spec: \
             {containers: [{image: a/controller:v1, env: [{name: FRR_IMAGE, value: 'b/frr:1'}]}, {image: b/frr:1}]}}}}",
        )
        .unwrap();
        let images: Vec<_> = manifest.pod_images().into_iter().collect();
        let expected =
            [("a/controller:v1", Place::Workers), ("a/speaker:v1", Place::Everywhere), ("b/frr:1", Place::Everywhere)];
        assert_eq!(images, expected.map(|(image, place)| (image.to_owned(), place)));
        assert_eq!(manifest.operand_images()["FRR_IMAGE"], "b/frr:1");
    }
}
