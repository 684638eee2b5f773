//! The options of every verb.

use camino::Utf8PathBuf;
use clap::Args;

use crate::names::{BACKENDS, METHODS, PROVIDERS, named};
use bgplab::LabSource;
use labfile::{Backend, Image, Method, Overrides, ProviderName, Tag, Version};

/// The end of every help: streams and exit codes.
pub const EXIT_CODES: &str = "\
Results go to stdout, progress and logs to stderr. Exit codes: 0 done and true; 1 a check or step failed; 2 wrong use or \
wrong lab file; 3 the machine lacks something, or something that is not ours stands in the way; 4 a wait ran out; 130 \
interrupted.";

/// Options of every verb.
#[derive(Debug, Clone, Default, Args)]
pub struct Globals {
    /// The lab that the verb acts on.
    #[command(flatten)]
    pub(crate) lab: LabArgs,
    /// Print one JSON document on stdout
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
    /// Say more: -v steps in detail, -vv every request
    #[arg(short, long, global = true, help_heading = "Global options", action = clap::ArgAction::Count, conflicts_with = "quiet")]
    pub(crate) verbose: u8,
    /// Show no progress
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
}

/// Options that choose the lab: a file, and what is said instead of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Lab options")]
pub(crate) struct LabArgs {
    /// Lab file [default: the documented lab]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) lab: Option<Utf8PathBuf>,
    /// Provider of the nodes
    #[arg(long, global = true, value_name = "NAME", value_parser = named::<ProviderName>(PROVIDERS))]
    pub(crate) provider: Option<ProviderName>,
    /// Number of routers, where the lab file counts them
    #[arg(long, global = true, value_name = "N")]
    pub(crate) routers: Option<u16>,
    /// Image of the routers
    #[arg(long, global = true, value_name = "IMAGE")]
    pub(crate) frr_image: Option<Image>,
    /// Release of MetalLB
    #[arg(long, global = true, value_name = "VERSION")]
    pub(crate) metallb_version: Option<Version>,
    /// Tag of images of MetalLB, built here
    #[arg(long, global = true, value_name = "TAG")]
    pub(crate) metallb_images: Option<Tag>,
    /// BGP software on the nodes
    #[arg(long, global = true, value_name = "NAME", value_parser = named::<Backend>(BACKENDS))]
    pub(crate) backend: Option<Backend>,
    /// Checkout of the MetalLB Operator
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) operator_dir: Option<Utf8PathBuf>,
    /// Way to install MetalLB
    #[arg(long, global = true, value_name = "NAME", value_parser = named::<Method>(METHODS))]
    pub(crate) method: Option<Method>,
    /// Manifest, for methods manifest and direct
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) manifest: Option<Utf8PathBuf>,
    /// Kubeconfig of an existing cluster
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) kubeconfig: Option<Utf8PathBuf>,
    /// Context in the kubeconfig
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) context: Option<String>,
}

impl LabArgs {
    /// Returns the lab that these options mean.
    pub(crate) fn source(&self) -> LabSource {
        let overrides = Overrides {
            provider: self.provider,
            routers: self.routers,
            kubeconfig: self.kubeconfig.clone(),
            context: self.context.clone(),
            operator_dir: self.operator_dir.clone(),
            method: self.method,
            manifest: self.manifest.clone(),
            version: self.metallb_version.clone(),
            metallb_images: self.metallb_images.clone(),
            kube_proxy: None,
            backend: self.backend,
            frr_image: self.frr_image.clone(),
        };
        LabSource { file: self.lab.clone(), overrides }
    }
}
