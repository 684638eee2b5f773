//! Everything that a diagnosis reads of a cluster, at one time, and tolerant: what cannot be read is missing, and said.

#[cfg(feature = "client")]
mod dump;
#[cfg(feature = "client")]
mod look;
#[cfg(feature = "client")]
mod views;

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde::Serialize;

use crate::ready::PodTrouble;
use crate::spec::Backend;

/// What a cluster shows of MetalLB and of the services behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// MetalLB's namespace.
    pub namespace: NamespaceState,
    /// The deployments in it.
    pub deployments: Vec<Workload>,
    /// The DaemonSets in it.
    pub daemon_sets: Vec<Workload>,
    /// The application's deployment.
    pub application: Option<Workload>,
    /// What keeps pods from coming up, in MetalLB's namespace and in the application's.
    pub troubles: Vec<PodTrouble>,
    /// MetalLB resources by name, with the backend that each asks for.
    pub resources: Vec<(String, Option<Backend>)>,
    /// Address pools.
    pub pools: Vec<PoolView>,
    /// BGP advertisements.
    pub advertisements: Vec<AdvertisementView>,
    /// BGP peers.
    pub peers: Vec<PeerView>,
    /// Names of BFD profiles.
    pub profiles: BTreeSet<String>,
    /// Every service of type LoadBalancer.
    pub services: Vec<Balanced>,
    /// The services that MetalLB's webhooks are called at.
    pub webhooks: Vec<WebhookView>,
    /// What the API tells about the application's service, newest last.
    pub words: Vec<String>,
    /// What could not be read, and why.
    pub unread: Vec<String>,
}

/// A namespace's state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum NamespaceState {
    /// It is not there.
    #[default]
    Absent,
    /// It is there.
    Active,
    /// It is being deleted; what keeps it.
    Terminating(String),
}

/// A deployment or DaemonSet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Workload {
    /// Its name.
    pub name: String,
    /// How many pods it should have.
    pub wanted: i64,
    /// How many are ready.
    pub ready: i64,
    /// `METALLB_BGP_TYPE` of its containers, where one has it.
    pub bgp_type: Option<String>,
    /// Its images.
    pub images: Vec<String>,
    /// The labels that a node needs, where it chooses nodes.
    pub node_selector: Vec<String>,
}

/// An address pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PoolView {
    /// Its name.
    pub name: String,
    /// Its ranges, as written.
    pub addresses: Vec<String>,
    /// Whether services get addresses of it without asking.
    pub auto_assign: bool,
}

/// A BGP advertisement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdvertisementView {
    /// Its name.
    pub name: String,
    /// The pools that it names.
    pub pools: Vec<String>,
    /// The peers that it names.
    pub peers: Vec<String>,
    /// Whether it chooses pools by label.
    pub selects_pools: bool,
    /// Whether it chooses nodes by label.
    pub selects_nodes: bool,
}

/// A BGP peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeerView {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Its AS.
    pub peer_asn: u64,
    /// The nodes' AS.
    pub my_asn: u64,
    /// Whether both families go over the one session.
    pub dual_stack: bool,
    /// Its BFD profile.
    pub bfd_profile: Option<String>,
    /// Whether an eBGP session may cross routers.
    pub ebgp_multi_hop: bool,
    /// Whether it chooses nodes.
    pub selects_nodes: bool,
}

/// A service of type LoadBalancer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Balanced {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// The families that it has, as `IPv4`.
    pub families: Vec<String>,
    /// The class of load balancer that it wants, where it wants one.
    pub class: Option<String>,
}

/// A service that webhooks are called at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WebhookView {
    /// The configuration that names it.
    pub configuration: String,
    /// The service.
    pub service: String,
    /// Whether it has a ready endpoint.
    pub answers: bool,
}

impl Facts {
    /// A deployment of MetalLB's namespace.
    pub fn deployment(&self, name: &str) -> Option<&Workload> {
        self.deployments.iter().find(|deployment| deployment.name == name)
    }

    /// A DaemonSet of MetalLB's namespace.
    pub fn daemon_set(&self, name: &str) -> Option<&Workload> {
        self.daemon_sets.iter().find(|set| set.name == name)
    }
}
