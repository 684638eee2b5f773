//! The lab file as it is written: each field is valid by itself, and nothing is compared with anything else yet.

mod metallb;
mod topology;

pub use metallb::{
    RawAdvertisement, RawBackend, RawBfdProfile, RawInstall, RawMetallb, RawMethod, RawPeer, RawPool, RawTrafficPolicy,
    RawWorkload,
};
use schemars::JsonSchema;
use serde::Deserialize;
pub use topology::{
    RawCluster, RawFamily, RawImages, RawNeighbor, RawNetwork, RawProvider, RawRole, RawRoute, RawRouter,
};

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
    /// The application behind the advertised address.
    #[serde(default)]
    pub workload: RawWorkload,
}
