//! BGP peers (metallb `api/v1beta2/bgppeer_types.go`).

use std::net::{IpAddr, Ipv4Addr};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};

use super::{is_false, root};
use crate::value::{Asn, ConnectTime, Name, PeerPort, Timers};

/// The desired state of the speakers' sessions with one peer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BgpPeerSpec {
    /// The speakers' AS number.
    #[serde(rename = "myASN")]
    pub my_asn: Asn,
    /// The AS number at the other end.
    #[serde(flatten)]
    pub remote: RemoteAs,
    /// The address or interface of the other end.
    #[serde(flatten)]
    pub neighbor: Neighbor,
    /// The port on which it listens (the API's default: 179).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer_port: Option<PeerPort>,
    /// The address from which speakers connect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_address: Option<IpAddr>,
    /// Hold and keepalive times.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub timers: Option<Timers>,
    /// The pause between two attempts to connect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_time: Option<ConnectTime>,
    /// The speakers' router id.
    #[serde(rename = "routerID", default, skip_serializing_if = "Option::is_none")]
    pub router_id: Option<Ipv4Addr>,
    /// The nodes that peer; all nodes if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub node_selectors: Vec<LabelSelector>,
    /// The Secret with the session's password, in MetalLB's namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_secret: Option<PasswordSecret>,
    /// The BFD profile of a BFD session beside this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bfd_profile: Option<Name>,
    /// `true` if forwarding continues while the session restarts (RFC 4724). Cannot be changed later.
    #[serde(default, skip_serializing_if = "is_false")]
    pub enable_graceful_restart: bool,
    /// `true` if a peer of another AS number is more than one hop away.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ebgp_multi_hop: bool,
    /// The VRF of the host in which the session runs.
    #[serde(rename = "vrf", default, skip_serializing_if = "Option::is_none")]
    pub vrf: Option<String>,
    /// `true` if each address family has its own session (deprecated for [`Self::dual_stack_address_family`]).
    #[serde(rename = "disableMP", default, skip_serializing_if = "is_false")]
    pub disable_mp: bool,
    /// `true` if the session carries the routes of both address families.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dual_stack_address_family: bool,
}

impl BgpPeerSpec {
    /// A peer at `address`, the rest left to the API's defaults.
    pub const fn at(address: IpAddr, my_asn: Asn, peer_asn: Asn) -> Self {
        Self {
            my_asn,
            remote: RemoteAs::Asn(peer_asn),
            neighbor: Neighbor::Address(address),
            peer_port: None,
            source_address: None,
            timers: None,
            connect_time: None,
            router_id: None,
            node_selectors: Vec::new(),
            password_secret: None,
            bfd_profile: None,
            enable_graceful_restart: false,
            ebgp_multi_hop: false,
            vrf: None,
            disable_mp: false,
            dual_stack_address_family: false,
        }
    }
}

/// The AS number at the other end: a number, or a class of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RemoteAs {
    /// This one.
    #[serde(rename = "peerASN")]
    Asn(Asn),
    /// Any number of this class.
    #[serde(rename = "dynamicASN")]
    Dynamic(DynamicAsn),
}

/// The class of a peer's AS number that is not given as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DynamicAsn {
    /// The speakers' own.
    Internal,
    /// Any other.
    External,
}

/// The other end of a session: an address, or the node's interface that leads to it (unnumbered).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Neighbor {
    /// The address.
    #[serde(rename = "peerAddress")]
    Address(IpAddr),
    /// The node's interface that leads to it.
    #[serde(rename = "interface")]
    Interface(String),
}

/// A Secret of type `kubernetes.io/basic-auth` that holds a session's password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordSecret {
    /// The name.
    pub name: Name,
    /// The namespace; MetalLB's own where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<Name>,
}

root! {
    /// A `BGPPeer`, in the version v1beta2.
    BgpPeer { spec: BgpPeerSpec },
    "metallb.io", "v1beta2", "BGPPeer", "bgppeers"
}
