//! The images that the cluster's nodes need, from where they are known, and when.

use std::collections::{BTreeMap, BTreeSet};

use metallb::Manifest;
use metallb::manifest::Place;
use metallb::release::{Release, own_image, variables};

use crate::deploy::How;
use crate::deploy::make::Checkout;
use labfile::Lab;

/// The waiters for an archive of images. In this order they are saved and imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wave {
    /// The operator, and the webhooks that it serves.
    Install,
    /// MetalLB on every node.
    Metallb,
    /// The application.
    Workload,
    /// FRR on the nodes, without MetalLB.
    Frr,
    /// Those that the operator deploys and nobody named beforehand.
    InUse,
    /// Nobody: somebody asked for them.
    Asked,
}

impl Wave {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Install => "operator",
            Self::Metallb => "metallb",
            Self::Workload => "workload",
            Self::Frr => "frr",
            Self::InUse => "in-use",
            Self::Asked => "asked-for",
        }
    }

    /// Names the purpose of the images.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Install => "operator and webhooks",
            Self::Metallb => "MetalLB on the nodes",
            Self::Workload => "workload",
            Self::Frr => "FRR on the nodes",
            Self::InUse => "pods that wait for them",
            Self::Asked => "asked for",
        }
    }
}

/// Images that are saved together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// The wave that waits for them.
    pub wave: Wave,
    /// The images.
    pub images: BTreeSet<String>,
    /// The nodes that get them.
    pub place: Place,
}

/// The archives of a deployment, in their order; none is empty. Of one that is not known how it is to be made, what was
/// published with the version asked for.
pub fn archives(lab: &Lab, how: Option<&How>) -> Vec<Archive> {
    let mut images: BTreeMap<String, (Wave, Place)> = BTreeMap::new();
    let mut add = |image: String, wave: Wave, place: Place| {
        let known = images.entry(image).or_insert((wave, place));
        *known = (wave.min(known.0), place.max(known.1));
    };
    match how {
        Some(How::Direct(manifest)) => {
            manifest.pod_images().into_iter().for_each(|(image, place)| add(image, Wave::Install, place));
        }
        Some(How::Manifest(manifest) | How::Make(Checkout { manifest: Some(manifest), .. })) => {
            operator(lab, manifest, &mut add);
        }
        Some(How::Make(_)) | None => {
            operands(lab, &BTreeMap::new()).into_iter().for_each(|(image, wave, place)| add(image, wave, place));
        }
    }
    add(lab.images.workload.to_string(), Wave::Workload, Place::Workers);
    // Where there is no worker, the control plane takes every pod.
    let least = if lab.cluster.workers == 0 { Place::Everywhere } else { Place::Workers };
    let mut archives: Vec<Archive> = Vec::new();
    for wave in [Wave::Install, Wave::Metallb, Wave::Workload] {
        let of_wave = images.iter().filter(|(_, (of, _))| *of == wave);
        let place = of_wave.clone().map(|(_, (_, place))| *place).max().unwrap_or(least).max(least);
        let images: BTreeSet<String> = of_wave.map(|(image, _)| image.clone()).collect();
        if !images.is_empty() {
            archives.push(Archive { wave, images, place });
        }
    }
    archives
}

/// The archive of images that pods wait for.
pub(crate) fn in_use(images: BTreeMap<String, Place>) -> Archive {
    let place = images.values().copied().max().unwrap_or(Place::Workers);
    Archive { wave: Wave::InUse, images: images.into_keys().collect(), place }
}

/// The archive of FRR's image, which the workers get.
pub fn frr(image: &str) -> Archive {
    Archive { wave: Wave::Frr, images: [image.to_owned()].into(), place: Place::Workers }
}

/// The archive of images that somebody asked for, which every node gets.
pub fn asked(images: &[String]) -> Archive {
    Archive { wave: Wave::Asked, images: images.iter().cloned().collect(), place: Place::Everywhere }
}

/// The operator's own images, and those with which it deploys MetalLB.
fn operator(lab: &Lab, manifest: &Manifest, add: &mut impl FnMut(String, Wave, Place)) {
    manifest.pod_images().into_iter().for_each(|(image, place)| add(image, Wave::Install, place));
    operands(lab, &manifest.operand_images()).into_iter().for_each(|(image, wave, place)| add(image, wave, place));
}

/// MetalLB's own images: as the operator names them, or else as they were published.
fn operands(lab: &Lab, named: &BTreeMap<String, String>) -> Vec<(String, Wave, Place)> {
    let version = lab.metallb.version.as_str();
    let backend = lab.metallb.backend.into();
    // Of a release that is not known here, those that carry its version are.
    let built = |variable: &str| own_image(variable, lab.metallb.images.as_ref()?.as_str());
    let published = |variable: &str| match Release::of(version) {
        Some(release) => built(variable).or_else(|| release.image(variable, backend)),
        None => built(variable).or_else(|| own_image(variable, version)),
    };
    let image = |variable: &str| named.get(variable).cloned().or_else(|| published(variable));
    let (controller, on_nodes) = variables(backend);
    // The controller's image serves the operator's webhooks too.
    let controller = image(controller).map(|image| (image, Wave::Install, Place::Workers));
    let on_nodes = on_nodes.iter().filter_map(|variable| Some((image(variable)?, Wave::Metallb, Place::Everywhere)));
    controller.into_iter().chain(on_nodes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use labfile::{Backend, Overrides};

    const OPERATOR: &str = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: metallb-operator-controller-manager, \
                            namespace: metallb-system}, spec: {template: {spec: {containers: [{image: a/operator:v1}]}}}}";

    fn lab(backend: Backend) -> Lab {
        Lab::documented(&Overrides { backend: Some(backend), ..Overrides::default() }).unwrap()
    }

    fn waves(backend: Backend) -> Vec<(&'static str, Vec<String>, Place)> {
        let how = How::Manifest(Manifest::parse(OPERATOR).unwrap());
        let archives = archives(&lab(backend), Some(&how));
        archives.into_iter().map(|a| (a.wave.as_str(), Vec::from_iter(a.images), a.place)).collect()
    }

    #[test]
    fn what_runs_on_every_node_goes_to_every_node() {
        let metallb = ["quay.io/frrouting/frr:10.5.3", "quay.io/metallb/speaker:v0.16.1"];
        let expected = [
            (
                "operator",
                vec!["a/operator:v1".to_owned(), "quay.io/metallb/controller:v0.16.1".to_owned()],
                Place::Workers,
            ),
            ("metallb", metallb.map(str::to_owned).into(), Place::Everywhere),
            ("workload", vec!["registry.k8s.io/e2e-test-images/agnhost:2.53".to_owned()], Place::Workers),
        ];
        assert_eq!(waves(Backend::Frr), expected);
        assert_eq!(waves(Backend::Native)[1].1, metallb[1..]);
        let frr_k8s = ["quay.io/frrouting/frr:10.4.3", "quay.io/metallb/frr-k8s:v0.0.25", metallb[1]];
        assert_eq!(waves(Backend::FrrK8s)[1].1, frr_k8s);
    }

    #[test]
    fn a_release_that_is_not_known_has_the_images_that_carry_its_version() {
        let mut lab = lab(Backend::FrrK8s);
        lab.metallb.version = "v0.99.0".parse().unwrap();
        let images: Vec<String> = operands(&lab, &BTreeMap::new()).into_iter().map(|(image, ..)| image).collect();
        assert_eq!(images, ["quay.io/metallb/controller:v0.99.0", "quay.io/metallb/speaker:v0.99.0"]);
    }

    #[test]
    fn images_in_use_are_one_archive_for_every_node_that_may_run_them() {
        let images = [("a:1", Place::Workers), ("b:1", Place::Everywhere)].map(|(i, place)| (i.to_owned(), place));
        let archive = in_use(images.into());
        assert_eq!((archive.place, archive.images.len()), (Place::Everywhere, 2));
    }

    #[test]
    fn what_the_operator_names_counts_before_what_was_published() {
        let named = BTreeMap::from([("SPEAKER_IMAGE".to_owned(), "b/speaker:v2".to_owned())]);
        let images: Vec<String> = operands(&lab(Backend::Frr), &named).into_iter().map(|(image, ..)| image).collect();
        assert!(images.contains(&"b/speaker:v2".to_owned()), "{images:?}");
    }
}
