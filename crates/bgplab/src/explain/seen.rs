//! The routes in a router's own table.

use std::net::IpAddr;

use diagnosis::evidence::Frr;
use frrconf::views::{BgpPath, Family};
use frrconf::vty::Daemon;
use labfile::ipnet::IpNet;
use serde::Serialize;

use super::{Names, Table};

/// A route in a router's table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeenPath {
    /// The router or node that it comes from, where the lab knows it.
    pub from: Option<String>,
    /// The neighbor's address; nothing for a route of its own.
    pub neighbor: Option<IpAddr>,
    /// The next hop.
    pub next_hop: Option<IpAddr>,
    /// The local preference.
    pub local_preference: Option<u32>,
    /// The AS path as FRR prints it, nearest first.
    pub as_path: String,
    /// `true` if its next hop is reached.
    pub valid: bool,
    /// `true` if it is the best one.
    pub best: bool,
    /// `true` if it is used, as the best one or beside it.
    pub used: bool,
    /// The step that made it the best one, in FRR's words.
    pub reason: Option<String>,
}

impl SeenPath {
    /// Returns `true` if it or another one of these is used by its next hop.
    pub fn is_used_by_next_hop(&self, all: &[Self]) -> bool {
        all.iter().any(|path| path.used && path.next_hop == self.next_hop)
    }
}

/// Returns the routes to a prefix in a router's table.
pub(super) fn table(frr: &Frr, family: Family, prefix: IpNet, names: &Names) -> Table {
    let Some(table) = frr.bgp.get(&family) else {
        return Table::Unread(frr.silent.get(&Daemon::Bgpd).map_or("it gave no answer", String::as_str).to_owned());
    };
    let path = |path: &BgpPath| SeenPath {
        from: path.from.and_then(|address| names.name(address)).map(str::to_owned),
        neighbor: path.from,
        next_hop: path.used(),
        local_preference: path.local_preference,
        as_path: path.as_path.clone(),
        valid: path.valid,
        best: path.best,
        used: path.best || path.multipath,
        reason: path.reason.clone(),
    };
    Table::Paths(table.paths(prefix).iter().map(path).collect())
}
