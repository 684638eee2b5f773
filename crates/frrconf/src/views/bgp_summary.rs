//! `show bgp summary json`.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use serde::Deserialize;

use super::answer::{by_key, millis, read};
use super::{BgpState, Family, ViewError};

/// Every neighbor, by address family. A family that no neighbor exchanges is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct BgpSummary {
    /// IPv4 unicast.
    #[serde(rename = "ipv4Unicast")]
    pub ipv4: Option<FamilySummary>,
    /// IPv6 unicast.
    #[serde(rename = "ipv6Unicast")]
    pub ipv6: Option<FamilySummary>,
}

/// One address family's neighbors.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FamilySummary {
    /// Our AS.
    #[serde(rename = "as")]
    pub local_as: u32,
    /// The neighbors that have an address.
    #[serde(deserialize_with = "by_key")]
    pub peers: BTreeMap<IpAddr, PeerSummary>,
}

/// One neighbor in one address family.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PeerSummary {
    /// The AS.
    #[serde(rename = "remoteAs")]
    pub remote_as: u32,
    /// The session's state.
    pub state: BgpState,
    /// Messages received since the neighbor was configured.
    #[serde(rename = "msgRcvd")]
    pub messages_received: u64,
    /// Messages sent.
    #[serde(rename = "msgSent")]
    pub messages_sent: u64,
    /// The time that it has been up, or down; zero if it never was up.
    #[serde(default, rename = "peerUptimeMsec", deserialize_with = "millis")]
    pub uptime: Option<Duration>,
    /// Prefixes accepted from it.
    #[serde(default, rename = "pfxRcd", alias = "prefixReceivedCount")]
    pub prefixes_received: Option<u64>,
    /// Prefixes sent to it.
    #[serde(default, rename = "pfxSnt")]
    pub prefixes_sent: Option<u64>,
}

impl BgpSummary {
    /// The command that prints it.
    pub const COMMAND: &str = "show bgp summary json";

    /// Reads the command's answer. A BGP router without neighbors has no families.
    ///
    /// # Errors
    /// [`ViewError`] where there is no document, or not this one.
    pub fn parse(answer: &str) -> Result<Self, ViewError> {
        read(Self::COMMAND, answer)
    }

    /// One family's neighbors.
    pub const fn family(&self, family: Family) -> Option<&FamilySummary> {
        match family {
            Family::Ipv4 => self.ipv4.as_ref(),
            Family::Ipv6 => self.ipv6.as_ref(),
        }
    }

    /// A neighbor's state. It has one session, whatever families it carries.
    pub fn state(&self, peer: IpAddr) -> Option<&BgpState> {
        [&self.ipv4, &self.ipv6]
            .into_iter()
            .flatten()
            .find_map(|family| family.peers.get(&peer))
            .map(|peer| &peer.state)
    }

    /// Returns `true` if a neighbor's session is up.
    pub fn established(&self, peer: IpAddr) -> bool {
        self.state(peer) == Some(&BgpState::Established)
    }
}
