//! The images that a lab needs: which are there, and how they get there without a registry.

mod archive;
mod debian;

use camino::Utf8PathBuf;
use clap::Subcommand;
use netlab::{Docker, ImageError, PullCause};
use serde::Serialize;

use crate::ctx::Ctx;
use crate::exit::{Answer, table};
use bgplab::Failure;
use labfile::{Lab, Provider};

/// What to do with images.
#[derive(Debug, Subcommand)]
pub(crate) enum Images {
    /// List the images that the lab needs, and whether the engine has them
    List,
    /// Make the routers' image from Debian packages
    Build(debian::Args),
    /// Load images from an archive into the engine
    Load {
        /// The archive, as `save` or `docker save` wrote it
        file: Utf8PathBuf,
    },
    /// Save images of the engine into an archive
    Save {
        /// The archive
        file: Utf8PathBuf,
        /// Images; without any, all that the lab needs
        images: Vec<String>,
    },
}

/// An image, and what it is needed for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Need {
    image: String,
    purpose: &'static str,
}

/// Runs `images …`.
pub(crate) async fn run(ctx: &Ctx, what: &Images) -> Result<Answer, Failure> {
    let lab = ctx.lab()?;
    let docker = Docker::connect().await?;
    match what {
        Images::List => list(&docker, &all_needs(&lab).await?).await,
        Images::Build(args) => debian::build(ctx, &docker, lab.images.frr.as_str(), args).await,
        Images::Load { file } => archive::load(ctx, &docker, file).await,
        Images::Save { file, images } if images.is_empty() => {
            let all: Vec<String> = all_needs(&lab).await?.into_iter().map(|need| need.image).collect();
            archive::save(ctx, &docker, file, &all).await
        }
        Images::Save { file, images } => archive::save(ctx, &docker, file, images).await,
    }
}

/// What a lab needs, without what MetalLB's own manifests name.
fn needs(lab: &Lab) -> Vec<Need> {
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

/// What a lab needs, MetalLB and its operator too.
async fn all_needs(lab: &Lab) -> Result<Vec<Need>, Failure> {
    let mut needs = needs(lab);
    if !matches!(lab.cluster.provider, Provider::Standalone { .. }) {
        for (image, purpose) in bgplab::deploy::images_of(lab).await? {
            if !needs.iter().any(|need| need.image == image) {
                needs.push(Need { image, purpose });
            }
        }
    }
    Ok(needs)
}

/// The names of the images that a lab needs, without MetalLB's.
pub(crate) fn names(lab: &Lab) -> Vec<String> {
    needs(lab).into_iter().map(|need| need.image).collect()
}

async fn list(docker: &Docker, needs: &[Need]) -> Result<Answer, Failure> {
    #[derive(Serialize)]
    struct Row<'a> {
        #[serde(flatten)]
        need: &'a Need,
        id: Option<String>,
    }
    let names: Vec<&str> = needs.iter().map(|need| need.image.as_str()).collect();
    let states = docker.image_states(&names).await?;
    let rows: Vec<Row<'_>> = needs.iter().zip(states).map(|(need, state)| Row { need, id: state.id }).collect();
    let text = table(
        ["image", "for", "in the engine"],
        rows.iter().map(|row| {
            let there = row.id.as_deref().map_or("no", short).to_owned();
            [row.need.image.clone(), row.need.purpose.to_owned(), there]
        }),
    );
    Answer::new(text, &rows)
}

/// An id as `docker images` shows it.
fn short(id: &str) -> &str {
    let hex = id.strip_prefix("sha256:").unwrap_or(id);
    hex.get(..12).unwrap_or(hex)
}

/// Sees to it that the routers' image is there: used where it is, else pulled, and made from Debian packages where no
/// registry is reached.
pub(crate) async fn provide(ctx: &Ctx, docker: &Docker, image: &str) -> Result<(), Failure> {
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
            debian::build(ctx, docker, image, &debian::Args::mending()).await.map(drop)
        }
        Err(error) => {
            step.failed(error.to_string());
            Err(error.into())
        }
    }
}

/// Whether no registry was asked at all: an image that one of them refuses, or does not know, is another one than ours.
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
            names(&lab)
        };
        assert_eq!(images(ProviderName::Standalone), ["quay.io/frrouting/frr:9.1.0"]);
        assert_eq!(
            images(ProviderName::Kind),
            ["quay.io/frrouting/frr:9.1.0", "kindest/node:v1.35.0", "registry.k8s.io/e2e-test-images/agnhost:2.53"]
        );
    }
}
