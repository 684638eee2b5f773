//! BFD profiles (metallb `api/v1beta1/bfdprofile_types.go`).

use serde::{Deserialize, Serialize};

use super::root;
use crate::value::{DetectMultiplier, Interval, MinimumTtl};

/// The settings of BFD sessions. Unset fields have FRR's defaults: 300 ms both ways, times 3, echo at 50 ms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BfdProfileSpec {
    /// The minimum interval at which packets can be received, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receive_interval: Option<Interval>,
    /// The minimum interval at which packets are sent, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transmit_interval: Option<Interval>,
    /// The detect multiplier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detect_multiplier: Option<DetectMultiplier>,
    /// The echo interval, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub echo_interval: Option<Interval>,
    /// `true` if echo packets are sent: not for multihop sessions, and not with IPv6 pools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub echo_mode: Option<bool>,
    /// `true` if the session waits for the peer to begin (passive role, RFC 5880, 6.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passive_mode: Option<bool>,
    /// For multihop sessions: the minimum TTL of an incoming packet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_ttl: Option<MinimumTtl>,
}

root! {
    /// A `BFDProfile`.
    BfdProfile { spec: BfdProfileSpec },
    "metallb.io", "v1beta1", "BFDProfile", "bfdprofiles"
}
