//! `show bgp neighbors json`, with the reasons why a session is not up.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Range;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::answer::{as_seconds, by_key, if_any, known, millis, read};
use super::{BfdStatus, BgpState, ViewError};

/// Every neighbor in detail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct BgpNeighbors {
    /// The neighbors that have an address.
    pub neighbors: BTreeMap<IpAddr, BgpNeighbor>,
}

/// One neighbor in detail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BgpNeighbor {
    /// The AS.
    #[serde(rename(deserialize = "remoteAs"))]
    pub remote_as: u32,
    /// Our AS towards it.
    #[serde(rename(deserialize = "localAs"))]
    pub local_as: u32,
    /// The session's state.
    #[serde(rename(deserialize = "bgpState"))]
    pub state: BgpState,
    /// The host name that the peer sends.
    #[serde(default, deserialize_with = "known")]
    pub hostname: Option<String>,
    /// Our end of the connection.
    #[serde(default, rename(deserialize = "hostLocal"), deserialize_with = "if_any")]
    pub local: Option<IpAddr>,
    /// The number of times that the session came up.
    #[serde(default, rename(deserialize = "connectionsEstablished"))]
    pub times_established: u64,
    /// The number of times that it went down.
    #[serde(default, rename(deserialize = "connectionsDropped"))]
    pub times_dropped: u64,
    /// The reason why it last went down, or never came up.
    #[serde(default, rename(deserialize = "lastResetDueTo"))]
    pub last_reset: Option<String>,
    /// The time since it last went down.
    #[serde(
        default,
        rename(deserialize = "lastResetTimerMsecs", serialize = "last_reset_seconds_ago"),
        deserialize_with = "millis",
        serialize_with = "as_seconds"
    )]
    pub last_reset_ago: Option<Duration>,
    /// The time until the next attempt to connect.
    #[serde(
        default,
        rename(deserialize = "nextConnectTimerDueInMsecs", serialize = "next_connect_in_seconds"),
        deserialize_with = "millis",
        serialize_with = "as_seconds"
    )]
    pub next_connect_in: Option<Duration>,
    /// The hold time that both ends agreed on.
    #[serde(
        default,
        rename(deserialize = "bgpTimerHoldTimeMsecs", serialize = "hold_seconds"),
        deserialize_with = "millis",
        serialize_with = "as_seconds"
    )]
    pub hold: Option<Duration>,
    /// The keepalive interval that both ends agreed on.
    #[serde(
        default,
        rename(deserialize = "bgpTimerKeepAliveIntervalMsecs", serialize = "keepalive_seconds"),
        deserialize_with = "millis",
        serialize_with = "as_seconds"
    )]
    pub keepalive: Option<Duration>,
    /// The BFD session that watches it.
    #[serde(default, rename(deserialize = "peerBfdInfo"))]
    pub bfd: Option<NeighborBfd>,
}

/// BGP's knowledge of the BFD session that watches a neighbor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NeighborBfd {
    /// The state; [`BfdStatus::Unknown`] until BFD reported one.
    pub status: BfdStatus,
    /// `single hop` or `multi hop`.
    #[serde(rename(deserialize = "type"))]
    pub kind: String,
    /// The profile; FRR 8 does not say.
    #[serde(default)]
    pub profile: Option<String>,
}

impl BgpNeighbor {
    /// Returns `true` if BFD holds the session in Idle. For a while after a loss that is normal; where it lasts
    /// although the peer answers, it is the deadlock of FRR 10.2 and later: BGP waits for a BFD session that the other
    /// side makes only once BGP is up (FRR #17751, #18761). Removing and adding the neighbor ends it; `clear bgp` does
    /// not.
    pub fn held_by_bfd(&self) -> bool {
        self.state == BgpState::Idle && self.bfd.as_ref().is_some_and(|bfd| bfd.status == BfdStatus::Down)
    }

    /// Returns `true` if BGP keeps the neighbor down because its own BFD session to it is. Like
    /// [`held_by_bfd`](Self::held_by_bfd), and FRR 10.2 to 10.6 also turn the peer away in other states, such as Active
    /// where the connection ended before BFD noticed. `release` is
    /// [`Running::version`](crate::running::Running::version).
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
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Raw(#[serde(deserialize_with = "by_key")] BTreeMap<IpAddr, BgpNeighbor>);
        read(Self::COMMAND, answer).map(|Raw(neighbors)| Self { neighbors })
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
