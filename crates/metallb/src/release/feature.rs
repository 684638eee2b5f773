//! Parts of MetalLB's API that not every release has.

/// A part of MetalLB's API that not every release has (the fields of `api/` and the checks of `internal/config`, by the
/// tags of MetalLB's repository).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Feature {
    /// `serviceAllocation` of an `IPAddressPool`.
    ServiceAllocation,
    /// `connectTime` of a `BGPPeer`.
    ConnectTime,
    /// `disableMP` of a `BGPPeer`.
    DisableMp,
    /// `enableGracefulRestart` of a `BGPPeer`.
    GracefulRestart,
    /// `dynamicASN` of a `BGPPeer`.
    DynamicAsn,
    /// `dualStackAddressFamily` of a `BGPPeer`.
    DualStack,
    /// Peers of one address, or with AS numbers or router IDs of their own, where no node has two of them.
    PeersByNode,
    /// `serviceSelectors` of a `BGPAdvertisement`.
    ServiceSelectors,
}

impl Feature {
    /// Returns the three numbers of the first release that has it.
    pub const fn since(self) -> (u64, u64, u64) {
        match self {
            Self::ServiceAllocation => (0, 13, 9),
            Self::ConnectTime | Self::DisableMp => (0, 14, 5),
            Self::GracefulRestart => (0, 14, 6),
            Self::DynamicAsn => (0, 14, 9),
            Self::DualStack => (0, 15, 0),
            Self::PeersByNode | Self::ServiceSelectors => (0, 16, 0),
        }
    }
}
