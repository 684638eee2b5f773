//! Static routes.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::Serialize;

/// A static route. Destination and next hop are of one address family by construction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
pub enum Route {
    /// An IPv4 route.
    V4 {
        /// The destination.
        dst: Ipv4Net,
        /// The next hop.
        via: Ipv4Addr,
    },
    /// An IPv6 route.
    V6 {
        /// The destination.
        dst: Ipv6Net,
        /// The next hop.
        via: Ipv6Addr,
    },
}

impl Route {
    /// Returns the destination.
    pub const fn dst(&self) -> IpNet {
        match *self {
            Self::V4 { dst, .. } => IpNet::V4(dst),
            Self::V6 { dst, .. } => IpNet::V6(dst),
        }
    }

    /// Returns the next hop.
    pub const fn via(&self) -> IpAddr {
        match *self {
            Self::V4 { via, .. } => IpAddr::V4(via),
            Self::V6 { via, .. } => IpAddr::V6(via),
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} via {}", self.dst(), self.via())
    }
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
