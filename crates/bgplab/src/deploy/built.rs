//! Images of MetalLB that its developers built, in place of published ones.

use std::collections::{BTreeMap, BTreeSet};

use labfile::{Lab, Provider, Tag};
use metallb::Manifest;
use metallb::manifest::{Built, Part};
use netlab::Docker;

use super::How;
use crate::failure::Failure;

/// Names images of the lab's tag in place of published ones, those of controller and speaker always, and that of frr-k8s
/// where the engine has it.
///
/// # Errors
/// Wrong use where the source names no images of MetalLB, or the nodes take none from here; a machine failure that names
/// the images that the engine does not have.
pub(super) async fn named(how: How, lab: &Lab, engine: Option<&Docker>) -> Result<How, Failure> {
    let Some(tag) = &lab.metallb.images else { return Ok(how) };
    fits(lab)?;
    let Some(docker) = engine else { return Err(elsewhere()) };
    let images = how.manifest().map(Manifest::images).unwrap_or_default();
    let built = instead(&images, tag);
    let names: Vec<&str> = built.values().map(|built| built.image.as_str()).collect();
    let states = docker.image_states(&names).await?;
    let there = states.into_iter().filter(|state| state.id.is_some()).map(|state| state.reference).collect();
    Ok(how.with_images(&chosen(built, tag, &there)?))
}

/// Checks that a lab's nodes take images from this engine.
///
/// # Errors
/// Wrong use with another provider than kind.
pub(crate) fn fits(lab: &Lab) -> Result<(), Failure> {
    if lab.cluster.provider == Provider::Kind { Ok(()) } else { Err(elsewhere()) }
}

fn elsewhere() -> Failure {
    Failure::wrong_use("images of your own go into the nodes of a kind cluster only")
        .because("--metallb-images and --reload bring images of this engine into nodes that are containers of it")
        .next("--provider kind, or push the images to a registry and name them in a manifest: --manifest FILE")
}

/// The images that take the place of others, by these.
fn instead(images: &BTreeSet<String>, tag: &Tag) -> BTreeMap<String, Built> {
    images.iter().filter_map(|image| Some((image.clone(), Built::of(image, tag.as_str())?))).collect()
}

/// Those of them that are in the engine.
fn chosen(
    built: BTreeMap<String, Built>,
    tag: &Tag,
    there: &BTreeSet<String>,
) -> Result<BTreeMap<String, String>, Failure> {
    if !built.values().any(|built| built.part == Part::Speaker) {
        return Err(Failure::wrong_use(
            "the operator's source names no images of MetalLB that others could take the place of",
        )
        .because("no container and no variable SPEAKER_IMAGE of it names the speaker's")
        .next("--method direct installs MetalLB itself"));
    }
    let missing: BTreeSet<&str> = built
        .values()
        .filter(|built| built.part != Part::FrrK8s && !there.contains(&built.image))
        .map(|built| built.image.as_str())
        .collect();
    if !missing.is_empty() {
        let failure = Failure::machine(format!("the engine has not all of MetalLB's images of tag {tag}"))
            .next("`inv build` in MetalLB's checkout makes them, `docker images` shows their tags, such as dev-amd64");
        return Err(missing
            .into_iter()
            .fold(failure, |failure, image| failure.because(format!("{image} is not there"))));
    }
    let there = built.into_iter().filter(|(_, built)| there.contains(&built.image));
    Ok(there.map(|(old, built)| (old, built.image)).collect())
}

#[cfg(test)]
mod tests {
    use labfile::{Overrides, ProviderName};

    use super::*;

    const PUBLISHED: [&str; 4] = [
        "quay.io/metallb/controller:v0.16.1",
        "quay.io/metallb/frr-k8s:v0.0.25",
        "quay.io/metallb/speaker:v0.16.1",
        "quay.io/frrouting/frr:10.4.3",
    ];

    fn of(published: &[&str], there: &[&str]) -> Result<BTreeMap<String, String>, Failure> {
        let (tag, set) =
            ("dev".parse().unwrap(), |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect());
        chosen(instead(&set(published), &tag), &tag, &set(there))
    }

    #[test]
    fn nodes_that_are_no_containers_here_take_none() {
        let lab = |provider| Lab::documented(&Overrides { provider: Some(provider), ..Overrides::default() }).unwrap();
        assert!(fits(&lab(ProviderName::Kind)).is_ok());
        for provider in [ProviderName::Standalone, ProviderName::Existing] {
            let refused = fits(&lab(provider)).unwrap_err();
            assert!(refused.kind() == crate::Kind::WrongUse && refused.message().contains("kind cluster only"));
        }
    }

    #[test]
    fn frr_k8s_stays_as_published_where_nobody_built_it() {
        let mut there = vec!["quay.io/metallb/controller:dev", "quay.io/metallb/speaker:dev"];
        let images = of(&PUBLISHED, &there).unwrap();
        assert_eq!(Vec::from_iter(images.values()), there);
        there.push("quay.io/metallb/frr-k8s:dev");
        assert_eq!(of(&PUBLISHED, &there).unwrap()[PUBLISHED[1]], there[2]);
    }

    #[test]
    fn an_image_that_nobody_built_is_named() {
        let failure = of(&PUBLISHED, &["quay.io/metallb/controller:dev"]).unwrap_err().to_json();
        assert_eq!((failure["code"].as_u64(), failure["causes"].as_array().unwrap().len()), (Some(3), 1), "{failure}");
        assert!(failure["causes"][0].as_str().unwrap().starts_with("quay.io/metallb/speaker:dev "), "{failure}");
        assert!(failure["next"].as_str().unwrap().contains("inv build"), "{failure}");
    }

    #[test]
    fn an_operator_that_names_no_images_cannot_be_given_others() {
        let published = ["quay.io/metallb/metallb-operator:v0.16.1", PUBLISHED[0]];
        let failure = of(&published, &["quay.io/metallb/controller:dev"]).unwrap_err().to_json();
        assert_eq!(failure["code"], 2, "{failure}");
        assert!(failure["next"].as_str().unwrap().contains("--method direct"), "{failure}");
    }
}
