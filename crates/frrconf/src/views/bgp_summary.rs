//! `show bgp summary json`.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::answer::{as_seconds, by_key, known, millis, read};
use super::{BgpState, Family, ViewError};

/// Every neighbor, by address family. A family that no neighbor exchanges is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct BgpSummary {
    /// IPv4 unicast.
    #[serde(rename(deserialize = "ipv4Unicast"))]
    pub ipv4: Option<FamilySummary>,
    /// IPv6 unicast.
    #[serde(rename(deserialize = "ipv6Unicast"))]
    pub ipv6: Option<FamilySummary>,
}

/// One address family's neighbors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FamilySummary {
    /// Our BGP identifier.
    #[serde(rename(deserialize = "routerId"))]
    pub router_id: Ipv4Addr,
    /// Our AS.
    #[serde(rename(deserialize = "as"))]
    pub local_as: u32,
    /// The neighbors that have an address.
    #[serde(deserialize_with = "by_key")]
    pub peers: BTreeMap<IpAddr, PeerSummary>,
}

/// One neighbor in one address family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PeerSummary {
    /// The AS.
    #[serde(rename(deserialize = "remoteAs"))]
    pub remote_as: u32,
    /// The session's state.
    pub state: BgpState,
    /// The host name that the peer sends.
    #[serde(default, deserialize_with = "known")]
    pub hostname: Option<String>,
    /// The description in our configuration.
    #[serde(default, rename(deserialize = "desc"))]
    pub description: Option<String>,
    /// Messages received since the neighbor was configured.
    #[serde(rename(deserialize = "msgRcvd"))]
    pub messages_received: u64,
    /// Messages sent.
    #[serde(rename(deserialize = "msgSent"))]
    pub messages_sent: u64,
    /// The time that it has been up, or down; zero if it never was up.
    #[serde(
        default,
        rename(deserialize = "peerUptimeMsec", serialize = "uptime_seconds"),
        deserialize_with = "millis",
        serialize_with = "as_seconds"
    )]
    pub uptime: Option<Duration>,
    /// Prefixes accepted from it.
    #[serde(default, rename(deserialize = "pfxRcd"), alias = "prefixReceivedCount")]
    pub prefixes_received: Option<u64>,
    /// Prefixes sent to it.
    #[serde(default, rename(deserialize = "pfxSnt"))]
    pub prefixes_sent: Option<u64>,
    /// The number of times that it came up.
    #[serde(default, rename(deserialize = "connectionsEstablished"))]
    pub times_established: u64,
    /// The number of times that it went down.
    #[serde(default, rename(deserialize = "connectionsDropped"))]
    pub times_dropped: u64,
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
