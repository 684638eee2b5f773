//! Bidirectional forwarding detection (RFC 5880; single hop RFC 5881; multihop RFC 5883).

use std::net::IpAddr;

use crate::values::{AddressPair, BfdInterval, DetectMultiplier, InterfaceName, MinimumTtl, Name};

/// Named BFD parameters. `None` leaves a parameter at FRR's default (300 ms, 300 ms, 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BfdProfile {
    /// The name by which neighbors and peers refer to it.
    pub name: Name,
    /// The shortest interval at which packets can be received.
    pub receive: Option<BfdInterval>,
    /// The shortest interval at which packets are sent.
    pub transmit: Option<BfdInterval>,
    /// The number of missed packets that takes the session down.
    pub detect_multiplier: Option<DetectMultiplier>,
    /// The echo function, for single-hop sessions only.
    pub echo: Echo,
    /// Waits for the other side's first packet. With both sides passive no session ever comes up.
    pub passive: bool,
    /// The least TTL of a multihop session's packets; FRR's default is 254, one router between. It counts for
    /// [`BfdPeer::Multihop`] only: BGP gives its own sessions the TTL of the BGP session (iBGP: 1; `ebgp-multihop` N:
    /// 256 - N), whatever the profile says (measured: FRR 8.4, 10.3, 10.7).
    pub minimum_ttl: Option<MinimumTtl>,
}

impl BfdProfile {
    /// A profile of FRR's defaults.
    pub const fn new(name: Name) -> Self {
        Self {
            name,
            receive: None,
            transmit: None,
            detect_multiplier: None,
            echo: Echo::Off { interval: None },
            passive: false,
            minimum_ttl: None,
        }
    }
}

/// The echo function (RFC 5880, section 6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Echo {
    /// Sends no echo packets; `interval` is what it would be, as MetalLB writes it for every profile.
    Off {
        /// Both directions' interval; `None` for FRR's 50 ms.
        interval: Option<BfdInterval>,
    },
    /// Sends echo packets. No multihop session can.
    On {
        /// Both directions' interval; `None` for FRR's 50 ms.
        interval: Option<BfdInterval>,
    },
}

/// A BFD session that no routing protocol asks for. A multihop one cannot be expressed without its local address,
/// which FRR would refuse; a single-hop one cannot cross a router.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BfdPeer {
    /// On a connected network (UDP 3784, TTL 255).
    SingleHop {
        /// The far end.
        peer: IpAddr,
        /// The link that it is on; an IPv6 link-local peer needs it.
        interface: Option<InterfaceName>,
        /// The parameters.
        profile: Option<Name>,
    },
    /// Across routers (UDP 4784). Both sides must be multihop.
    Multihop {
        /// Both ends.
        path: AddressPair,
        /// The parameters; a path of more than one router needs a profile with a minimum TTL.
        profile: Option<Name>,
    },
}

impl BfdPeer {
    /// The far end.
    pub const fn peer(&self) -> IpAddr {
        match self {
            Self::SingleHop { peer, .. } => *peer,
            Self::Multihop { path, .. } => path.peer(),
        }
    }

    /// The identity: the far end, our own address, the link.
    pub fn key(&self) -> (IpAddr, Option<IpAddr>, Option<&InterfaceName>) {
        match self {
            Self::SingleHop { peer, interface, .. } => (*peer, None, interface.as_ref()),
            Self::Multihop { path, .. } => (path.peer(), Some(path.local()), None),
        }
    }

    /// The profile that it refers to.
    pub const fn profile(&self) -> Option<&Name> {
        match self {
            Self::SingleHop { profile, .. } | Self::Multihop { profile, .. } => profile.as_ref(),
        }
    }
}
