//! Peers and BFD profiles as they are written.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    super::{
        Asn, At, Name, NamePattern,
        values::{Ip, Span},
    },
    RawFamily, RawSelector,
};

/// A session between a router and every node, or those that are selected.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawPeer {
    /// The peer's name. For routers with a `count`, a pattern such as `peer-{n}`.
    pub name: At<NamePattern>,
    /// The router, by the name that it has in this file (`r{n}`: each of them).
    pub router: At<NamePattern>,
    /// The family of the session's own addresses. Default: ipv4 or, where it does not lead to the router, ipv6.
    pub family: Option<At<RawFamily>>,
    /// `true` if the session carries both address families (`dualStackAddressFamily`). Default: false.
    #[serde(default)]
    pub dual_stack: bool,
    /// The nodes that have the session, by their labels. Default: all.
    #[serde(default)]
    pub node_selectors: Vec<At<RawSelector>>,
    /// The nodes' AS number (`myASN`). Default: that of the cluster.
    pub my_asn: Option<At<Asn>>,
    /// The kind of AS number that the nodes take from the router in place of the router's own number (`dynamicASN`).
    pub dynamic_asn: Option<At<RawDynamicAsn>>,
    /// The TCP port on which the router listens, for all its sessions. Default: 179.
    #[schemars(range(min = 1, max = 16384))]
    pub port: Option<At<u16>>,
    /// The node's own address of the session (`sourceAddress`), of the one node that is selected.
    pub source_address: Option<At<Ip>>,
    /// The nodes' BGP identifier, an IPv4 address (`routerID`). Default: each node's own.
    pub router_id: Option<At<Ip>>,
    /// `true` if the router keeps a node's routes while the node's BGP restarts (`enableGracefulRestart`, RFC 4724).
    pub graceful_restart: Option<At<bool>>,
    /// `true` for MetalLB's deprecated `disableMP`, the opposite of `dual-stack`.
    pub disable_mp: Option<At<bool>>,
    /// The BFD profile. Default: no BFD.
    pub bfd_profile: Option<At<Name>>,
    /// The TCP MD5 password (RFC 2385).
    pub password: Option<At<String>>,
    /// The Secret in MetalLB's namespace that holds `password`, and is there already. Default: one that the lab makes.
    pub password_secret: Option<At<Name>>,
    /// The time without a message after which the session is down, in whole seconds; 0s for never. Default: FRR's, 3m.
    pub hold_time: Option<At<Span>>,
    /// The interval of keepalives, in whole seconds. Default: FRR's, 1m.
    pub keepalive_time: Option<At<Span>>,
    /// The interval of attempts to connect, in whole seconds. Default: FRR's, 2m.
    pub connect_time: Option<At<Span>>,
}

/// A kind of AS numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RawDynamicAsn {
    /// The nodes' own.
    Internal,
    /// Any other one.
    External,
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
    /// Multihop: the lowest TTL of an arriving packet that is accepted, 1 to 254. Default: 255 less one for each
    /// router between, 254 for one.
    #[schemars(range(min = 1, max = 254))]
    pub minimum_ttl: Option<At<u8>>,
}
