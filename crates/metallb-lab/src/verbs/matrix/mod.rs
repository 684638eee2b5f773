//! `matrix`: the same lab with other releases, backends, FRRs and modes of kube-proxy, measured cell by cell.

mod page;

use camino::Utf8PathBuf;
use labfile::{Backend, Image, KubeProxy, Version};

use super::write;
use crate::ctx::Ctx;
use crate::exit::Answer;
use crate::names::{BACKENDS, KUBE_PROXY, named};
use bgplab::Failure;
use bgplab::matrix::{Asked, Axes, matrix};

/// The name of the page in messages.
const PAGE: &str = "page";

/// Options of `matrix`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Releases of MetalLB [default: every one that is known]
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    releases: Vec<Version>,
    /// BGP software on the nodes [default: every one]
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = named::<Backend>(BACKENDS))]
    backends: Vec<Backend>,
    /// Images of the routers [default: the lab's]
    #[arg(long, value_name = "IMAGE", value_delimiter = ',')]
    frr_images: Vec<Image>,
    /// Modes of kube-proxy [default: the lab's]
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = named::<KubeProxy>(KUBE_PROXY))]
    kube_proxy: Vec<KubeProxy>,
    /// Folder of MetalLB's manifests, as VERSION/metallb-BACKEND.yaml [default: the lab's way to install MetalLB]
    #[arg(long, value_name = "DIR")]
    manifests: Option<Utf8PathBuf>,
    /// Results, a line of JSON a cell: cells that are in it are not measured again
    #[arg(long, value_name = "FILE", default_value = "matrix.jsonl")]
    results: Utf8PathBuf,
    /// Measure red cells again
    #[arg(long)]
    retry: bool,
    /// Also write the table as a page in Markdown
    #[arg(long, value_name = "FILE")]
    page: Option<Utf8PathBuf>,
}

/// Runs `matrix`.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    write::possible(args.page.as_ref(), PAGE)?;
    let lab = ctx.lab()?;
    let axes = Axes {
        metallb: given(&args.releases, known),
        backends: given(&args.backends, || vec![Backend::FrrK8s, Backend::Frr, Backend::Native]),
        frr: given(&args.frr_images, || vec![lab.images.frr.clone()]),
        kube_proxy: given(&args.kube_proxy, || vec![lab.cluster.kube_proxy]),
    };
    let asked = Asked { axes, manifests: args.manifests.clone(), file: args.results.clone(), retry: args.retry };
    let found = matrix(ctx, &asked).await?;
    if let Some(file) = &args.page {
        write::report(file, PAGE, &page::markdown(&found))?;
    }
    Ok(Answer::new(page::text(&found), &found)?.failed_if(!found.passed()))
}

/// Returns the values that an option was given, or else the default.
fn given<T: Clone>(values: &[T], default: impl FnOnce() -> Vec<T>) -> Vec<T> {
    if values.is_empty() { default() } else { values.to_vec() }
}

/// Returns the releases whose parts are known, the newest first.
fn known() -> Vec<Version> {
    metallb::release::RELEASES.iter().filter_map(|release| release.version.parse().ok()).collect()
}
