//! `show bfd peers json`.

use std::net::IpAddr;
use std::time::Duration;

use serde::Deserialize;

use super::answer::{read, seconds};
use super::{BfdStatus, ViewError};

/// Every BFD session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct BfdPeers(pub Vec<BfdSession>);

/// One BFD session.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct BfdSession {
    /// The far end.
    pub peer: IpAddr,
    /// `true` if it crosses routers.
    pub multihop: bool,
    /// The state.
    pub status: BfdStatus,
    /// The time that it has been up.
    #[serde(default, deserialize_with = "seconds")]
    pub uptime: Option<Duration>,
    /// The time that it has been down; `None` if it never was up.
    #[serde(default, deserialize_with = "seconds")]
    pub downtime: Option<Duration>,
    /// The reason why it was last down (RFC 5880, section 4.1).
    #[serde(default)]
    pub diagnostic: Option<String>,
    /// The least TTL that a multihop packet may arrive with. BGP's own sessions have 1, whatever their profile says.
    #[serde(default, rename = "minimum-ttl", alias = "minimumTtl")]
    pub minimum_ttl: Option<u8>,
    /// Our receive interval in milliseconds.
    #[serde(rename = "receive-interval", alias = "receiveInterval")]
    pub receive_interval: u32,
    /// The other side's transmit interval in milliseconds; FRR's 1000 until it was heard.
    #[serde(default, rename = "remote-transmit-interval", alias = "remoteTransmitInterval")]
    pub remote_transmit_interval: Option<u32>,
    /// The other side's detect multiplier.
    #[serde(default, rename = "remote-detect-multiplier", alias = "remoteDetectMultiplier")]
    pub remote_detect_multiplier: Option<u8>,
}

impl BfdSession {
    /// Returns the time in which the loss of the other side is noticed: the other side's detect multiplier times its
    /// transmit interval, or our receive interval if that is longer (RFC 5880, section 6.8.4). `None` until it was
    /// heard.
    pub fn detection_time(&self) -> Option<Duration> {
        let slower = self.receive_interval.max(self.remote_transmit_interval?);
        let multiplier = self.remote_detect_multiplier.filter(|multiplier| *multiplier > 0)?;
        Some(Duration::from_millis(u64::from(slower) * u64::from(multiplier)))
    }
}

/// The counters of every BFD session (`show bfd peers counters json`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct BfdCounters(pub Vec<BfdCounter>);

/// The counters of one BFD session.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct BfdCounter {
    /// The far end.
    pub peer: IpAddr,
    /// The number of times that it went down.
    #[serde(rename = "session-down")]
    pub downs: u64,
}

impl BfdCounters {
    /// The command that prints them.
    pub const COMMAND: &str = "show bfd peers counters json";

    /// Reads the command's answer.
    ///
    /// # Errors
    /// As [`BfdPeers::parse`].
    pub fn parse(answer: &str) -> Result<Self, ViewError> {
        read(Self::COMMAND, answer)
    }

    /// The number of times that a session to a far end went down.
    pub fn downs(&self, peer: IpAddr) -> u64 {
        self.0.iter().filter(|session| session.peer == peer).map(|session| session.downs).sum()
    }
}

impl BfdPeers {
    /// The command that prints them.
    pub const COMMAND: &str = "show bfd peers json";

    /// Reads the command's answer.
    ///
    /// # Errors
    /// [`ViewError`] where there is no document, or not this one; [`ViewError::NoAnswer`] where `bfdd` does not run.
    pub fn parse(answer: &str) -> Result<Self, ViewError> {
        read(Self::COMMAND, answer)
    }

    /// The sessions to a far end; more than one where they differ in link or local address.
    pub fn to(&self, peer: IpAddr) -> impl Iterator<Item = &BfdSession> {
        self.0.iter().filter(move |session| session.peer == peer)
    }

    /// Returns `true` if there is a session to a far end, and every one is up.
    pub fn up(&self, peer: IpAddr) -> bool {
        let mut sessions = self.to(peer).peekable();
        sessions.peek().is_some() && sessions.all(|session| session.status == BfdStatus::Up)
    }
}
