//! The checked lab: every name refers to something, every address lies where it belongs.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

use camino::Utf8PathBuf;
use ipnet::{Ipv4Net, Ipv6Net};

use super::{
    Asn, Image, Name, Warning,
    family::{Addresses, Dual, Subnets},
    install::Metallb,
    pools::{Advertisement, Pool, Workload},
    session::{BfdProfile, Hops, Link, Peer},
};

/// A whole lab.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lab {
    /// The name, which everything that the lab makes carries as a label.
    pub name: Name,
    /// The images.
    pub images: Images,
    /// The nodes.
    pub cluster: Cluster,
    /// The Docker networks, in the file's order.
    pub networks: Vec<Network>,
    /// The routers, in the file's order.
    pub routers: Vec<Router>,
    /// Sessions between routers.
    pub links: Vec<Link>,
    /// Static routes between networks.
    pub routes: Vec<Route>,
    /// MetalLB's installation.
    pub metallb: Metallb,
    /// BFD profiles.
    pub bfd_profiles: Vec<Arc<BfdProfile>>,
    /// Sessions between each node and a router.
    pub peers: Vec<Peer>,
    /// Address pools.
    pub pools: Vec<Pool>,
    /// Advertisements.
    pub advertisements: Vec<Advertisement>,
    /// The application.
    pub workload: Workload,
    /// The warnings about the file, in its order.
    pub warnings: Vec<Warning>,
}

/// The images.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Images {
    /// The routers', and the standalone nodes'.
    pub frr: Image,
    /// The kind nodes'.
    pub node: Image,
    /// The workload's.
    pub workload: Image,
}

/// The cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cluster {
    /// The name.
    pub name: Name,
    /// The provider.
    pub provider: Provider,
    /// The nodes' network.
    pub network: Name,
    /// The nodes' AS number.
    pub asn: Asn,
    /// The number of workers, in addition to one control plane.
    pub workers: u16,
    /// The pods' subnets.
    pub pods: Subnets,
    /// The services' subnets.
    pub services: Subnets,
    /// The nodes at the first free addresses of the network: where standalone nodes are, and where Docker puts those of a
    /// new cluster, in any order.
    pub placement: Vec<Node>,
}

impl Lab {
    /// Returns the static routes of a container on these networks.
    pub fn routes_on<'a>(&'a self, networks: &'a [&'a Name]) -> impl Iterator<Item = &'a Route> {
        self.routes.iter().filter(|route| networks.contains(&&route.from) && !networks.contains(&&route.to))
    }

    /// `true` if the ends of a peer's session are in two ASes, and routers between them (`ebgpMultiHop`).
    pub fn is_ebgp_multihop(&self, peer: &Peer) -> bool {
        peer.session.hops == Hops::Routed && peer.router_asn != self.cluster.asn
    }

    /// Returns the routers that pass on to a router the routes that they learned from nodes. These are in the router's own
    /// AS: a link between two changes the next hop. In the nodes' own AS only a reflector passes routes on, to its clients.
    pub fn sources<'a>(&'a self, router: &'a str) -> impl Iterator<Item = &'a Name> {
        let inside = self.links.iter().filter(|link| link.from.asn == link.to.asn);
        inside.filter_map(move |link| {
            let other_as = self.cluster.asn != link.to.asn;
            let (from, to) = (&link.from.router, &link.to.router);
            if from.as_str() == router && (link.reflected || other_as) {
                Some(to)
            } else if to.as_str() == router && other_as {
                Some(from)
            } else {
                None
            }
        })
    }
}

impl Cluster {
    /// Returns the nodes' names and roles, control plane first, as kind names them.
    pub fn node_names(&self) -> impl Iterator<Item = (String, NodeRole)> + '_ {
        let worker = |n| if n == 1 { format!("{}-worker", self.name) } else { format!("{}-worker{n}", self.name) };
        std::iter::once((format!("{}-control-plane", self.name), NodeRole::ControlPlane))
            .chain((1..=self.workers).map(move |n| (worker(n), NodeRole::Worker)))
    }

    /// `true` if a node has this name.
    pub fn is_node(&self, name: &str) -> bool {
        self.node_names().any(|(node, _)| node == name)
    }

    /// `true` if the control plane has this name.
    pub fn is_control_plane(&self, node: &str) -> bool {
        self.node_names().any(|(name, role)| name == node && role == NodeRole::ControlPlane)
    }
}

/// The provider of the nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provider {
    /// A kind cluster; Docker gives the nodes their addresses.
    Kind,
    /// Plain FRR containers, pinned to their placement.
    Standalone {
        /// The interval of a node's attempts to connect, in seconds.
        connect_time: Option<u16>,
    },
    /// An existing cluster.
    Existing {
        /// The kubeconfig, unless it is kubectl's.
        kubeconfig: Option<Utf8PathBuf>,
        /// The context, unless it is the current one.
        context: Option<String>,
    },
}

/// The role of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeRole {
    /// The control plane: its speaker has sessions, and advertises nothing.
    ControlPlane,
    /// A worker: its speaker advertises the services' addresses.
    Worker,
}

/// A node with its addresses on the cluster's network: pinned (standalone), or as read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The node's name, which is its container's.
    pub name: String,
    /// The role.
    pub role: NodeRole,
    /// The addresses.
    pub addresses: Addresses,
}

/// A Docker network.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Network {
    /// The name.
    pub name: Name,
    /// The subnets.
    pub subnets: Subnets,
    /// The parts from which Docker assigns addresses.
    pub dynamic: Dual<Option<Ipv4Net>, Ipv6Net>,
    /// The MTU in bytes; without one, that of Docker's default bridge.
    pub mtu: Option<u16>,
}

impl Network {
    /// Returns the gateways: the first host of each subnet.
    pub fn gateways(&self) -> Addresses {
        let v4 = Ipv4Addr::from_bits(self.subnets.v4.network().to_bits() | 1);
        Dual { v4, v6: self.subnets.v6.map(|net| Ipv6Addr::from_bits(net.network().to_bits() | 1)) }
    }
}

/// A router.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Router {
    /// The name, which is its container's.
    pub name: Name,
    /// The networks, and its addresses there.
    pub attachments: Vec<(Name, Addresses)>,
    /// The role.
    pub role: Role,
}

impl Router {
    /// Returns its addresses on a network.
    pub fn addresses_on(&self, network: &Name) -> Option<&Addresses> {
        self.attachments.iter().find(|(name, _)| name == network).map(|(_, addresses)| addresses)
    }
}

/// The role of a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Forwards only.
    Forwarder,
    /// Runs BGP in this AS.
    Speaker(Asn),
}

/// A static route, on every node and router that is on `from` and not on `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Route {
    /// The network whose nodes and routers have the route.
    pub from: Name,
    /// The destination.
    pub to: Name,
    /// The gateway.
    pub via: Name,
    /// The router's addresses on `from`: the next hops.
    pub next_hops: Addresses,
    /// The subnets of `to`, in the families that both networks have.
    pub destinations: Subnets,
}
