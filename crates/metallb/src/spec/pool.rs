//! Address pools (metallb `api/v1beta1/ipaddresspool_types.go`).

use serde::{Deserialize, Serialize};

use super::root;
use crate::value::AddressRange;

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
}

impl IpAddressPoolSpec {
    /// A pool of these ranges, the rest left to the API's defaults.
    pub const fn of(addresses: Vec<AddressRange>) -> Self {
        Self { addresses, auto_assign: None, avoid_buggy_ips: false }
    }
}

root! {
    /// An `IPAddressPool`.
    IpAddressPool { spec: IpAddressPoolSpec },
    "metallb.io", "v1beta1", "IPAddressPool", "ipaddresspools"
}
