//! BGP peers (metallb `api/v1beta2/bgppeer_types.go`).

use std::net::{IpAddr, Ipv4Addr};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};

use super::{is_false, root};
use crate::value::{Asn, ConnectTime, Name, Timers};

/// The desired state of the speakers' sessions with one peer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BgpPeerSpec {
    /// The speakers' AS number.
    #[serde(rename = "myASN")]
    pub my_asn: Asn,
    /// The AS number at the other end.
    #[serde(flatten)]
    pub peer_asn: PeerAsn,
    /// The address of the other end.
    pub peer_address: IpAddr,
    /// The TCP port at the other end (the API's default: 179).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer_port: Option<u16>,
    /// The speakers' own address of the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_address: Option<IpAddr>,
    /// The speakers' BGP identifier.
    #[serde(rename = "routerID", default, skip_serializing_if = "Option::is_none")]
    pub router_id: Option<Ipv4Addr>,
    /// Hold and keepalive times.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub timers: Option<Timers>,
    /// The pause between two attempts to connect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_time: Option<ConnectTime>,
    /// The Secret with the session's password, in MetalLB's namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_secret: Option<PasswordSecret>,
    /// The BFD profile of a BFD session beside this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bfd_profile: Option<Name>,
    /// `true` if a peer of another AS number is more than one hop away.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ebgp_multi_hop: bool,
    /// `true` if routes are kept while one end's BGP restarts (RFC 4724); it cannot change.
    #[serde(default, skip_serializing_if = "is_false")]
    pub enable_graceful_restart: bool,
    /// `true` if the families never share a session: the deprecated opposite of `dualStackAddressFamily`.
    #[serde(rename = "disableMP", default, skip_serializing_if = "is_false")]
    pub disable_mp: bool,
    /// `true` if the session carries the routes of both address families.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dual_stack_address_family: bool,
    /// The nodes that have the session: those that any of these selects, or all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub node_selectors: Vec<LabelSelector>,
}

impl BgpPeerSpec {
    /// A peer at `address`, the rest left to the API's defaults.
    pub const fn at(address: IpAddr, my_asn: Asn, peer_asn: Asn) -> Self {
        Self {
            my_asn,
            peer_asn: PeerAsn::Number(peer_asn),
            peer_address: address,
            peer_port: None,
            source_address: None,
            router_id: None,
            enable_graceful_restart: false,
            disable_mp: false,
            timers: None,
            connect_time: None,
            password_secret: None,
            bfd_profile: None,
            ebgp_multi_hop: false,
            dual_stack_address_family: false,
            node_selectors: Vec::new(),
        }
    }
}

impl BgpPeerSpec {
    /// `true` if both ends are in one AS.
    pub fn is_internal(&self) -> bool {
        [PeerAsn::Dynamic(DynamicAsn::Internal), PeerAsn::Number(self.my_asn)].contains(&self.peer_asn)
    }
}

/// The AS number at the other end of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PeerAsn {
    /// This one.
    #[serde(rename = "peerASN")]
    Number(Asn),
    /// Any one of a kind.
    #[serde(rename = "dynamicASN")]
    Dynamic(DynamicAsn),
}

/// A kind of AS numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DynamicAsn {
    /// The speakers' own.
    Internal,
    /// Any other one.
    External,
}

/// A Secret of type `kubernetes.io/basic-auth` that holds a session's password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordSecret {
    /// The name.
    pub name: Name,
}

root! {
    /// A `BGPPeer`, in the version v1beta2.
    BgpPeer { spec: BgpPeerSpec },
    "metallb.io", "v1beta2", "BGPPeer", "bgppeers"
}
