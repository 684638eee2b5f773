//! Static routes.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::{Serialize, Serializer};

use super::{Defect, Name, NetworkSpec};

/// A static route. Destination and next hops are of one address family by construction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
pub enum Route {
    /// An IPv4 route.
    V4 {
        /// The destination.
        dst: Ipv4Net,
        /// The next hops: one, or several that share the packets equally.
        #[serde(serialize_with = "one_or_several")]
        via: BTreeSet<Ipv4Addr>,
    },
    /// An IPv6 route.
    V6 {
        /// The destination.
        dst: Ipv6Net,
        /// The next hops: one, or several that share the packets equally.
        #[serde(serialize_with = "one_or_several")]
        via: BTreeSet<Ipv6Addr>,
    },
}

impl Route {
    /// Creates an IPv4 route through these next hops.
    pub fn v4(dst: Ipv4Net, via: impl IntoIterator<Item = Ipv4Addr>) -> Self {
        Self::V4 { dst, via: via.into_iter().collect() }
    }

    /// Creates an IPv6 route through these next hops.
    pub fn v6(dst: Ipv6Net, via: impl IntoIterator<Item = Ipv6Addr>) -> Self {
        Self::V6 { dst, via: via.into_iter().collect() }
    }

    /// Returns the destination.
    pub const fn dst(&self) -> IpNet {
        match self {
            Self::V4 { dst, .. } => IpNet::V4(*dst),
            Self::V6 { dst, .. } => IpNet::V6(*dst),
        }
    }

    /// Returns the next hops.
    pub fn via(&self) -> BTreeSet<IpAddr> {
        match self {
            Self::V4 { via, .. } => via.iter().copied().map(IpAddr::V4).collect(),
            Self::V6 { via, .. } => via.iter().copied().map(IpAddr::V6).collect(),
        }
    }

    /// `true` if the next hops of a route in the kernel are its own, each once, in any order.
    pub fn is_via(&self, hops: &[IpAddr]) -> bool {
        let own = self.via();
        hops.len() == own.len() && hops.iter().all(|hop| own.contains(hop))
    }

    /// Returns the command that sets it. An IPv6 route gets the best metric that there is, as an IPv4 route has by default,
    /// and so outranks any other.
    ///
    /// ```
    /// use netlab::Route;
    ///
    /// let route = Route::v4("10.0.2.0/24".parse()?, ["10.0.1.2".parse()?, "10.0.1.3".parse()?]);
    /// assert_eq!(route.command(), "ip -4 route replace 10.0.2.0/24 nexthop via 10.0.1.2 nexthop via 10.0.1.3");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn command(&self) -> String {
        let (dst, via) = (self.dst().trunc(), self.via());
        let start = match self {
            Self::V4 { .. } => format!("ip -4 route replace {dst}"),
            Self::V6 { .. } => format!("ip -6 route replace {dst} metric 1"),
        };
        let word = if via.len() > 1 { "nexthop via" } else { "via" };
        via.iter().fold(start, |words, hop| format!("{words} {word} {hop}"))
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let via: Vec<_> = self.via().iter().map(IpAddr::to_string).collect();
        write!(f, "{} via {}", self.dst(), via.join(" and "))
    }
}

/// Writes one next hop as itself, several as a list.
fn one_or_several<A: Ord + Serialize, S: Serializer>(via: &BTreeSet<A>, serializer: S) -> Result<S::Ok, S::Error> {
    match via.first() {
        Some(only) if via.len() == 1 => only.serialize(serializer),
        _ => via.serialize(serializer),
    }
}

/// Finds what is wrong with the routes of a container that is on some networks.
pub(super) fn defects(container: &Name, routes: &[Route], networks: &[&NetworkSpec]) -> Vec<Defect> {
    let (mut destinations, mut defects) = (BTreeSet::new(), Vec::new());
    for route in routes {
        let (dst, via) = (route.dst().trunc(), route.via());
        let (container, route) = (container.clone(), route.clone());
        if via.is_empty() {
            defects.push(Defect::NoNextHop { container: container.clone(), dst });
        }
        if !via.iter().all(|hop| networks.iter().any(|network| network.holds(*hop))) {
            defects.push(Defect::UnreachableNextHop { container: container.clone(), route: route.clone() });
        }
        if networks.iter().flat_map(|network| network.ranges()).any(|range| range.trunc() == dst) {
            defects.push(Defect::RouteToConnected { container: container.clone(), route });
        }
        if !destinations.insert(dst) {
            defects.push(Defect::DuplicateRoute { container, dst });
        }
    }
    defects
}

/// A route of the kernel's main table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteEntry {
    /// The destination; a default route has prefix length 0.
    pub dst: IpNet,
    /// The next hops: none for a connected network, several for multipath.
    pub via: Vec<IpAddr>,
    /// The metric; the lowest wins.
    pub metric: u32,
}
