//! MetalLB's installation.

use camino::Utf8PathBuf;

use super::artifact::{Sha256, Tag, Version};
pub use super::raw::RawBackend as Backend;

impl Backend {
    /// Returns the backend of a version where none is named.
    pub(crate) fn of(version: &Version) -> Self {
        match metallb::release::default_backend(version.numbers()) {
            metallb::spec::Backend::Native => Self::Native,
            metallb::spec::Backend::Frr => Self::Frr,
            metallb::spec::Backend::FrrK8s | metallb::spec::Backend::FrrK8sExternal => Self::FrrK8s,
        }
    }
}

impl From<Backend> for metallb::spec::Backend {
    fn from(backend: Backend) -> Self {
        match backend {
            Backend::Frr => Self::Frr,
            Backend::FrrK8s => Self::FrrK8s,
            Backend::Native => Self::Native,
        }
    }
}

/// The installation of MetalLB.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metallb {
    /// The version.
    pub version: Version,
    /// The BGP implementation on the nodes.
    pub backend: Backend,
    /// The method, and the origin.
    pub install: Install,
    /// The tag of images of MetalLB's own that the engine has, built by the user: they take the place of the version's.
    pub images: Option<Tag>,
    /// The features that the file asks for and the backend lacks; the lab is composed without them.
    pub left_out: Vec<&'static str>,
}

/// The method by which MetalLB is installed, and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Install {
    /// `make deploy` in a checkout of the MetalLB Operator.
    Make {
        /// The checkout.
        checkout: Utf8PathBuf,
        /// The value of KUSTOMIZE_DEPLOY_DIR; `None` leaves the choice to whoever sees the checkout.
        kustomize_dir: Option<Utf8PathBuf>,
    },
    /// The operator's manifest.
    Manifest(Source),
    /// MetalLB's own manifest, without operator.
    Direct(Source),
}

/// The origin of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The release's own manifest, of the lab's version and backend.
    Release,
    /// A file.
    File(Utf8PathBuf),
    /// A download that has this checksum.
    Url {
        /// The URL.
        url: String,
        /// The checksum.
        sha256: Sha256,
    },
}
