//! The checked lab: every name refers to something, every address lies where it belongs.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

use camino::Utf8PathBuf;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::{
    Asn, Image, Name, Warning,
    family::{Addresses, Subnets},
    install::Metallb,
    node::{Node, NodeRole},
    own::OwnCheck,
    pools::{Advertisement, Pool},
    raw::KubeProxy,
    route::Route,
    router::Router,
    service::Service,
    session::{BGP_PORT, BfdProfile, Link, Peer},
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
    /// The services, and the applications behind them: that of `[workload]` first; at least one.
    pub services: Vec<Service>,
    /// Checks of the file's own.
    pub checks: Vec<OwnCheck>,
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
    /// The mode of kube-proxy in a kind cluster.
    pub kube_proxy: KubeProxy,
    /// The nodes at the first free addresses of the network: where standalone nodes are, and where Docker puts those of a
    /// new cluster, in any order.
    pub placement: Vec<Node>,
}

impl Lab {
    /// Returns the static routes of a router or, for any other name, of a node.
    pub fn routes_at<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Route> {
        let router = self.routers.iter().find(|router| router.name.as_str() == name);
        self.routes.iter().filter(move |route| match router {
            Some(router) => route.is_of(router),
            None => route.from == self.cluster.network,
        })
    }

    /// Returns the network of a name.
    pub fn network(&self, name: &str) -> Option<&Network> {
        self.networks.iter().find(|network| network.name.as_str() == name)
    }

    /// Returns the network that the nodes are on. An existing cluster's may be none of the lab's.
    pub fn network_of_nodes(&self) -> Option<&Network> {
        self.network(self.cluster.network.as_str())
    }

    /// `true` if no node is missing among these, so that it is known what the routers' configurations have to say. An
    /// existing cluster has the nodes that it has.
    pub fn knows_every_node(&self, nodes: &[Node]) -> bool {
        self.cluster.provider != Provider::Kind || nodes.len() >= self.cluster.node_names().count()
    }

    /// Returns the network that an address lies in.
    pub fn network_at(&self, address: IpAddr) -> Option<&Network> {
        self.networks.iter().find(|network| network.subnets.iter().any(|net| net.contains(&address)))
    }

    /// Returns the TCP port on which a router listens.
    pub fn port(&self, router: &str) -> u16 {
        self.peers.iter().find(|peer| peer.router.as_str() == router).map_or(BGP_PORT, |peer| peer.port)
    }

    /// Returns the AS number of a node: that of its peers, which FRR has once.
    pub fn node_asn(&self, node: &Node) -> Asn {
        self.peers_of(node).next().map_or(self.cluster.asn, |peer| peer.node_end.asn)
    }

    /// Returns the peers of a node.
    pub fn peers_of<'a>(&'a self, node: &'a Node) -> impl Iterator<Item = &'a Peer> {
        self.peers.iter().filter(|peer| node.is_in(&peer.nodes))
    }
}

impl Cluster {
    /// Returns the nodes' names and roles, control plane first, as kind names them.
    pub fn node_names(&self) -> impl Iterator<Item = (String, NodeRole)> + '_ {
        let worker = |n| if n == 1 { format!("{}-worker", self.name) } else { format!("{}-worker{n}", self.name) };
        let first = if self.workers == 0 { NodeRole::Only } else { NodeRole::ControlPlane };
        std::iter::once((format!("{}-control-plane", self.name), first))
            .chain((1..=self.workers).map(move |n| (worker(n), NodeRole::Worker)))
    }

    /// Returns a node of this name with these addresses, and the role and the labels that the file gives it.
    pub fn node(&self, name: &str, addresses: Addresses) -> Option<Node> {
        let placed = self.placement.iter().find(|node| node.name == name)?;
        Some(Node { addresses, ..placed.clone() })
    }

    /// `true` if a node has this name.
    pub fn is_node(&self, name: &str) -> bool {
        self.node_names().any(|(node, _)| node == name)
    }

    /// `true` if the control plane has this name.
    pub fn is_control_plane(&self, node: &str) -> bool {
        self.node_names().any(|(name, role)| name == node && role.is_control_plane())
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

/// A Docker network.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Network {
    /// The name.
    pub name: Name,
    /// The subnets.
    pub subnets: Subnets,
    /// The parts from which Docker assigns addresses.
    pub dynamic: Dynamic,
    /// The MTU in bytes; without one, that of Docker's default bridge.
    pub mtu: Option<u16>,
}

impl Network {
    /// Returns the gateways: the first host of each subnet.
    pub fn gateways(&self) -> Addresses {
        let v4 = |net: Ipv4Net| Ipv4Addr::from_bits(net.network().to_bits() | 1);
        self.subnets.map(v4, |net| Ipv6Addr::from_bits(net.network().to_bits() | 1))
    }
}

/// The parts of a network's subnets from which Docker assigns addresses, where they are not the whole subnets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dynamic {
    /// The part of the IPv4 subnet.
    pub v4: Option<Ipv4Net>,
    /// The part of the IPv6 subnet.
    pub v6: Option<Ipv6Net>,
}

impl Dynamic {
    /// Returns the parts, IPv4 first.
    pub fn iter(&self) -> impl Iterator<Item = IpNet> + use<> {
        self.v4.map(IpNet::V4).into_iter().chain(self.v6.map(IpNet::V6))
    }
}
