#![doc = include_str!("../README.md")]
//!
//! # Overview
//!
//! There are two kinds of type. [`RawLab`] is the file as it is written, with the place of every value; [`Lab`] is
//! checked: every name refers to something, every address lies where it belongs. Only [`Lab::read`] leads from one to the
//! other, and every problem on the way points into the file. [`compose`] is pure: a lab and the addresses of its nodes
//! become the input of [`netlab`], [`frrconf`], kind and [`metallb`].

mod artifact;
mod asn;
mod at;
mod check;
pub mod compose;
mod error;
mod family;
mod install;
mod masked;
mod model;
mod plain;
mod pools;
mod problem;
mod range;
pub mod raw;
mod schema;
mod session;
mod shown;
mod text;
mod values;
mod warning;

pub use artifact::{Image, Sha256, Version};
pub use asn::{Asn, InvalidAsn};
pub use at::{At, Place};
pub use camino;
use camino::{Utf8Path, Utf8PathBuf};
pub use error::{Invalid, LabError};
pub use family::{Addresses, Dual, Family, Subnets};
pub use frrconf;
pub use frrconf::values::Password;
pub use install::{Backend, Install, Metallb, Source};
pub use ipnet;
pub use metallb;
pub use metallb::value::AddressRange;
pub use miette;
pub use model::{Cluster, Images, Lab, Network, Node, NodeRole, Provider, Role, Route, Router};
pub use netlab;
pub use pools::{Advertisement, Pool, TrafficPolicy, Workload};
pub use range::Range;
pub use raw::{RawLab, RawMethod as Method, RawProvider as ProviderName};
pub use schema::schema;
pub use session::{Bfd, BfdProfile, End, Hops, Link, Peer, Session, Timers};
pub use text::InvalidValue;
pub use values::{Community, Ip, Name, NamePattern, Prefix, Span};
pub use warning::Warning;

/// The documented lab, as a commented file.
pub const DOCUMENTED: &str = include_str!("../documented.toml");

/// A lab file that is in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabFile<'a> {
    /// The name that errors call it.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
    /// The folder at which its relative paths start.
    pub folder: &'a Utf8Path,
}

/// Values that a caller, such as a command line, sets in place of the lab file's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The provider of the nodes.
    pub provider: Option<ProviderName>,
    /// The count of the one router entry that has a count.
    pub routers: Option<u16>,
    /// The kubeconfig of an existing cluster.
    pub kubeconfig: Option<Utf8PathBuf>,
    /// The kubeconfig's context.
    pub context: Option<String>,
    /// A checkout of the MetalLB Operator.
    pub operator_dir: Option<Utf8PathBuf>,
    /// MetalLB's installation.
    pub method: Option<Method>,
    /// The manifest that is installed.
    pub manifest: Option<Utf8PathBuf>,
    /// The BGP implementation on the nodes.
    pub backend: Option<Backend>,
    /// The routers' image.
    pub frr_image: Option<Image>,
}

impl Lab {
    /// Returns the documented lab ([`DOCUMENTED`]).
    ///
    /// # Errors
    /// [`LabError::Invalid`] if an override does not fit it.
    pub fn documented(overrides: &Overrides) -> Result<Self, LabError> {
        Self::read(LabFile { name: "documented.toml", text: DOCUMENTED, folder: Utf8Path::new("") }, overrides)
    }

    /// Reads a file. Its relative paths start at its folder.
    ///
    /// # Errors
    /// [`LabError`] if the file cannot be read, or is no lab.
    pub fn from_file(path: &Utf8Path, overrides: &Overrides) -> Result<Self, LabError> {
        let text = std::fs::read_to_string(path).map_err(|source| LabError::Read { path: path.to_owned(), source })?;
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        Self::read(LabFile { name: path.as_str(), text: &text, folder }, overrides)
    }

    /// Reads a text.
    ///
    /// ```
    /// use labfile::{DOCUMENTED, Lab, LabFile, Overrides, ProviderName};
    ///
    /// let overrides = Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() };
    /// let file = LabFile { name: "lab.toml", text: DOCUMENTED, folder: "/labs".into() };
    /// let lab = Lab::read(file, &overrides)?;
    /// assert_eq!((lab.routers.len(), lab.peers.len()), (3, 2));
    ///
    /// let error = Lab::read(LabFile { text: "name = 1", ..file }, &overrides).unwrap_err();
    /// assert!(error.to_string().starts_with("lab.toml:1:8: expected a name"));
    /// # Ok::<(), labfile::LabError>(())
    /// ```
    ///
    /// # Errors
    /// [`LabError::Invalid`], with every problem.
    pub fn read(file: LabFile<'_>, overrides: &Overrides) -> Result<Self, LabError> {
        let LabFile { name, text, folder } = file;
        let raw: RawLab = toml::from_str(text).map_err(|error| Invalid::parse(name, text, &error))?;
        let (lab, warnings) = check::check(raw, folder, overrides).map_err(|finds| Invalid::new(name, text, finds))?;
        Ok(Self { warnings: Warning::all(name, text, warnings), ..lab })
    }
}

#[cfg(test)]
pub mod tests;
