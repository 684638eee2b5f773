//! `images`: the images that the lab needs, and how they get there without a registry.

use camino::Utf8PathBuf;
use clap::Subcommand;

use crate::ctx::Ctx;
use crate::exit::{Answer, table};
use bgplab::Failure;
use bgplab::images::{self, Build, Listed};

/// The verbs of `images`.
#[derive(Debug, Subcommand)]
pub enum Images {
    /// List the images that the lab needs, and whether the engine has them
    List,
    /// Make the routers' image from Debian packages
    Build(BuildArgs),
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
        Images::Load { file } => {
            let loaded = images::load(ctx, &file).await?;
            Answer::new(loaded.said.as_str(), &loaded)
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
