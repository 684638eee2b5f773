//! `show bgp ipv4|ipv6 unicast json`.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize};

use super::answer::{by_key, if_any, read};
use super::{Family, ViewError};

/// One address family's table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BgpTable {
    /// Our BGP identifier.
    #[serde(default, rename(deserialize = "routerId"), deserialize_with = "if_any")]
    pub router_id: Option<Ipv4Addr>,
    /// Our AS.
    #[serde(default, rename(deserialize = "localAS"))]
    pub local_as: Option<u32>,
    /// Every path to every prefix.
    #[serde(default, deserialize_with = "by_key")]
    pub routes: BTreeMap<IpNet, Vec<BgpPath>>,
}

/// One path to a prefix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BgpPath {
    /// `true` if its next hop is reached.
    #[serde(default)]
    pub valid: bool,
    /// `true` if it is the best path, which is passed on.
    #[serde(default, rename(deserialize = "bestpath"), deserialize_with = "best")]
    pub best: bool,
    /// `true` if it is used beside the best path.
    #[serde(default)]
    pub multipath: bool,
    /// The neighbor that it came from; `None` for our own.
    #[serde(default, rename(deserialize = "peerId"), deserialize_with = "if_any")]
    pub from: Option<IpAddr>,
    /// The local preference.
    #[serde(default, rename(deserialize = "locPrf"), alias = "localpref")]
    pub local_preference: Option<u32>,
    /// The AS path, nearest first; empty within our own AS.
    #[serde(default, rename(deserialize = "path"))]
    pub as_path: String,
    /// The next hops; FRR shows an IPv6 neighbor's global and link-local address.
    #[serde(default, rename(deserialize = "nexthops"))]
    pub next_hops: Vec<PathHop>,
}

/// A next hop of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PathHop {
    /// The address; unspecified for our own paths.
    pub ip: IpAddr,
    /// `global` or `link-local`, for IPv6.
    #[serde(default)]
    pub scope: Option<String>,
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

    /// The next hops of a prefix's valid paths, sorted: with two speakers advertising, two, whichever is best.
    pub fn next_hops_of(&self, prefix: IpNet) -> Vec<IpAddr> {
        let valid = self.paths(prefix).iter().filter(|path| path.valid);
        let mut hops: Vec<IpAddr> = valid.flat_map(BgpPath::used).collect();
        hops.sort();
        hops.dedup();
        hops
    }

    /// The best path to a prefix.
    pub fn best(&self, prefix: IpNet) -> Option<&BgpPath> {
        self.paths(prefix).iter().find(|path| path.best)
    }
}

impl BgpPath {
    /// The next hop that is used.
    pub fn used(&self) -> Option<IpAddr> {
        self.next_hops.iter().find(|hop| hop.used).or(self.next_hops.first()).map(|hop| hop.ip)
    }
}

/// `true` in the whole table, `{"overall": true}` in one prefix's details.
fn best<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Best {
        Flag(bool),
        Details {
            #[serde(default)]
            overall: bool,
        },
    }
    Ok(match Best::deserialize(from)? {
        Best::Flag(best) | Best::Details { overall: best } => best,
    })
}
