//! The lab file: read, checked, and then a [`Lab`].
//!
//! Two kinds of type: what stands in the file ([`raw`], with the place of every value) and what was checked
//! ([`model`]). Only [`Lab::read`] leads from one to the other, and every problem on the way points into the file.

mod artifact;
mod asn;
mod at;
mod check;
pub mod compose;
mod error;
mod family;
mod masked;
mod metallb;
mod model;
mod plain;
mod problem;
mod range;
pub mod raw;
mod schema;
mod session;
mod shown;
mod text;
mod values;
mod warning;

pub use self::metallb::{Advertisement, Backend, Install, Pool, Source, TrafficPolicy};
pub use artifact::{Image, Sha256, Version};
pub use asn::Asn;
pub use at::At;
use at::Place;
use camino::{Utf8Path, Utf8PathBuf};
pub use error::{Invalid, LabError};
pub use family::{Addresses, Family, Subnets};
pub use model::{Lab, Network, Node, NodeRole, Provider, Role, Router};
pub use range::AddressRange;
pub use raw::{RawLab, RawMethod as Method, RawProvider as ProviderName};
pub use schema::schema;
pub use session::{BfdProfile, End, Hops, Link, Peer, Secret, Session};
pub use text::NotAValue;
pub use values::{Name, NamePattern};
pub use warning::Warning;

/// The documented lab, as a commented file.
pub const DOCUMENTED: &str = include_str!("../documented.toml");

/// What the command line says instead of the lab file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// What makes the nodes.
    pub provider: Option<ProviderName>,
    /// The count of the one router entry that has a count.
    pub routers: Option<u16>,
    /// The kubeconfig of an existing cluster.
    pub kubeconfig: Option<Utf8PathBuf>,
    /// Its context.
    pub context: Option<String>,
    /// A checkout of the MetalLB Operator.
    pub operator_dir: Option<Utf8PathBuf>,
    /// How MetalLB is installed.
    pub method: Option<Method>,
    /// The manifest that is installed.
    pub manifest: Option<Utf8PathBuf>,
    /// What speaks BGP on the nodes.
    pub backend: Option<Backend>,
    /// The routers' image.
    pub frr_image: Option<Image>,
}

impl Lab {
    /// The documented lab.
    ///
    /// # Errors
    /// [`LabError::Invalid`] where an override does not fit it.
    pub fn documented(overrides: &Overrides) -> Result<Self, LabError> {
        Self::read("documented.toml", DOCUMENTED, Utf8Path::new(""), overrides)
    }

    /// The lab of a file.
    ///
    /// # Errors
    /// [`LabError`]: the file cannot be read, or is no lab.
    pub fn from_file(path: &Utf8Path, overrides: &Overrides) -> Result<Self, LabError> {
        let text = std::fs::read_to_string(path).map_err(|source| LabError::Read { path: path.to_owned(), source })?;
        Self::read(path.as_str(), &text, path.parent().unwrap_or(Utf8Path::new("")), overrides)
    }

    /// The lab of a text; `name` is what errors call it, `folder` where its relative paths start.
    ///
    /// # Errors
    /// [`LabError::Invalid`], with everything that is wrong.
    pub fn read(name: &str, text: &str, folder: &Utf8Path, overrides: &Overrides) -> Result<Self, LabError> {
        let raw: RawLab = toml::from_str(text).map_err(|error| Invalid::parse(name, text, &error))?;
        let (lab, warnings) = check::check(raw, folder, overrides).map_err(|finds| Invalid::new(name, text, finds))?;
        Ok(Self { warnings: Warning::all(name, text, warnings), ..lab })
    }
}

#[cfg(test)]
pub mod tests;
