//! MetalLB's part of the file as it is written: installation, pools, advertisements.

use camino::Utf8PathBuf;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    super::{At, Name, NamePattern, Sha256, artifact::Version, range::Range, values::Community},
    RawSelector,
};

/// The installation of MetalLB.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawMetallb {
    /// MetalLB's version. Default: v0.16.1.
    pub version: Option<Version>,
    /// The BGP implementation on the nodes. Default: that of the version, which is frr-k8s since v0.16.
    pub backend: Option<RawBackend>,
    /// The origin of the operator, or of MetalLB without one.
    pub install: Option<At<RawInstall>>,
}

/// The BGP implementation on the nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RawBackend {
    /// FRR in the speakers' pods.
    Frr,
    /// The frr-k8s daemon.
    FrrK8s,
    /// MetalLB's own BGP: no BFD, no IPv6.
    Native,
}

/// The method by which the operator, or MetalLB without one, is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RawMethod {
    /// `make deploy` in a checkout of the MetalLB Operator.
    Make,
    /// The operator's manifest.
    Manifest,
    /// MetalLB's own manifest, without operator.
    Direct,
}

/// The origin of the operator, or of MetalLB without one.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawInstall {
    /// The method. Default: make if there is a checkout, else manifest.
    pub method: Option<At<RawMethod>>,
    /// For make: the checkout of the MetalLB Operator, relative to the lab file's folder; `--operator-dir` takes
    /// precedence.
    #[schemars(with = "Option<String>")]
    pub checkout: Option<Utf8PathBuf>,
    /// For make: KUSTOMIZE_DEPLOY_DIR. Default: config/frr-on-ci/ where the checkout has it, as documented; else
    /// config/default/, which checkouts have since March 2024.
    #[schemars(with = "Option<String>")]
    pub kustomize_dir: Option<Utf8PathBuf>,
    /// For manifest and direct: a file, relative to the lab file's folder. Default: the release's manifest.
    #[schemars(with = "Option<String>")]
    pub file: Option<At<Utf8PathBuf>>,
    /// For manifest and direct: the URL of the manifest; needs `sha256`, too.
    pub url: Option<At<String>>,
    /// The SHA-256 checksum of the download.
    pub sha256: Option<At<Sha256>>,
}

/// An address pool.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawPool {
    /// The pool's name.
    pub name: At<Name>,
    /// Subnets, or ranges FIRST-LAST.
    pub addresses: At<Vec<At<Range>>>,
    /// `true` if services get addresses of the pool without asking for it. Default: true.
    pub auto_assign: Option<bool>,
    /// `true` to leave out IPv4 addresses that end in .0 or .255, which old devices take for networks and broadcasts.
    /// Default: false.
    pub avoid_buggy_ips: Option<bool>,
    /// The services that get addresses of the pool, before those of pools without this. Default: all services.
    pub service_allocation: Option<At<RawAllocation>>,
}

/// The services that get addresses of a pool: those of its namespaces, and of these the selected ones.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawAllocation {
    /// The place among pools that take the same service, from 1: the lowest first. Default: after all that have one.
    pub priority: Option<At<u32>>,
    /// The namespaces by name. Default, with no selectors of namespaces either: all.
    #[serde(default)]
    pub namespaces: Vec<At<Name>>,
    /// The namespaces by their labels, such as `{ "kubernetes.io/metadata.name" = "shop" }`, in addition.
    #[serde(default)]
    pub namespace_selectors: Vec<At<RawSelector>>,
    /// The services by their labels. Default: all.
    #[serde(default)]
    pub service_selectors: Vec<At<RawSelector>>,
}

/// An advertisement of pools to peers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawAdvertisement {
    /// The advertisement's name.
    pub name: At<Name>,
    /// The pools. Default: all.
    #[serde(default)]
    pub pools: Vec<At<Name>>,
    /// The peers. Default: all.
    #[serde(default)]
    pub peers: Vec<At<NamePattern>>,
    /// The nodes that announce, by their labels. Default: all that load balancing does not exclude.
    #[serde(default)]
    pub node_selectors: Vec<At<RawSelector>>,
    /// The services whose addresses are announced, by their labels (MetalLB 0.16). Default: all.
    #[serde(default)]
    pub service_selectors: Vec<At<RawSelector>>,
    /// The length of the IPv4 prefix that an address is advertised as. Default: 32.
    #[schemars(range(min = 1, max = 32))]
    pub aggregation_length: Option<At<u8>>,
    /// The length of the IPv6 prefix that an address is advertised as. Default: 128.
    #[schemars(range(min = 1, max = 128))]
    pub aggregation_length_v6: Option<At<u8>>,
    /// The local preference, for iBGP. Default: 0.
    pub local_preference: Option<At<u32>>,
    /// BGP communities, as `65535:65281`, or large ones, as `large:64500:1:2`.
    #[serde(default)]
    pub communities: Vec<At<Community>>,
}
