//! MetalLB's installation.

use camino::Utf8PathBuf;

use super::artifact::{Sha256, Version};
pub use super::raw::RawBackend as Backend;

/// How MetalLB gets into the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metallb {
    /// The version.
    pub version: Version,
    /// What speaks BGP on the nodes.
    pub backend: Backend,
    /// Where it comes from.
    pub install: Install,
    /// What the file asks for and the backend lacks; the lab is without it.
    pub left_out: Vec<&'static str>,
}

/// Where the operator, or MetalLB without one, comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Install {
    /// `make deploy` in a checkout of the MetalLB Operator.
    Make {
        /// The checkout.
        checkout: Utf8PathBuf,
        /// KUSTOMIZE_DEPLOY_DIR.
        kustomize_dir: Utf8PathBuf,
    },
    /// The operator's manifest.
    Manifest(Source),
    /// MetalLB's own manifest, without operator.
    Direct(Source),
}

/// Where a manifest comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The release's own manifest, of the lab's version and backend.
    Release,
    /// A file.
    File(Utf8PathBuf),
    /// A download that has this checksum.
    Url {
        /// From where.
        url: String,
        /// The checksum.
        sha256: Sha256,
    },
}
