//! The API of January 2022 (MetalLB 0.11, operator 861e4d3): one resource for pool and advertisement, and BGP peers
//! v1beta1 with AS numbers of two bytes. MetalLB 0.14.2 removed `AddressPool`; peers v1beta1 are still converted.

use std::net::{IpAddr, Ipv4Addr};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelectorRequirement;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::{is_false, root};
use crate::value::{AddressRange, CommunityValue, Name, PeerPort, Timers, bounded};

bounded! {
    /// An AS number of two bytes, all that the API of 2022 took.
    ShortAsn(u16), "AS number (v1beta1)", 1..=65_535, ""
}

/// How a pool's addresses are announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// By ARP and neighbor discovery.
    Layer2,
    /// By BGP.
    Bgp,
}

/// A pool, with how it is advertised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddressPoolSpec {
    /// How it is announced.
    pub protocol: Protocol,
    /// The ranges.
    pub addresses: Vec<AddressRange>,
    /// Whether services get an address from it without asking for it (the API's default: true).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_assign: Option<bool>,
    /// How it is advertised; in the default way where none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bgp_advertisements: Vec<PoolAdvertisement>,
}

/// How a pool of 2022 is advertised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PoolAdvertisement {
    /// The prefix length into which IPv4 addresses are rolled up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregation_length: Option<u8>,
    /// The prefix length into which IPv6 addresses are rolled up.
    #[serde(rename = "aggregationLengthV6", default, skip_serializing_if = "Option::is_none")]
    pub aggregation_length_v6: Option<u8>,
    /// LOCAL_PREF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_pref: Option<u32>,
    /// Communities, by value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub communities: Vec<CommunityValue>,
}

/// A peer of 2022.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BgpPeerSpec {
    /// The speakers' AS number.
    #[serde(rename = "myASN")]
    pub my_asn: ShortAsn,
    /// The AS number at the other end.
    #[serde(rename = "peerASN")]
    pub peer_asn: ShortAsn,
    /// Where the other end is.
    pub peer_address: IpAddr,
    /// The address from which speakers connect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_address: Option<IpAddr>,
    /// The port on which it listens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer_port: Option<PeerPort>,
    /// Hold and keepalive times.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub timers: Option<Timers>,
    /// The speakers' router id.
    #[serde(rename = "routerID", default, skip_serializing_if = "Option::is_none")]
    pub router_id: Option<Ipv4Addr>,
    /// The nodes that peer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub node_selectors: Vec<NodeSelector>,
    /// The session's password, in clear: Secrets came later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The BFD profile of a BFD session beside this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bfd_profile: Option<Name>,
    /// Whether a peer of another AS number is more than one hop away.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ebgp_multi_hop: bool,
}

/// The nodes that a peer of 2022 selects.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeSelector {
    /// Labels that a node must have.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub match_labels: BTreeMap<String, String>,
    /// More about its labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<LabelSelectorRequirement>,
}

root! {
    /// An `AddressPool`.
    AddressPool { spec: AddressPoolSpec },
    "metallb.io", "v1beta1", "AddressPool", "addresspools"
}

root! {
    /// A `BGPPeer`, in the version v1beta1.
    BgpPeer { spec: BgpPeerSpec },
    "metallb.io", "v1beta1", "BGPPeer", "bgppeers"
}
