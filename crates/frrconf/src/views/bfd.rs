//! `show bfd peers json` and `show bfd peers counters json`.

use std::net::IpAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::answer::{as_seconds, if_any, read, seconds};
use super::{BfdStatus, ViewError};

/// Every BFD session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BfdPeers(pub Vec<BfdSession>);

/// One BFD session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BfdSession {
    /// The far end.
    pub peer: IpAddr,
    /// Our own address, where the session has one.
    #[serde(default, deserialize_with = "if_any")]
    pub local: Option<IpAddr>,
    /// The link of a single-hop session.
    #[serde(default)]
    pub interface: Option<String>,
    /// `true` if it crosses routers.
    pub multihop: bool,
    /// The state.
    pub status: BfdStatus,
    /// The time that it has been up.
    #[serde(
        default,
        rename(serialize = "uptime_seconds"),
        deserialize_with = "seconds",
        serialize_with = "as_seconds"
    )]
    pub uptime: Option<Duration>,
    /// The time that it has been down; `None` if it never was up.
    #[serde(
        default,
        rename(serialize = "downtime_seconds"),
        deserialize_with = "seconds",
        serialize_with = "as_seconds"
    )]
    pub downtime: Option<Duration>,
    /// The reason why it was last down (RFC 5880, section 4.1).
    #[serde(default)]
    pub diagnostic: Option<String>,
    /// The other side's reason.
    #[serde(default, rename(deserialize = "remote-diagnostic"), alias = "remoteDiagnostic")]
    pub remote_diagnostic: Option<String>,
    /// `true` if it waits for the other side's first packet.
    #[serde(default, rename(deserialize = "passive-mode"), alias = "passiveMode")]
    pub passive: bool,
    /// The least TTL that a multihop packet may arrive with. BGP's own sessions have 1, whatever their profile says.
    #[serde(default, rename(deserialize = "minimum-ttl"), alias = "minimumTtl")]
    pub minimum_ttl: Option<u8>,
    /// Our receive interval in milliseconds.
    #[serde(rename(deserialize = "receive-interval"), alias = "receiveInterval")]
    pub receive_interval: u32,
    /// Our transmit interval in milliseconds.
    #[serde(rename(deserialize = "transmit-interval"), alias = "transmitInterval")]
    pub transmit_interval: u32,
    /// Our detect multiplier.
    #[serde(rename(deserialize = "detect-multiplier"), alias = "detectMultiplier")]
    pub detect_multiplier: u8,
    /// The other side's transmit interval in milliseconds; FRR's 1000 until it was heard.
    #[serde(default, rename(deserialize = "remote-transmit-interval"), alias = "remoteTransmitInterval")]
    pub remote_transmit_interval: Option<u32>,
    /// The other side's detect multiplier.
    #[serde(default, rename(deserialize = "remote-detect-multiplier"), alias = "remoteDetectMultiplier")]
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

/// Every BFD session's counters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BfdCounters(pub Vec<BfdCounts>);

/// One BFD session's counters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BfdCounts {
    /// The far end.
    pub peer: IpAddr,
    /// Control packets received.
    #[serde(rename(deserialize = "control-packet-input"), alias = "controlPacketInput")]
    pub control_received: u64,
    /// Control packets sent.
    #[serde(rename(deserialize = "control-packet-output"), alias = "controlPacketOutput")]
    pub control_sent: u64,
    /// The number of times that the session came up.
    #[serde(rename(deserialize = "session-up"), alias = "sessionUp")]
    pub ups: u64,
    /// The number of times that it went down.
    #[serde(rename(deserialize = "session-down"), alias = "sessionDown")]
    pub downs: u64,
}

impl BfdCounters {
    /// The command that prints them.
    pub const COMMAND: &str = "show bfd peers counters json";

    /// Reads the command's answer.
    ///
    /// # Errors
    /// [`ViewError`] where there is no document, or not this one; [`ViewError::NoAnswer`] where `bfdd` does not run.
    pub fn parse(answer: &str) -> Result<Self, ViewError> {
        read(Self::COMMAND, answer)
    }
}
