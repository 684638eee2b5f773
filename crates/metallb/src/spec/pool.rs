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
    /// The services and namespaces that it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_allocation: Option<ServiceAllocation>,
}

impl IpAddressPoolSpec {
    /// A pool of these ranges, the rest left to the API's defaults.
    pub const fn of(addresses: Vec<AddressRange>) -> Self {
        Self { addresses, auto_assign: None, avoid_buggy_ips: false, service_allocation: None }
    }
}

/// The services and namespaces that a pool serves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAllocation {
    /// The lowest number is taken first; 0 is none.
    #[serde(default)]
    pub priority: i32,
    /// Namespaces by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<Name>,
    /// Namespaces by label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namespace_selectors: Vec<LabelSelector>,
    /// Services by label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_selectors: Vec<LabelSelector>,
}

root! {
    /// An `IPAddressPool`.
    IpAddressPool { spec: IpAddressPoolSpec },
    "metallb.io", "v1beta1", "IPAddressPool", "ipaddresspools"
}
