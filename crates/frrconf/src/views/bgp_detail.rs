//! `show bgp ipv4|ipv6 unicast json detail`: the paths with their attributes.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;
use serde::Deserialize;

use super::answer::{by_key, read};
use super::bgp_table::PathHop;
use super::{Family, ViewError};

/// One address family's table, with the attributes of every path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct BgpDetail {
    #[serde(default, deserialize_with = "by_key")]
    routes: BTreeMap<IpNet, Paths>,
}

/// The paths to a prefix.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Paths {
    /// As FRR before 9 prints them.
    Alone(Vec<DetailedPath>),
    /// As FRR prints them since, beside what is not read.
    Beside { paths: Vec<DetailedPath> },
}

/// One path to a prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DetailedPath {
    /// The choice of the best path.
    #[serde(default, rename = "bestpath")]
    best: Best,
    /// `true` if it is used beside the best one.
    #[serde(default)]
    multipath: bool,
    #[serde(default, rename = "aspath")]
    as_path: AsPath,
    #[serde(default)]
    community: Listed,
    #[serde(default, rename = "largeCommunity")]
    large_community: Listed,
    #[serde(default, rename = "nexthops")]
    next_hops: Vec<PathHop>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
struct Best {
    #[serde(default)]
    overall: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
struct AsPath {
    #[serde(default)]
    string: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
struct Listed {
    #[serde(default)]
    list: Vec<String>,
}

impl BgpDetail {
    /// The command that prints one family's table.
    pub const fn command(family: Family) -> &'static str {
        match family {
            Family::Ipv4 => "show bgp ipv4 unicast json detail",
            Family::Ipv6 => "show bgp ipv6 unicast json detail",
        }
    }

    /// Reads the command's answer.
    ///
    /// # Errors
    /// [`ViewError`] where there is no document, or not this one.
    pub fn parse(family: Family, answer: &str) -> Result<Self, ViewError> {
        read(Self::command(family), answer)
    }

    /// Returns `true` if no prefix is in the table.
    pub fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }

    /// The paths to a prefix that are used.
    pub fn used(&self, prefix: IpNet) -> impl Iterator<Item = &DetailedPath> {
        let paths = match self.routes.get(&prefix) {
            Some(Paths::Alone(paths) | Paths::Beside { paths }) => paths.as_slice(),
            None => &[],
        };
        paths.iter().filter(|path| path.best.overall || path.multipath)
    }
}

impl DetailedPath {
    /// The next hop that is used.
    pub fn next_hop(&self) -> Option<IpAddr> {
        self.next_hops.iter().find(|hop| hop.used).or(self.next_hops.first()).map(|hop| hop.ip)
    }

    /// The AS path as FRR prints it, nearest first: empty within an AS.
    pub fn as_path(&self) -> &str {
        if self.as_path.string == "Local" { "" } else { &self.as_path.string }
    }

    /// The communities as numbers: `64500:1`, and `large:64500:1:2` as MetalLB writes them. FRR prints the well-known ones
    /// by name (RFC 1997, RFC 8326, RFC 7999).
    pub fn communities(&self) -> BTreeSet<String> {
        let number = |word: &String| match word.as_str() {
            "noExport" | "no-export" => "65535:65281".to_owned(),
            "noAdvertise" | "no-advertise" => "65535:65282".to_owned(),
            "localAs" | "local-AS" => "65535:65283".to_owned(),
            "noPeer" | "no-peer" => "65535:65284".to_owned(),
            "gracefulShutdown" | "graceful-shutdown" => "65535:0".to_owned(),
            "acceptOwn" | "accept-own" => "65535:1".to_owned(),
            "blackhole" => "65535:666".to_owned(),
            other => other.to_owned(),
        };
        let large = self.large_community.list.iter().map(|large| format!("large:{large}"));
        self.community.list.iter().map(number).chain(large).collect()
    }
}
