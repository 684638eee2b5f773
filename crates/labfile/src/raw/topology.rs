//! Cluster, networks, routers and routes as they are written.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use schemars::JsonSchema;
use serde::Deserialize;

use super::super::{
    Asn, At, Image, Name, NamePattern,
    values::{Ip, Prefix, Span},
};

/// The container images; what is not given is the documented one.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawImages {
    /// The routers' image.
    pub frr: Option<Image>,
    /// The kind nodes' image.
    pub node: Option<Image>,
    /// The workload's image.
    pub workload: Option<Image>,
}

/// What makes the nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RawProvider {
    /// A kind cluster, created and deleted with the lab.
    Kind,
    /// No Kubernetes: plain FRR containers stand where the nodes are, configured as MetalLB's speakers.
    Standalone,
    /// A cluster that is there already; only what is outside it is built.
    Existing,
}

/// The cluster.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawCluster {
    /// What makes the nodes; `--provider` takes precedence. Default: kind.
    pub provider: Option<RawProvider>,
    /// The cluster's name; its nodes are NAME-control-plane, NAME-worker, NAME-worker2 and so on.
    pub name: At<Name>,
    /// The Docker network that the nodes are on.
    pub network: At<Name>,
    /// How many workers there are, beside one control plane.
    #[schemars(range(min = 1, max = 1000))]
    pub workers: At<u16>,
    /// The nodes' AS number: `myASN` of MetalLB's peers.
    pub asn: At<Asn>,
    /// The pods' subnets, at most one of each family.
    pub pods: At<Vec<At<Prefix>>>,
    /// The services' subnets, at most one of each family.
    pub services: At<Vec<At<Prefix>>>,
    /// Provider `existing`: the kubeconfig. Default: what kubectl would take.
    #[schemars(with = "Option<String>")]
    pub kubeconfig: Option<Utf8PathBuf>,
    /// Provider `existing`: the kubeconfig's context. Default: the current one.
    pub context: Option<String>,
    /// Provider `standalone`: how soon a node tries again to connect, in whole seconds. FRR's own default is 2m.
    pub connect_time: Option<At<Span>>,
}

/// A Docker network.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawNetwork {
    /// The network's name.
    pub name: At<Name>,
    /// One IPv4 subnet, and at most one IPv6 subnet.
    pub subnets: At<Vec<At<Prefix>>>,
    /// The part of each subnet from which Docker gives out addresses: kind's nodes take theirs from here, so that they
    /// never take a pinned one. Default: everything, of which the nodes have the first addresses.
    pub dynamic: Option<At<Vec<At<Prefix>>>>,
    /// The MTU, in bytes. Default: that of Docker's default bridge.
    #[schemars(range(min = 1280, max = 65535))]
    pub mtu: Option<At<u16>>,
}

/// What a router does.
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
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawRouter {
    /// The router's name, which is its container's. With `count`, a pattern such as `r{n}`.
    pub name: At<NamePattern>,
    /// How many routers of this kind there are: n is 1, 2, 3, … and each address is the first one's plus n-1.
    #[schemars(range(min = 1, max = 1000))]
    pub count: Option<At<u16>>,
    /// What it does. Default: speaker.
    #[serde(default)]
    pub role: RawRole,
    /// The AS number; speakers need one.
    pub asn: Option<At<Asn>>,
    /// The pinned addresses on each network: one IPv4 address, and one IPv6 address where the network has IPv6.
    pub addresses: BTreeMap<At<Name>, At<Vec<At<Ip>>>>,
    /// BGP sessions with other routers; give each session at one end only.
    #[serde(default)]
    pub neighbors: Vec<At<RawNeighbor>>,
}

/// A BGP session between two routers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawNeighbor {
    /// The other router.
    pub router: At<Name>,
    /// Whether the other router is this one's route reflector (RFC 4456; both in one AS). Default: no.
    #[serde(default)]
    pub route_reflector: bool,
    /// The family of the session's own addresses. Default: ipv4.
    #[serde(default)]
    pub family: RawFamily,
    /// The BFD profile. Default: no BFD.
    pub bfd_profile: Option<At<Name>>,
    /// The TCP MD5 password (RFC 2385).
    pub password: Option<At<String>>,
    /// How long without a message until the session is down, in whole seconds.
    pub hold_time: Option<At<Span>>,
    /// How often a keepalive is sent, in whole seconds.
    pub keepalive_time: Option<At<Span>>,
    /// How soon to try again to connect, in whole seconds.
    pub connect_time: Option<At<Span>>,
}

/// The family of a session's own addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RawFamily {
    /// The session runs over IPv4.
    #[default]
    Ipv4,
    /// The session runs over IPv6.
    Ipv6,
}

/// A static route on everything that is on one network and not on the other.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawRoute {
    /// The network whose nodes and routers get the route.
    pub from: At<Name>,
    /// The network that it leads to, in every family that both have.
    pub to: At<Name>,
    /// The router between, which is on both.
    pub via: At<Name>,
}
