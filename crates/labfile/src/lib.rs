#![doc = include_str!("../README.md")]
//!
//! # Overview
//!
//! There are two kinds of type. [`RawLab`] is the file as it is written, with the place of every value; [`Lab`] is
//! checked: every name refers to something, every address lies where it belongs. Only [`Lab::read`] leads from one to the
//! other, and every problem on the way points into the file. [`compose`] is pure: a lab and the addresses of its nodes
//! become the input of [`netlab`], [`frrconf`], kind and [`metallb`].

mod allocation;
mod artifact;
mod asn;
mod at;
mod check;
pub mod compose;
mod error;
mod family;
mod identity;
mod inferred;
mod install;
mod kept;
mod masked;
mod model;
mod node;
mod own;
mod plain;
mod pools;
mod port;
mod problem;
mod range;
pub mod raw;
mod reference;
mod route;
mod router;
mod schema;
mod selector;
mod service;
mod serving;
mod session;
mod shown;
mod simulate;
mod text;
mod values;
mod warning;
mod ways;

pub use allocation::Assigned;
pub use artifact::{Image, Sha256, Tag, Version};
pub use asn::{Asn, InvalidAsn};
pub use at::{At, Place};
pub use camino;
use camino::{Utf8Path, Utf8PathBuf};
pub use error::{Invalid, LabError};
pub use family::{Addresses, Family, PerFamily, Subnets};
pub use frrconf;
pub use frrconf::values::Password;
pub use inferred::{Absent, Inferred, Known};
pub use install::{Backend, Install, Metallb, Source};
pub use ipnet;
pub use kept::{KEPT, Kept};
pub use metallb;
pub use metallb::value::AddressRange;
pub use metallb::workload::Protocol;
pub use miette;
pub use model::{Cluster, Dynamic, Images, Lab, Network, Provider};
pub use netlab;
pub use node::{Node, NodeRole};
pub use own::{Claim, OwnCheck};
pub use pools::{Advertisement, Allocation, Pool};
pub use port::Port;
pub use range::Range;
pub use raw::{KubeProxy, RawLab, RawMethod as Method, RawProvider as ProviderName};
pub use reference::reference;
pub use route::{Gateway, Route};
pub use router::{Role, Router};
pub use schema::schema;
pub use selector::{LabelKey, LabelValue, Labels, Requirement, Selector};
pub use service::{Asks, Service, Stack, TrafficPolicy};
pub use session::{BGP_PORT, Bfd, BfdProfile, End, Hops, Link, NodeEnd, Peer, Session, Timers};
pub use text::InvalidValue;
pub use values::{Community, Ip, Name, NamePattern, Prefix, Span, Title};
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
    /// The release of MetalLB.
    pub version: Option<Version>,
    /// The tag of images of MetalLB's own, built by the user.
    pub metallb_images: Option<Tag>,
    /// The mode of kube-proxy.
    pub kube_proxy: Option<KubeProxy>,
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
