//! `show ip route json` and `show ipv6 route json`.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;
use serde::Deserialize;

use super::answer::{by_key, read};
use super::{Family, ViewError};

/// One address family's routes, of every protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct RouteTable {
    /// The routes to each prefix; the kernel has the selected one.
    #[serde(deserialize_with = "by_key")]
    pub routes: BTreeMap<IpNet, Vec<Route>>,
}

/// One route.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Route {
    /// The source: `bgp`, `static`, `connected`, `kernel`, `local`.
    pub protocol: String,
    /// `true` if it is the best of the routes to its prefix.
    #[serde(default)]
    pub selected: bool,
    /// `true` if the kernel has it.
    #[serde(default)]
    pub installed: bool,
    /// The administrative distance.
    #[serde(default)]
    pub distance: u8,
    /// The next hops, a recursive one followed by those that resolve it.
    #[serde(default, rename = "nexthops")]
    pub next_hops: Vec<RouteHop>,
}

/// A next hop of a route.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RouteHop {
    /// The next router; `None` on a connected network or into a blackhole.
    #[serde(default)]
    pub ip: Option<IpAddr>,
    /// `true` if packets take it.
    #[serde(default)]
    pub fib: bool,
    /// `true` if other next hops resolve it.
    #[serde(default)]
    pub recursive: bool,
    /// `true` if it resolves the recursive one before it.
    #[serde(default)]
    pub resolver: bool,
}

/// A recursive next hop of a route: the way that packets take to it, beside the way that the table gives.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recursion {
    /// The next hop.
    pub hop: IpAddr,
    /// The next routers that resolve it.
    pub in_use: BTreeSet<IpAddr>,
    /// The route that leads there, if any does.
    pub route: Option<IpNet>,
    /// That route's next routers; the next hop itself on a connected network.
    pub by_table: BTreeSet<IpAddr>,
}

impl Recursion {
    /// Returns `true` if packets go another way than the table gives: FRR keeps the resolution from before a better
    /// route.
    pub fn is_stale(&self) -> bool {
        self.in_use != self.by_table
    }

    /// Returns `true` if only a default route leads there, or none.
    pub fn is_by_default_route(&self) -> bool {
        self.route.is_none_or(|route| route.prefix_len() == 0)
    }
}

impl RouteTable {
    /// The command that prints one family's routes.
    pub const fn command(family: Family) -> &'static str {
        match family {
            Family::Ipv4 => "show ip route json",
            Family::Ipv6 => "show ipv6 route json",
        }
    }

    /// Reads the command's answer.
    ///
    /// # Errors
    /// [`ViewError`] where there is no document, or not this one.
    pub fn parse(family: Family, answer: &str) -> Result<Self, ViewError> {
        read(Self::command(family), answer)
    }

    /// The best route to exactly this prefix.
    pub fn selected(&self, prefix: IpNet) -> Option<&Route> {
        self.routes.get(&prefix)?.iter().find(|route| route.selected)
    }

    /// The next hops that packets to exactly this prefix take, resolved: the next routers and the links to them. Empty
    /// if the prefix is missing or not installed.
    pub fn next_hops_of(&self, prefix: IpNet) -> Vec<&RouteHop> {
        let route = self.selected(prefix).filter(|route| route.installed);
        route.map(|route| route.next_hops.iter().filter(|hop| hop.fib).collect()).unwrap_or_default()
    }

    /// The next hops of exactly this prefix, unresolved: a recursive one stands for itself, not for those that resolve it.
    /// One that zebra does not use is left out.
    pub fn unresolved_next_hops_of(&self, prefix: IpNet) -> BTreeSet<IpAddr> {
        let hops = self.selected(prefix).map(|route| route.next_hops.as_slice()).unwrap_or_default();
        let own = hops.iter().filter(|hop| !hop.resolver && (hop.recursive || hop.fib));
        own.filter_map(|hop| hop.ip).collect()
    }

    /// The recursive next hops of exactly this prefix, each with the ways to it.
    pub fn recursions(&self, prefix: IpNet) -> Vec<Recursion> {
        let hops = self.selected(prefix).map(|route| route.next_hops.as_slice()).unwrap_or_default();
        let recursion = |hops: &[RouteHop]| {
            let (first, resolving) = hops.split_first().filter(|(first, _)| first.recursive)?;
            let hop = first.ip?;
            let (route, next) = match self.lookup(hop) {
                Some((prefix, route)) => (Some(prefix), route.next_hops.as_slice()),
                None => (None, [].as_slice()),
            };
            let by_table = next.iter().filter(|next| next.fib).map(|next| next.ip.unwrap_or(hop)).collect();
            Some(Recursion { hop, in_use: resolving.iter().filter_map(|next| next.ip).collect(), route, by_table })
        };
        hops.chunk_by(|_, next| next.resolver).filter_map(recursion).collect()
    }

    /// The selected route that a packet to this address takes, and its prefix.
    pub fn lookup(&self, address: IpAddr) -> Option<(IpNet, &Route)> {
        let selected = self.routes.iter().filter(|(prefix, _)| prefix.contains(&address));
        let selected = selected.filter_map(|(prefix, _)| Some((*prefix, self.selected(*prefix)?)));
        selected.max_by_key(|(prefix, _)| prefix.prefix_len())
    }
}
