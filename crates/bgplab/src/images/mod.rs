//! The images that a lab needs: which are there, and how they get there without a registry.

mod archive;
mod debian;
mod nodes;

use labfile::{Lab, Provider};
use netlab::{Docker, ImageError, PullCause};
use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;

pub use archive::{Loaded, Saved, load, save};
pub use debian::{Build, Built, build};
pub use nodes::{Brought, bring};

/// An image that a lab needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Need {
    /// The image's reference.
    pub image: String,
    /// The purpose, in a few words.
    pub purpose: &'static str,
}

/// An image that a lab needs, beside what the engine has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Listed {
    /// The image.
    #[serde(flatten)]
    pub need: Need,
    /// The id in the engine; `None` where the engine does not have it.
    pub id: Option<String>,
}

/// Lists the images that the lab needs, and whether the engine has them.
///
/// # Errors
/// A failure with the problems of the lab file, or of a checkout or manifest that it names; an engine that does not answer.
pub async fn list(ctx: &Context) -> Result<Vec<Listed>, Failure> {
    let lab = ctx.lab()?;
    let docker = Docker::connect().await?;
    let needs = needs(&lab).await?;
    let names: Vec<&str> = needs.iter().map(|need| need.image.as_str()).collect();
    let states = docker.image_states(&names).await?;
    Ok(needs.into_iter().zip(states).map(|(need, state)| Listed { need, id: state.id }).collect())
}

/// Returns what a lab needs, MetalLB and its operator too.
///
/// # Errors
/// A failure with the problem of a checkout or a manifest that the lab names.
pub async fn needs(lab: &Lab) -> Result<Vec<Need>, Failure> {
    let mut needs = without_metallb(lab);
    if !matches!(lab.cluster.provider, Provider::Standalone { .. }) {
        for (image, purpose) in crate::deploy::images_of(lab).await? {
            if !needs.iter().any(|need| need.image == image) {
                needs.push(Need { image, purpose });
            }
        }
    }
    Ok(needs)
}

/// Returns what a lab needs, without what MetalLB's own manifests name.
pub(crate) fn without_metallb(lab: &Lab) -> Vec<Need> {
    let need = |image: &labfile::Image, purpose| Need { image: image.to_string(), purpose };
    let mut needs = vec![need(&lab.images.frr, "routers")];
    if lab.cluster.provider == Provider::Kind {
        needs.push(need(&lab.images.node, "cluster nodes"));
    }
    if !matches!(lab.cluster.provider, Provider::Standalone { .. }) {
        needs.push(need(&lab.images.workload, "workload"));
    }
    needs
}

/// Provides the routers' image: used where the engine has it, else pulled, and made from Debian packages where no registry
/// is reached.
///
/// # Errors
/// A machine failure where a registry does not have it; what keeps it from being made.
pub async fn provide(ctx: &Context) -> Result<(), Failure> {
    let (lab, docker) = (ctx.lab()?, Docker::connect().await?);
    let image = lab.images.frr.as_str();
    if docker.image_states(&[image]).await?.iter().all(|state| state.id.is_some()) {
        return Ok(());
    }
    let mut step = ctx.progress.step(format!("pull {image}"));
    match docker.pull(image, |at| step.note(at.status)).await {
        Ok(()) => {
            step.done("pulled");
            Ok(())
        }
        Err(error) if is_unreached(&error) => {
            step.failed(format!("{error}: it is made from Debian packages instead"));
            build(ctx, &Build { install: true, ..Build::default() }).await.map(drop)
        }
        Err(error) => {
            step.failed(error.to_string());
            Err(error.into())
        }
    }
}

/// Returns `true` if no registry was asked at all: an image that one of them refuses, or does not know, is another one than
/// ours.
const fn is_unreached(error: &ImageError) -> bool {
    matches!(error, ImageError::Pull { cause: PullCause::Unreachable, .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use labfile::{Overrides, ProviderName};

    #[test]
    fn an_image_is_made_only_where_no_registry_is_reached() {
        let failed = |cause| ImageError::Pull { image: "frr:9".into(), cause, message: String::new() };
        assert!(is_unreached(&failed(PullCause::Unreachable)));
        for cause in [PullCause::Missing, PullCause::Denied, PullCause::Other] {
            assert!(!is_unreached(&failed(cause)), "{cause}");
        }
        assert!(!is_unreached(&ImageError::Write("full".into())));
    }

    #[test]
    fn a_standalone_lab_needs_one_image() {
        let images = |provider| {
            let lab = Lab::documented(&Overrides { provider: Some(provider), ..Overrides::default() }).unwrap();
            without_metallb(&lab).into_iter().map(|need| need.image).collect::<Vec<_>>()
        };
        assert_eq!(images(ProviderName::Standalone), ["quay.io/frrouting/frr:9.1.0"]);
        assert_eq!(
            images(ProviderName::Kind),
            ["quay.io/frrouting/frr:9.1.0", "kindest/node:v1.35.0", "registry.k8s.io/e2e-test-images/agnhost:2.53"]
        );
    }
}
