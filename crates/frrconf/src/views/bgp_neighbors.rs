//! `show bgp neighbors json`.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Range;
use std::time::Duration;

use serde::Deserialize;

use super::answer::{by_key, millis, read};
use super::{BfdStatus, BgpState, ViewError};

/// Every neighbor in detail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct BgpNeighbors {
    /// The neighbors that have an address.
    #[serde(deserialize_with = "by_key")]
    pub neighbors: BTreeMap<IpAddr, BgpNeighbor>,
}

/// One neighbor in detail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct BgpNeighbor {
    /// The session's state.
    #[serde(rename = "bgpState")]
    pub state: BgpState,
    /// The hold time that both ends agreed on.
    #[serde(default, rename = "bgpTimerHoldTimeMsecs", deserialize_with = "millis")]
    pub hold: Option<Duration>,
    /// The keepalive interval that both ends agreed on.
    #[serde(default, rename = "bgpTimerKeepAliveIntervalMsecs", deserialize_with = "millis")]
    pub keepalive: Option<Duration>,
    /// The time that the session has been established.
    #[serde(default, rename = "bgpTimerUpMsec", deserialize_with = "millis")]
    pub up: Option<Duration>,
    /// The number of times that it was established and ended again.
    #[serde(default, rename = "connectionsDropped")]
    pub dropped: u64,
    /// The reason why it last ended, or did not begin.
    #[serde(default, rename = "lastResetDueTo")]
    pub last_reset: Option<String>,
    /// The BFD session that watches it.
    #[serde(default, rename = "peerBfdInfo")]
    pub bfd: Option<NeighborBfd>,
}

/// BGP's knowledge of the BFD session that watches a neighbor.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NeighborBfd {
    /// The state; [`BfdStatus::Unknown`] until BFD reported one.
    pub status: BfdStatus,
    /// `single hop` or `multi hop`.
    #[serde(rename = "type")]
    pub kind: String,
}

impl BgpNeighbor {
    /// Returns `true` if BGP keeps the neighbor down because its own BFD session to it is: in state Idle; and FRR 10.2 to
    /// 10.6 also turn the peer away in other states, such as Active where the connection ended before BFD noticed.
    /// `release` is [`Running::version`](crate::running::Running::version).
    ///
    /// For a while after a loss that is normal; where it lasts although the peer answers, it is the deadlock of FRR 10.2
    /// and later: BGP waits for a BFD session that the other side makes only once BGP is up (FRR #17751, #18761). Removing
    /// and adding the neighbor ends it; `clear bgp` does not.
    pub fn waits_for_bfd(&self, release: Option<(u16, u16)>) -> bool {
        let down = self.bfd.as_ref().is_some_and(|bfd| bfd.status == BfdStatus::Down);
        let deaf = release.is_some_and(|release| DEAF.contains(&release));
        down && (self.state == BgpState::Idle || deaf && self.state != BgpState::Established)
    }
}

/// The releases that turn the peer away in other states than Idle, too: from the first one to the first that recovers.
const DEAF: Range<(u16, u16)> = (10, 2)..(10, 7);

impl NeighborBfd {
    /// Returns `true` if the session crosses routers; both sides must agree.
    pub fn multihop(&self) -> bool {
        self.kind.starts_with("multi")
    }
}

impl BgpNeighbors {
    /// The command that prints them.
    pub const COMMAND: &str = "show bgp neighbors json";

    /// Reads the command's answer.
    ///
    /// # Errors
    /// [`ViewError`] where there is no document, or not this one.
    pub fn parse(answer: &str) -> Result<Self, ViewError> {
        read(Self::COMMAND, answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Idle", (8, 4), true)]
    #[case("Active", (10, 1), false)]
    #[case("Active", (10, 2), true)]
    #[case("Active", (10, 6), true)]
    #[case("Active", (10, 7), false)]
    #[case("Established", (10, 3), false)]
    fn some_releases_wait_in_other_states_too(#[case] state: &str, #[case] release: (u16, u16), #[case] waits: bool) {
        let neighbor = |bfd: &str| {
            let text = format!(
                r#"{{"10.0.1.3": {{"remoteAs": 64500, "localAs": 64500, "bgpState": "{state}",
                "peerBfdInfo": {{"type": "multi hop", "status": "{bfd}"}}}}}}"#
            );
            BgpNeighbors::parse(&text).unwrap().neighbors.pop_first().unwrap().1
        };
        assert_eq!(neighbor("Down").waits_for_bfd(Some(release)), waits);
        assert!(!neighbor("Up").waits_for_bfd(Some(release)));
    }
}
