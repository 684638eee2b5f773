//! The lab file as it is written: each field is valid by itself, and nothing is compared with anything else yet.

mod check;
mod metallb;
mod nodes;
mod peer;
mod service;
mod topology;
mod via;

pub use check::RawCheck;
pub use metallb::{RawAdvertisement, RawAllocation, RawBackend, RawInstall, RawMetallb, RawMethod, RawPool};
pub use nodes::{RawNode, RawOperator, RawRequirement, RawSelector};
pub use peer::{RawBfdProfile, RawDynamicAsn, RawPeer};
use schemars::JsonSchema;
use serde::Deserialize;
pub use service::{RawFamilyPolicy, RawService, RawTrafficPolicy, RawWorkload};
pub use topology::{
    KubeProxy, RawCluster, RawFamily, RawImages, RawNeighbor, RawNetwork, RawProvider, RawRole, RawRoute, RawRouter,
};
pub use via::RawVia;

use super::{At, Name};

/// A lab: a cluster's nodes, Docker networks, routers, and the addresses that MetalLB advertises to them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "Lab file")]
pub struct RawLab {
    /// The lab's name; everything that the lab makes carries it as a label.
    pub name: At<Name>,
    /// The container images.
    #[serde(default)]
    pub images: RawImages,
    /// The cluster, or what stands in its place.
    pub cluster: At<RawCluster>,
    /// The nodes that the file says more of than their cluster does.
    #[serde(rename = "node", default)]
    pub nodes: Vec<At<RawNode>>,
    /// The Docker networks.
    #[serde(rename = "network")]
    pub networks: Vec<At<RawNetwork>>,
    /// The routers.
    #[serde(rename = "router")]
    pub routers: Vec<At<RawRouter>>,
    /// Static routes between networks.
    #[serde(rename = "route", default)]
    pub routes: Vec<At<RawRoute>>,
    /// The installation of MetalLB.
    #[serde(default)]
    pub metallb: RawMetallb,
    /// The address pools (`IPAddressPool`).
    #[serde(rename = "pool", default)]
    pub pools: Vec<At<RawPool>>,
    /// The advertisements of the pools (`BGPAdvertisement`).
    #[serde(rename = "advertisement", default)]
    pub advertisements: Vec<At<RawAdvertisement>>,
    /// The sessions between the nodes and the routers (`BGPPeer`); each gives both ends their configuration.
    #[serde(rename = "peer", default)]
    pub peers: Vec<At<RawPeer>>,
    /// BFD profiles (`BFDProfile`), for the nodes and the routers alike.
    #[serde(rename = "bfd-profile", default)]
    pub bfd_profiles: Vec<At<RawBfdProfile>>,
    /// Services and the applications behind them.
    #[serde(rename = "service", default)]
    pub services: Vec<At<RawService>>,
    /// Checks of the lab's own.
    #[serde(rename = "check", default)]
    pub checks: Vec<At<RawCheck>>,
    /// The application behind the advertised address. Default: the documented one, where there is no `[[service]]`.
    pub workload: Option<RawWorkload>,
}
