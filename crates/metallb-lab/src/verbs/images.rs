//! `images`: the images that the lab needs, and how they get there without a registry.

use camino::{Utf8Path, Utf8PathBuf};
use clap::Subcommand;

use crate::ctx::Ctx;
use crate::exit::{Answer, table};
use bgplab::Failure;
use bgplab::images::{self, Build, Listed};

/// A place for images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Place {
    /// The Docker engine
    Engine,
    /// The nodes of the kind cluster, control plane too
    Nodes,
}

/// The verbs of `images`.
#[derive(Debug, Subcommand)]
pub enum Images {
    /// List the images that the lab needs, and whether the engine has them
    List,
    /// Make the routers' image from Debian packages
    Build(BuildArgs),
    /// Load images from an archive into the engine, or images into the cluster's nodes
    Load {
        /// An archive, as `save` or `docker save` wrote it; with `--into nodes`, images
        #[arg(required = true, value_name = "FILE|IMAGE")]
        what: Vec<String>,
        /// Place that they are loaded into
        #[arg(long, value_enum, value_name = "PLACE", default_value = "engine")]
        into: Place,
    },
    /// Save images of the engine into an archive
    Save {
        /// The archive
        file: Utf8PathBuf,
        /// Images; without any, all that the lab needs
        images: Vec<String>,
    },
}

/// The options of `images build`.
#[derive(Debug, Clone, clap::Args)]
pub struct BuildArgs {
    /// Debian release; trixie's FRR 10.3 can hold a BGP session down for good after a BFD failure
    #[arg(long, default_value = "bookworm", value_name = "NAME")]
    release: String,
    /// Debian mirror; without it, the one that apt knows for the release, else Debian's own
    #[arg(long, value_name = "URL")]
    mirror: Option<String>,
    /// The image's name; without it, the lab's FRR image
    #[arg(long, value_name = "IMAGE")]
    tag: Option<String>,
    /// Make it anew where it is there already
    #[arg(long)]
    force: bool,
    /// Install mmdebstrap by apt-get where it is missing
    #[arg(long)]
    fix: bool,
}

/// Runs `images …`.
pub(crate) async fn run(ctx: &Ctx, what: Images) -> Result<Answer, Failure> {
    match what {
        Images::List => list(&images::list(ctx).await?),
        Images::Build(BuildArgs { release, mirror, tag, force, fix }) => {
            let built = images::build(ctx, &Build { release, mirror, tag, force, install: fix }).await?;
            let text = match &built.release {
                None => format!("{} is there already", built.image),
                Some(release) => format!("{}: made from Debian {release} packages", built.image),
            };
            Answer::new(text, &built)
        }
        Images::Load { what, into: Place::Engine } => {
            let [file] = what.as_slice() else {
                let failure = Failure::wrong_use("the engine loads one archive at a time");
                return Err(failure.next("images go into the cluster's nodes with --into nodes"));
            };
            let loaded = images::load(ctx, Utf8Path::new(file)).await?;
            Answer::new(loaded.said.as_str(), &loaded)
        }
        Images::Load { what, into: Place::Nodes } => {
            let brought = images::bring(ctx, &what).await?;
            let text = match brought.imports {
                0 => format!("every node has them already: {}", brought.nodes.join(", ")),
                _ => format!("every node has them now: {}", brought.nodes.join(", ")),
            };
            Answer::new(text, &brought)
        }
        Images::Save { file, images } => {
            let saved = images::save(ctx, &file, &images).await?;
            Answer::new(format!("{file}: {} images", saved.images.len()), &saved)
        }
    }
}

fn list(listed: &[Listed]) -> Result<Answer, Failure> {
    let row = |listed: &Listed| {
        let there = listed.id.as_deref().map_or("no", short).to_owned();
        [listed.need.image.clone(), listed.need.purpose.to_owned(), there]
    };
    Answer::new(table(["image", "for", "in the engine"], listed.iter().map(row)), &listed)
}

/// Returns an id as `docker images` shows it.
fn short(id: &str) -> &str {
    let hex = id.strip_prefix("sha256:").unwrap_or(id);
    hex.get(..12).unwrap_or(hex)
}
