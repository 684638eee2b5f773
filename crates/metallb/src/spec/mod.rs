//! The resources that a caller authors, as the API takes them.
//!
//! Field values are checked types; contradictions between fields are found by [`Configuration::check`].

mod advertisement;
mod bfd;
mod check;
mod configuration;
mod metallb;
mod peer;
mod pool;
mod root;

pub use advertisement::{BgpAdvertisement, BgpAdvertisementSpec};
pub use bfd::{BfdProfile, BfdProfileSpec};
pub use check::{Contradiction, Contradictions};
pub use configuration::{Configuration, PeerPassword};
pub use metallb::{Backend, MetalLb, MetalLbSpec, MetalLbStatus};
pub use peer::{BgpPeer, BgpPeerSpec, DynamicAsn, PasswordSecret, PeerAsn};
pub use pool::{IpAddressPool, IpAddressPoolSpec, ServiceAllocation};

use root::root;

/// The container with FRR, in speakers' pods, in those of frr-k8s and in those of [`frr`](crate::frr).
pub const FRR_CONTAINER: &str = "frr";

/// The namespace in which MetalLB and its operator live.
pub const NAMESPACE: &str = "metallb-system";

/// `true` for a flag with its default, which need not be serialized.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}
