//! MetalLB and what it advertises.

use camino::Utf8PathBuf;

pub use super::raw::{RawBackend as Backend, RawTrafficPolicy as TrafficPolicy};
use super::{Name, Sha256, artifact::Version, range::AddressRange, values::Community};

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
        /// KUSTOMIZE_DEPLOY_DIR; `None` leaves the choice to whoever sees the checkout.
        kustomize_dir: Option<Utf8PathBuf>,
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

/// An address pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Its name.
    pub name: Name,
    /// Its addresses; at least one range.
    pub ranges: Vec<AddressRange>,
    /// Whether services get addresses of it without asking.
    pub auto_assign: bool,
}

/// What is advertised of which pools to which peers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advertisement {
    /// Its name.
    pub name: Name,
    /// The pools; all of them where empty.
    pub pools: Vec<Name>,
    /// The peers; all of them where empty.
    pub peers: Vec<Name>,
    /// The length of the advertised IPv4 prefixes, 1 to 32.
    pub aggregation_length: u8,
    /// The length of the advertised IPv6 prefixes, 1 to 128.
    pub aggregation_length_v6: u8,
    /// The local preference.
    pub local_preference: Option<u32>,
    /// Communities.
    pub communities: Vec<Community>,
}

/// The application behind the advertised address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// The name of its Deployment and Service.
    pub name: Name,
    /// Its namespace.
    pub namespace: Name,
    /// The service's port.
    pub port: u16,
    /// How many pods.
    pub replicas: u16,
    /// Which nodes take traffic.
    pub external_traffic_policy: TrafficPolicy,
}
