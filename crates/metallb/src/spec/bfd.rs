//! BFD profiles (metallb `api/v1beta1/bfdprofile_types.go`).

use serde::{Deserialize, Serialize};

use super::root;
use crate::value::{DetectMultiplier, Interval, MinimumTtl};

/// The settings of BFD sessions. Unset fields have FRR's defaults: 300 ms both ways, times 3, echo at 50 ms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BfdProfileSpec {
    /// The least interval at which packets can be received, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receive_interval: Option<Interval>,
    /// The least interval at which packets are sent, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transmit_interval: Option<Interval>,
    /// How many packets may be missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detect_multiplier: Option<DetectMultiplier>,
    /// The echo interval, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub echo_interval: Option<Interval>,
    /// Whether echo packets are sent: not over several hops, and not for IPv6 pools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub echo_mode: Option<bool>,
    /// Whether the session waits for the peer to begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passive_mode: Option<bool>,
    /// For sessions over several hops: the least TTL of an incoming packet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_ttl: Option<MinimumTtl>,
}

root! {
    /// A `BFDProfile`.
    BfdProfile { spec: BfdProfileSpec },
    "metallb.io", "v1beta1", "BFDProfile", "bfdprofiles"
}
