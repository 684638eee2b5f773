//! Cluster, networks, routers and routes as they are written.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    super::{
        Asn, At, Image, Name, NamePattern,
        values::{Ip, Prefix, Span},
    },
    RawVia,
};

/// The container images. Default: the documented ones.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawImages {
    /// The routers' image.
    pub frr: Option<Image>,
    /// The kind nodes' image.
    pub node: Option<Image>,
    /// The workload's image.
    pub workload: Option<Image>,
}

/// The provider of the nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RawProvider {
    /// A kind cluster, created and deleted with the lab.
    Kind,
    /// No Kubernetes: plain FRR containers in place of the nodes, configured as MetalLB's speakers.
    Standalone,
    /// An existing cluster: only the networks and routers around it are built.
    Existing,
}

/// The mode of kube-proxy, which leads packets for a service to its endpoints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum KubeProxy {
    /// Rules of iptables: kind's default.
    #[default]
    Iptables,
    /// Rules of nftables.
    Nftables,
    /// The kernel's IP virtual server, which needs its modules on the machine.
    Ipvs,
}

impl KubeProxy {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Iptables, Self::Nftables, Self::Ipvs];

    /// Returns the mode as Kubernetes writes it (`mode` of `KubeProxyConfiguration`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Iptables => "iptables",
            Self::Nftables => "nftables",
            Self::Ipvs => "ipvs",
        }
    }
}

impl std::fmt::Display for KubeProxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The cluster.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawCluster {
    /// The provider of the nodes; `--provider` takes precedence. Default: kind.
    pub provider: Option<RawProvider>,
    /// The cluster's name; its nodes are NAME-control-plane, NAME-worker, NAME-worker2 and so on.
    pub name: At<Name>,
    /// The Docker network that the nodes are on.
    pub network: At<Name>,
    /// The number of workers, in addition to one control plane. With 0 the control plane is the only node, and a worker,
    /// too.
    #[schemars(range(max = 1000))]
    pub workers: At<u16>,
    /// The nodes' AS number: `myASN` of MetalLB's peers.
    pub asn: At<Asn>,
    /// The pods' subnets, at most one of each family.
    pub pods: At<Vec<At<Prefix>>>,
    /// The services' subnets, at most one of each family.
    pub services: At<Vec<At<Prefix>>>,
    /// Provider `kind`: the mode of kube-proxy. Default: iptables.
    pub kube_proxy: Option<KubeProxy>,
    /// Provider `existing`: the kubeconfig. Default: kubectl's.
    #[schemars(with = "Option<String>")]
    pub kubeconfig: Option<Utf8PathBuf>,
    /// Provider `existing`: the kubeconfig's context. Default: the current one.
    pub context: Option<String>,
    /// Provider `standalone`: the interval of a node's attempts to connect, in whole seconds. Default: FRR's, 2m.
    pub connect_time: Option<At<Span>>,
}

/// A Docker network.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawNetwork {
    /// The network's name.
    pub name: At<Name>,
    /// One subnet, or one for each family.
    pub subnets: At<Vec<At<Prefix>>>,
    /// The part of each subnet from which Docker assigns addresses: kind's nodes take theirs from here, so that they
    /// never take a pinned one. Default: the whole subnet, of which the nodes take the first addresses.
    pub dynamic: Option<At<Vec<At<Prefix>>>>,
    /// The MTU, in bytes. Default: that of Docker's default bridge.
    #[schemars(range(min = 1280, max = 65535))]
    pub mtu: Option<At<u16>>,
}

/// The role of a router.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RawRole {
    /// Runs BGP (and BFD), and forwards.
    #[default]
    Speaker,
    /// Forwards only, by its connected and static routes.
    Forwarder,
}

/// A router, or `count` routers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawRouter {
    /// The router's name, which is its container's. With `count`, a pattern such as `r{n}`.
    pub name: At<NamePattern>,
    /// The number of routers of this kind: n is 1, 2, 3, … and each address is the first one's plus n-1.
    #[schemars(range(min = 1, max = 1000))]
    pub count: Option<At<u16>>,
    /// The role. Default: speaker.
    #[serde(default)]
    pub role: RawRole,
    /// The AS number; speakers need one.
    pub asn: Option<At<Asn>>,
    /// The pinned addresses on each network: one of each family that the network has.
    pub addresses: BTreeMap<At<Name>, At<Vec<At<Ip>>>>,
    /// The BGP identifier, an IPv4 address; with `count`, the first router's. Default: its first IPv4 address or, without
    /// any, one that follows from its name.
    pub router_id: Option<At<Ip>>,
    /// BGP sessions with other routers; give each session at one end only.
    #[serde(default)]
    pub neighbors: Vec<At<RawNeighbor>>,
}

/// A BGP session between two routers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawNeighbor {
    /// The other router.
    pub router: At<Name>,
    /// `true` if the other router is this one's route reflector (RFC 4456; both in one AS). Default: false.
    #[serde(default)]
    pub route_reflector: bool,
    /// The family of the session's own addresses. Default: ipv4 or, where no network that both are on has it, ipv6.
    pub family: Option<At<RawFamily>>,
    /// The BFD profile. Default: no BFD.
    pub bfd_profile: Option<At<Name>>,
    /// The TCP MD5 password (RFC 2385).
    pub password: Option<At<String>>,
    /// The time without a message after which the session is down, in whole seconds.
    pub hold_time: Option<At<Span>>,
    /// The interval of keepalives, in whole seconds.
    pub keepalive_time: Option<At<Span>>,
    /// The interval of attempts to connect, in whole seconds.
    pub connect_time: Option<At<Span>>,
}

/// The family of a session's own addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RawFamily {
    /// The session runs over IPv4.
    Ipv4,
    /// The session runs over IPv6.
    Ipv6,
}

/// A static route on everything that is on one network and not on the other, except for the gateways themselves.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawRoute {
    /// The network whose nodes and routers get the route.
    pub from: At<Name>,
    /// The destination, in each family that both networks and those between have.
    pub to: At<Name>,
    /// The gateway, or several equal ones that share the packets: routers on `from`, each of which is on `to`, too, or has
    /// a route there from another of its networks.
    pub via: At<RawVia>,
}
