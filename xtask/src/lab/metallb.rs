//! MetalLB and what it advertises.

use camino::Utf8PathBuf;

pub(crate) use super::raw::{RawBackend as Backend, RawTrafficPolicy as TrafficPolicy};
use super::{Name, Sha256, artifact::Version, range::AddressRange, values::Community};

/// How MetalLB gets into the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Metallb {
    /// The version.
    pub(crate) version: Version,
    /// What speaks BGP on the nodes.
    pub(crate) backend: Backend,
    /// Where it comes from.
    pub(crate) install: Install,
    /// What the file asks for and the backend lacks; the lab is without it.
    pub(crate) left_out: Vec<&'static str>,
}

/// Where the operator, or MetalLB without one, comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Install {
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
pub(crate) enum Source {
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

/// An address pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pool {
    /// Its name.
    pub(crate) name: Name,
    /// Its addresses; at least one range.
    pub(crate) ranges: Vec<AddressRange>,
    /// Whether services get addresses of it without asking.
    pub(crate) auto_assign: bool,
}

/// What is advertised of which pools to which peers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Advertisement {
    /// Its name.
    pub(crate) name: Name,
    /// The pools; all of them where empty.
    pub(crate) pools: Vec<Name>,
    /// The peers; all of them where empty.
    pub(crate) peers: Vec<Name>,
    /// The length of the advertised IPv4 prefixes, 1 to 32.
    pub(crate) aggregation_length: u8,
    /// The length of the advertised IPv6 prefixes, 1 to 128.
    pub(crate) aggregation_length_v6: u8,
    /// The local preference.
    pub(crate) local_preference: Option<u32>,
    /// Communities.
    pub(crate) communities: Vec<Community>,
}

/// The application behind the advertised address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Workload {
    /// The name of its Deployment and Service.
    pub(crate) name: Name,
    /// Its namespace.
    pub(crate) namespace: Name,
    /// The service's port.
    pub(crate) port: u16,
    /// How many pods.
    pub(crate) replicas: u16,
    /// Which nodes take traffic.
    pub(crate) external_traffic_policy: TrafficPolicy,
}
