//! BFD: profiles and sessions.

use std::collections::BTreeMap;
use std::net::IpAddr;

/// The `bfd` block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunningBfd {
    /// The profiles by name.
    pub profiles: BTreeMap<String, RunningProfile>,
    /// The sessions of the block itself, also where a routing protocol asks for the same one.
    pub peers: Vec<RunningBfdPeer>,
}

/// The settings of a profile, or of a session itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunningProfile {
    /// `true` if the session is held down.
    pub shutdown: bool,
    /// `true` if the session waits for the other side's first packet.
    pub passive: bool,
}

/// A session of the `bfd` block.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunningBfdPeer {
    /// The far end.
    pub peer: IpAddr,
    /// The peer's own settings.
    pub own: RunningProfile,
}

impl RunningProfile {
    /// Takes a line of a profile or a session.
    pub(super) fn take(&mut self, words: &[&str]) {
        match words {
            ["shutdown"] => self.shutdown = true,
            ["passive-mode"] => self.passive = true,
            _ => {}
        }
    }
}

impl RunningBfdPeer {
    /// `peer A [multihop] [local-address B] [interface I] [vrf V]`.
    pub(super) fn of(words: &[&str]) -> Option<Self> {
        Some(Self { peer: words.first()?.parse().ok()?, own: RunningProfile::default() })
    }
}
