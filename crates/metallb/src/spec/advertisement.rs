//! BGP advertisements (metallb `api/v1beta1/bgpadvertisement_types.go`): without one, a pool is never advertised.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};

use super::root;
use crate::value::{CommunityValue, Name};

/// The desired advertisement of pools to peers. The default advertises every pool to every peer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BgpAdvertisementSpec {
    /// The prefix length to which IPv4 addresses are aggregated (the API's default: 32).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregation_length: Option<u8>,
    /// The prefix length to which IPv6 addresses are aggregated (the API's default: 128).
    #[serde(rename = "aggregationLengthV6", default, skip_serializing_if = "Option::is_none")]
    pub aggregation_length_v6: Option<u8>,
    /// LOCAL_PREF for iBGP peers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_pref: Option<u32>,
    /// Communities that the routes carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub communities: Vec<CommunityValue>,
    /// Pools by name; all of them where no name is given.
    #[serde(rename = "ipAddressPools", default, skip_serializing_if = "Vec::is_empty")]
    pub ip_address_pools: Vec<Name>,
    /// Peers by name; all peers if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub peers: Vec<Name>,
    /// The nodes that announce: those that any of these selects, or all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub node_selectors: Vec<LabelSelector>,
    /// The services whose addresses are announced: those that any of these selects, or all of them (MetalLB 0.16).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_selectors: Vec<LabelSelector>,
}

root! {
    /// A `BGPAdvertisement`: how pools are advertised.
    BgpAdvertisement { spec: BgpAdvertisementSpec },
    "metallb.io", "v1beta1", "BGPAdvertisement", "bgpadvertisements"
}
