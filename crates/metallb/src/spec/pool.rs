//! Address pools (metallb `api/v1beta1/ipaddresspool_types.go`).

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};

use super::root;
use crate::value::{AddressRange, Name};

/// Addresses that MetalLB may give to services.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IpAddressPoolSpec {
    /// The ranges, of one or both families.
    pub addresses: Vec<AddressRange>,
    /// `true` if services get an address from it without asking for it (the API's default).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_assign: Option<bool>,
    /// `true` if addresses that end in .0 and .255 are left out.
    #[serde(rename = "avoidBuggyIPs", default, skip_serializing_if = "super::is_false")]
    pub avoid_buggy_ips: bool,
    /// The services that get addresses from it; all of them where there is no such limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_allocation: Option<ServiceAllocation>,
}

/// The services that get addresses from a pool. One without any limit is for all of them, before pools that have none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAllocation {
    /// The place among pools for the same service: lower numbers first, then those without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<u32>,
    /// The namespaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<Name>,
    /// Selectors of namespaces, in addition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namespace_selectors: Vec<LabelSelector>,
    /// Selectors of services, any of which has to select a service of one of the namespaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_selectors: Vec<LabelSelector>,
}

impl IpAddressPoolSpec {
    /// A pool of these ranges, the rest left to the API's defaults.
    pub const fn of(addresses: Vec<AddressRange>) -> Self {
        Self { addresses, auto_assign: None, avoid_buggy_ips: false, service_allocation: None }
    }
}

root! {
    /// An `IPAddressPool`.
    IpAddressPool { spec: IpAddressPoolSpec },
    "metallb.io", "v1beta1", "IPAddressPool", "ipaddresspools"
}
