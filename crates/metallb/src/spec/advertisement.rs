//! BGP advertisements (metallb `api/v1beta1/bgpadvertisement_types.go`): without one, a pool is never advertised.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};

use super::root;
use crate::value::{CommunityRef, Name};

/// The desired advertisement of pools to peers. The default advertises every pool to every peer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BgpAdvertisementSpec {
    /// The prefix length into which IPv4 addresses are rolled up (the API's default: 32).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregation_length: Option<u8>,
    /// The prefix length into which IPv6 addresses are rolled up (the API's default: 128).
    #[serde(rename = "aggregationLengthV6", default, skip_serializing_if = "Option::is_none")]
    pub aggregation_length_v6: Option<u8>,
    /// LOCAL_PREF, to peers of the own AS number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_pref: Option<u32>,
    /// Communities that the routes carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub communities: Vec<CommunityRef>,
    /// Pools by name; all of them where neither names nor selectors are given.
    #[serde(rename = "ipAddressPools", default, skip_serializing_if = "Vec::is_empty")]
    pub ip_address_pools: Vec<Name>,
    /// Pools by label.
    #[serde(rename = "ipAddressPoolSelectors", default, skip_serializing_if = "Vec::is_empty")]
    pub ip_address_pool_selectors: Vec<LabelSelector>,
    /// The nodes that may be next hops; all of them where none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub node_selectors: Vec<LabelSelector>,
    /// Peers by name; all of them where none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub peers: Vec<Name>,
}

root! {
    /// A `BGPAdvertisement`: how pools are advertised.
    BgpAdvertisement { spec: BgpAdvertisementSpec },
    "metallb.io", "v1beta1", "BGPAdvertisement", "bgpadvertisements"
}
