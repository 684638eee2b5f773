//! `show bgp ipv4|ipv6 unicast json`.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::Deserialize;

use super::answer::{by_key, if_any, read};
use super::{Family, ViewError};

/// One address family's table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct BgpTable {
    /// Every path to every prefix.
    #[serde(default, deserialize_with = "by_key")]
    pub routes: BTreeMap<IpNet, Vec<BgpPath>>,
}

/// One path to a prefix.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct BgpPath {
    /// `true` if its next hop is reached.
    #[serde(default)]
    pub valid: bool,
    /// The neighbor that it came from; `None` for our own.
    #[serde(default, rename = "peerId", deserialize_with = "if_any")]
    pub from: Option<IpAddr>,
    /// `true` if it is the best one.
    #[serde(default, rename = "bestpath")]
    pub best: bool,
    /// `true` if it is used beside the best one.
    #[serde(default)]
    pub multipath: bool,
    /// The step that made it the best one, in FRR's words.
    #[serde(default, rename = "selectionReason")]
    pub reason: Option<String>,
    /// The local preference; a path of eBGP has none.
    #[serde(default, rename = "locPrf")]
    pub local_preference: Option<u32>,
    /// The AS path as FRR prints it, nearest first: empty within an AS.
    #[serde(default, rename = "path")]
    pub as_path: String,
    /// The next hops; FRR shows an IPv6 neighbor's global and link-local address.
    #[serde(default, rename = "nexthops")]
    pub next_hops: Vec<PathHop>,
}

/// A next hop of a path.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PathHop {
    /// The address; unspecified for our own paths.
    pub ip: IpAddr,
    /// `true` if it is the one of the path's next hops that is used.
    #[serde(default)]
    pub used: bool,
}

impl BgpTable {
    /// The command that prints one family's table.
    pub const fn command(family: Family) -> &'static str {
        match family {
            Family::Ipv4 => "show bgp ipv4 unicast json",
            Family::Ipv6 => "show bgp ipv6 unicast json",
        }
    }

    /// Reads the command's answer.
    ///
    /// # Errors
    /// [`ViewError`] where there is no document, or not this one.
    pub fn parse(family: Family, answer: &str) -> Result<Self, ViewError> {
        read(Self::command(family), answer)
    }

    /// The paths to a prefix.
    pub fn paths(&self, prefix: IpNet) -> &[BgpPath] {
        self.routes.get(&prefix).map_or(&[], Vec::as_slice)
    }
}

impl BgpPath {
    /// The next hop that is used.
    pub fn used(&self) -> Option<IpAddr> {
        self.next_hops.iter().find(|hop| hop.used).or(self.next_hops.first()).map(|hop| hop.ip)
    }
}
