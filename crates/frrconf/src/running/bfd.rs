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

/// The settings of a profile, or of a session itself. FRR prints none that is at its default; that is the default here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunningProfile {
    /// The receive interval in milliseconds.
    pub receive: u32,
    /// The transmit interval in milliseconds.
    pub transmit: u32,
    /// The detect multiplier.
    pub multiplier: u8,
    /// `true` if the session is held down.
    pub shutdown: bool,
    /// `true` if the session waits for the other side's first packet.
    pub passive: bool,
    /// `true` if echo packets are sent.
    pub echo: bool,
    /// The least TTL that a multihop packet may arrive with.
    pub minimum_ttl: u8,
}

impl Default for RunningProfile {
    /// FRR's defaults (`bfdd/bfd.h`).
    fn default() -> Self {
        Self {
            receive: 300,
            transmit: 300,
            multiplier: 3,
            shutdown: false,
            passive: false,
            echo: false,
            minimum_ttl: 254,
        }
    }
}

/// A session of the `bfd` block.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunningBfdPeer {
    /// The far end.
    pub peer: IpAddr,
    /// `true` if it crosses routers.
    pub multihop: bool,
    /// Our own address.
    pub local: Option<IpAddr>,
    /// The profile.
    pub profile: Option<String>,
    /// The peer's own settings.
    pub own: RunningProfile,
    /// `true` if its own settings include the least TTL.
    pub sets_minimum_ttl: bool,
}

impl RunningProfile {
    /// Takes a line of a profile or a session.
    pub(super) fn take(&mut self, words: &[&str]) {
        let number = |text: &str| text.parse::<u32>().ok();
        match words {
            ["receive-interval", ms] => self.receive = number(ms).unwrap_or(self.receive),
            ["transmit-interval", ms] => self.transmit = number(ms).unwrap_or(self.transmit),
            ["detect-multiplier", n] => self.multiplier = n.parse().unwrap_or(self.multiplier),
            ["minimum-ttl", n] => self.minimum_ttl = n.parse().unwrap_or(self.minimum_ttl),
            ["shutdown"] => self.shutdown = true,
            ["passive-mode"] => self.passive = true,
            ["echo-mode"] => self.echo = true,
            _ => {}
        }
    }
}

impl RunningBfdPeer {
    /// `peer A [multihop] [local-address B] [interface I] [vrf V]`.
    pub(super) fn of(words: &[&str]) -> Option<Self> {
        let peer = words.first()?.parse().ok()?;
        let after = |name: &str| words.iter().skip_while(|word| **word != name).nth(1);
        Some(Self {
            peer,
            multihop: words.contains(&"multihop"),
            local: after("local-address").and_then(|address| address.parse().ok()),
            profile: None,
            own: RunningProfile::default(),
            sets_minimum_ttl: false,
        })
    }

    /// Takes a line of the session.
    pub(super) fn take(&mut self, words: &[&str]) {
        match words {
            ["profile", name] => self.profile = Some((*name).to_owned()),
            ["minimum-ttl", _] => {
                self.sets_minimum_ttl = true;
                self.own.take(words);
            }
            _ => self.own.take(words),
        }
    }
}
