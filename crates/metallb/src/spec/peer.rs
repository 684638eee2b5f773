//! BGP peers (metallb `api/v1beta2/bgppeer_types.go`).

use std::net::IpAddr;

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
    #[serde(rename = "peerASN")]
    pub peer_asn: Asn,
    /// The address of the other end.
    pub peer_address: IpAddr,
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
    /// `true` if the session carries the routes of both address families.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dual_stack_address_family: bool,
}

impl BgpPeerSpec {
    /// A peer at `address`, the rest left to the API's defaults.
    pub const fn at(address: IpAddr, my_asn: Asn, peer_asn: Asn) -> Self {
        Self {
            my_asn,
            peer_asn,
            peer_address: address,
            timers: None,
            connect_time: None,
            password_secret: None,
            bfd_profile: None,
            ebgp_multi_hop: false,
            dual_stack_address_family: false,
        }
    }
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
