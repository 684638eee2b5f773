//! Everything that a diagnosis reads of a cluster, at one time. Anything that cannot be read is left out and listed as
//! unread.

mod configured;
#[cfg(feature = "client")]
mod dump;
#[cfg(feature = "client")]
mod look;
#[cfg(feature = "client")]
mod views;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

pub use configured::Configured;
#[cfg(feature = "client")]
pub use dump::DumpScope;
use serde::Serialize;
pub use words::{Offered, Refused, Warned};

use crate::PodView;
use crate::ready::PodTrouble;
use crate::spec::Backend;

/// The state of MetalLB and of the services behind it, as a cluster shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// MetalLB's namespace.
    pub namespace: NamespaceState,
    /// The deployments in it.
    pub deployments: Vec<Workload>,
    /// The DaemonSets in it.
    pub daemon_sets: Vec<Workload>,
    /// The applications, in the order in which they were asked for.
    pub applications: Vec<Application>,
    /// The pods in it.
    pub pods: Vec<PodView>,
    /// The problems that keep pods from coming up, in MetalLB's namespace and in the applications'.
    pub troubles: Vec<PodTrouble>,
    /// MetalLB resources by name, with the backend that each requests.
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
    /// The parts of MetalLB that do not take their configuration, by their own state resources.
    pub refused: Vec<Refused>,
    /// The warning events of MetalLB's namespace.
    pub warned: Vec<Warned>,
    /// Everything that could not be read, and why.
    pub unread: Vec<String>,
}

/// An application, and what MetalLB says of its service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Application {
    /// The deployment.
    pub deployment: Option<Workload>,
    /// The events of its service, newest last, as `reason: message`.
    pub words: Vec<String>,
    /// The peers that the nodes are configured to advertise its service to; none where MetalLB does not report them
    /// (before 0.15).
    pub offered: Option<Vec<Offered>>,
}

/// A namespace's state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NamespaceState {
    /// It does not exist.
    #[default]
    Absent,
    /// It exists.
    Active,
    /// It is being deleted; the reason why that takes long.
    Terminating(String),
}

/// A deployment or DaemonSet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Workload {
    /// The name.
    pub name: String,
    /// The number of pods that it should have.
    pub wanted: i64,
    /// The number of pods that are ready.
    pub ready: i64,
    /// The value of `METALLB_BGP_TYPE`, if a container sets it.
    pub bgp_type: Option<String>,
    /// The images.
    pub images: Vec<String>,
    /// The labels that a node needs, where it chooses nodes.
    pub node_selector: Vec<String>,
}

/// An address pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PoolView {
    /// The name.
    pub name: String,
    /// The ranges, as written.
    pub addresses: Vec<String>,
    /// `true` if services get its addresses without asking for them.
    pub auto_assign: bool,
}

/// A BGP advertisement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdvertisementView {
    /// The name.
    pub name: String,
    /// The pools that it names.
    pub pools: Vec<String>,
    /// The peers that it names.
    pub peers: Vec<String>,
    /// `true` if it selects pools by label.
    pub selects_pools: bool,
    /// `true` if it selects nodes by label.
    pub selects_nodes: bool,
}

/// A BGP peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeerView {
    /// The name.
    pub name: String,
    /// The address.
    pub address: String,
    /// The AS.
    pub peer_asn: u64,
    /// The nodes' AS.
    pub my_asn: u64,
    /// `true` if the one session carries both address families.
    pub dual_stack: bool,
    /// The BFD profile.
    pub bfd_profile: Option<String>,
    /// `true` if an eBGP session may cross routers.
    pub ebgp_multi_hop: bool,
    /// `true` if it selects nodes.
    pub selects_nodes: bool,
}

/// A service of type LoadBalancer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Balanced {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The addresses.
    pub addresses: Vec<IpAddr>,
    /// The address families, as `IPv4`.
    pub families: Vec<String>,
    /// The load balancer class that it requests, if any.
    pub class: Option<String>,
    /// The pool that it asks for by its annotation, if any.
    pub pool: Option<String>,
    /// `true` if only nodes with an endpoint take its traffic (external traffic policy `Local`).
    pub local: bool,
    /// The labels.
    pub labels: BTreeMap<String, String>,
}

/// A service at which webhooks are called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WebhookView {
    /// The configuration that names it.
    pub configuration: String,
    /// The service.
    pub service: String,
    /// `true` if it has a ready endpoint.
    pub answers: bool,
    /// The nodes of its endpoints.
    pub nodes: BTreeSet<String>,
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
