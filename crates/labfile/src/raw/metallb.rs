//! MetalLB's part of the file as it is written: installation, pools, advertisements, peers, the application.

use camino::Utf8PathBuf;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    super::{
        At, Name, NamePattern, Sha256,
        artifact::Version,
        range::Range,
        values::{Community, Span},
    },
    RawFamily,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
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
    /// The length of the IPv4 prefix that an address is advertised as. Default: 32.
    #[schemars(range(min = 1, max = 32))]
    pub aggregation_length: Option<At<u8>>,
    /// The length of the IPv6 prefix that an address is advertised as. Default: 128.
    #[schemars(range(min = 1, max = 128))]
    pub aggregation_length_v6: Option<At<u8>>,
    /// The local preference, for iBGP. Default: 0.
    pub local_preference: Option<At<u32>>,
    /// BGP communities, as `65535:65281`.
    #[serde(default)]
    pub communities: Vec<At<Community>>,
}

/// A session between every node and a router.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawPeer {
    /// The peer's name. For routers with a `count`, a pattern such as `peer-{n}`.
    pub name: At<NamePattern>,
    /// The router, by the name that it has in this file (`r{n}`: each of them).
    pub router: At<NamePattern>,
    /// The family of the session's own addresses. Default: ipv4.
    #[serde(default)]
    pub family: RawFamily,
    /// `true` if the session carries both address families (`dualStackAddressFamily`). Default: false.
    #[serde(default)]
    pub dual_stack: bool,
    /// The BFD profile. Default: no BFD.
    pub bfd_profile: Option<At<Name>>,
    /// The TCP MD5 password (RFC 2385).
    pub password: Option<At<String>>,
    /// The time without a message after which the session is down, in whole seconds. Default: FRR's, 3m.
    pub hold_time: Option<At<Span>>,
    /// The interval of keepalives, in whole seconds. Default: FRR's, 1m.
    pub keepalive_time: Option<At<Span>>,
    /// The interval of attempts to connect, in whole seconds. Default: FRR's, 2m.
    pub connect_time: Option<At<Span>>,
}

/// A BFD profile (RFC 5880).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawBfdProfile {
    /// The profile's name.
    pub name: At<Name>,
    /// The shortest interval at which control packets are received, 10ms to 60s. Default: 300ms.
    pub receive_interval: Option<At<Span>>,
    /// The shortest interval at which control packets are sent, 10ms to 60s. Default: 300ms.
    pub transmit_interval: Option<At<Span>>,
    /// The number of consecutive packets whose loss takes the session down, 2 to 255. Default: 3.
    #[schemars(range(min = 2, max = 255))]
    pub detect_multiplier: Option<At<u8>>,
    /// `true` if echo packets are sent, on single hops only. Default: false.
    #[serde(default)]
    pub echo_mode: bool,
    /// The shortest interval of echo packets, 10ms to 60s. Default: 50ms.
    pub echo_interval: Option<At<Span>>,
    /// `true` if the nodes wait for the router's first packet. The routers never wait. Default: false.
    #[serde(default)]
    pub passive_mode: bool,
    /// Multihop: the lowest TTL of an arriving packet that is accepted, 1 to 254. Default: 254, for one router between.
    #[schemars(range(min = 1, max = 254))]
    pub minimum_ttl: Option<At<u8>>,
}

/// The nodes that take traffic for the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum RawTrafficPolicy {
    /// Every node.
    #[default]
    Cluster,
    /// Nodes with an endpoint.
    Local,
}

/// The application behind the advertised address: agnhost's `netexec`. Fields that are not given are as documented.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawWorkload {
    /// The name of its Deployment and Service. Default: test-agnhost.
    pub name: Option<Name>,
    /// The namespace. Default: default.
    pub namespace: Option<Name>,
    /// The service's port. Default: 80.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<At<u16>>,
    /// The number of pods. Default: 1.
    #[schemars(range(min = 1, max = 100))]
    pub replicas: Option<At<u16>>,
    /// The pool that the service asks for (`metallb.io/address-pool`). Default: the one that MetalLB assigns from by
    /// itself; where several would do, one has to be named.
    pub pool: Option<At<Name>>,
    /// The nodes that take traffic. Default: Cluster.
    #[serde(default)]
    pub external_traffic_policy: RawTrafficPolicy,
}
