//! The images of a manifest, and pins for floating tags.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Manifest, containers_mut};

/// The versions to which floating tags are pinned, as `v0.15.2`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins {
    /// The tag of the operator's image.
    pub operator: Option<String>,
    /// The tag of MetalLB's controller and speaker.
    pub metallb: Option<String>,
}

impl Pins {
    /// The pinned name of an image, where its tag floats and a pin is known.
    fn pinned(&self, image: &str) -> Option<String> {
        let (repository, tag) = split(image);
        if !floats(tag) {
            return None;
        }
        let tag = match repository.rsplit('/').next()? {
            "metallb-operator" => self.operator.as_ref(),
            "controller" | "speaker" => self.metallb.as_ref(),
            _ => None,
        }?;
        Some(format!("{repository}:{tag}"))
    }
}

/// A part of MetalLB that has an image of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The controller.
    Controller,
    /// The speaker.
    Speaker,
    /// The daemon frr-k8s, which has a repository of its own.
    FrrK8s,
}

/// An image that a developer built of a part of MetalLB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The image, with the developer's tag.
    pub image: String,
    /// The part.
    pub part: Part,
}

impl Built {
    /// Returns the image that a developer's tag names in place of a published one; `None` if the image is no part of
    /// MetalLB's own.
    pub fn of(image: &str, tag: &str) -> Option<Self> {
        let (repository, _) = split(image);
        let part = match repository.rsplit('/').next()? {
            "controller" => Part::Controller,
            "speaker" => Part::Speaker,
            "frr-k8s" => Part::FrrK8s,
            _ => return None,
        };
        Some(Self { image: format!("{repository}:{tag}"), part })
    }
}

/// An image's repository and tag; a digest counts as a tag that does not float.
fn split(image: &str) -> (&str, Option<&str>) {
    if let Some((repository, digest)) = image.split_once('@') {
        return (repository, Some(digest));
    }
    match image.rsplit_once(':') {
        // A colon before a slash is a registry's port.
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (image, None),
    }
}

fn floats(tag: Option<&str>) -> bool {
    matches!(tag, None | Some("latest" | "main" | "master" | "dev"))
}

/// A container's image, and the variables of the operator that name images (`SPEAKER_IMAGE`, `FRR_IMAGE`, …).
fn references(container: &mut Value) -> Vec<&mut Value> {
    let Some(fields) = container.as_object_mut() else { return Vec::new() };
    let mut found = Vec::new();
    for (key, field) in fields {
        match key.as_str() {
            "image" => found.push(field),
            "env" => found.extend(
                field
                    .as_array_mut()
                    .into_iter()
                    .flatten()
                    .filter(|variable| {
                        variable.get("name").and_then(Value::as_str).is_some_and(|name| name.ends_with("_IMAGE"))
                    })
                    .filter_map(|variable| variable.get_mut("value")),
            ),
            _ => {}
        }
    }
    found
}

impl Manifest {
    /// Pins images with a floating tag to the given versions; others stay as they are.
    #[must_use]
    pub fn pinned(mut self, pins: &Pins) -> Self {
        for object in &mut self.objects {
            for reference in containers_mut(object).flat_map(references) {
                if let Some(pinned) = reference.as_str().and_then(|image| pins.pinned(image)) {
                    *reference = pinned.into();
                }
            }
        }
        self
    }

    /// Names other images in place of some, by their names, and has nodes use those that they have: a registry may know
    /// nothing of them, or something else.
    #[must_use]
    pub fn with_images(mut self, instead: &BTreeMap<String, String>) -> Self {
        for object in &mut self.objects {
            for container in containers_mut(object) {
                let own =
                    container.get("image").and_then(Value::as_str).is_some_and(|image| instead.contains_key(image));
                for reference in references(container) {
                    if let Some(image) = reference.as_str().and_then(|image| instead.get(image)) {
                        *reference = image.as_str().into();
                    }
                }
                if let Some(fields) = container.as_object_mut().filter(|_| own) {
                    fields.insert("imagePullPolicy".to_owned(), "IfNotPresent".into());
                }
            }
        }
        self
    }

    /// Every image that the manifest's pods need, now or when the operator deploys MetalLB.
    pub fn images(&self) -> BTreeSet<String> {
        let mut copy = self.clone();
        let images = copy.objects.iter_mut().flat_map(|object| containers_mut(object).flat_map(references));
        images.filter_map(|image| image.as_str().map(str::to_owned)).filter(|image| !image.is_empty()).collect()
    }

    /// The images with a floating tag, which may name another program tomorrow.
    pub fn floating(&self) -> BTreeSet<String> {
        self.images().into_iter().filter(|image| floats(split(image).1)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("quay.io/metallb/speaker:main", Some("quay.io/metallb/speaker:v0.15.2"))]
    #[case("quay.io/metallb/controller", Some("quay.io/metallb/controller:v0.15.2"))]
    #[case("quay.io/metallb/metallb-operator:latest", Some("quay.io/metallb/metallb-operator:v0.15.1"))]
    #[case("registry.example:5000/metallb/speaker", Some("registry.example:5000/metallb/speaker:v0.15.2"))]
    #[case("quay.io/metallb/speaker:v0.14.9", None)]
    #[case("quay.io/metallb/speaker@sha256:00", None)]
    #[case("quay.io/frrouting/frr:latest", None)]
    fn only_known_floating_tags_are_pinned(#[case] image: &str, #[case] pinned: Option<&str>) {
        let pins = Pins { operator: Some("v0.15.1".into()), metallb: Some("v0.15.2".into()) };
        assert_eq!(pins.pinned(image).as_deref(), pinned);
    }

    #[rstest]
    #[case("quay.io/metallb/controller:v0.16.1", Some(("quay.io/metallb/controller:dev", Part::Controller)))]
    #[case("registry.example:5000/metallb/speaker", Some(("registry.example:5000/metallb/speaker:dev", Part::Speaker)))]
    #[case("quay.io/metallb/frr-k8s:v0.0.25", Some(("quay.io/metallb/frr-k8s:dev", Part::FrrK8s)))]
    #[case("quay.io/frrouting/frr:10.4.3", None)]
    #[case("quay.io/metallb/metallb-operator:v0.16.1", None)]
    fn a_developer_builds_the_parts_of_metallb(#[case] image: &str, #[case] built: Option<(&str, Part)>) {
        let expected = built.map(|(image, part)| Built { image: image.to_owned(), part });
        assert_eq!(Built::of(image, "dev"), expected);
    }

    #[test]
    fn other_images_take_the_place_of_some_wherever_they_are_named() {
        let manifest = Manifest::parse(
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: m, namespace: n}, spec: {template: {spec: \
             {containers: [{image: 'a/controller:v1', imagePullPolicy: Always}, {image: 'b/o:1', env: [{name: \
             SPEAKER_IMAGE, value: 'a/speaker:v1'}]}], initContainers: [{image: 'a/controller:v1'}]}}}}",
        );
        let instead = [("a/controller:v1", "a/controller:dev"), ("a/speaker:v1", "a/speaker:dev")];
        let instead = instead.map(|(old, new)| (old.to_owned(), new.to_owned())).into();
        let manifest = manifest.unwrap().with_images(&instead);
        assert_eq!(Vec::from_iter(manifest.images()), ["a/controller:dev", "a/speaker:dev", "b/o:1"]);
        let spec = |path: &str| manifest.objects()[0].data.pointer(&format!("/spec/template/spec/{path}")).cloned();
        assert_eq!(spec("containers/0/imagePullPolicy"), Some("IfNotPresent".into()));
        assert_eq!(spec("initContainers/0/imagePullPolicy"), Some("IfNotPresent".into()));
        assert_eq!(spec("containers/1/imagePullPolicy"), None);
    }

    #[test]
    fn the_operators_variables_name_images_too() {
        let manifest = Manifest::parse(
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: m, namespace: n}, spec: {template: {spec: \
             {containers: [{image: 'a/metallb-operator:main', env: [{name: SPEAKER_IMAGE, value: 'a/speaker:main'}, \
             {name: OTHER, value: 'a/x:main'}]}], initContainers: [{image: 'b/frr:9.1.0'}]}}}}",
        )
        .unwrap();
        assert_eq!(Vec::from_iter(manifest.images()), ["a/metallb-operator:main", "a/speaker:main", "b/frr:9.1.0"]);
        let pins = Pins { metallb: Some("v1".into()), ..Pins::default() };
        assert_eq!(Vec::from_iter(manifest.pinned(&pins).floating()), ["a/metallb-operator:main"]);
    }
}
