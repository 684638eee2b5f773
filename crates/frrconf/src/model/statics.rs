//! Static routes, whose two sides are always of one family.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::values::{Distance, InterfaceName, MixedFamilies};

/// A static route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaticRoute {
    /// An IPv4 route.
    Ipv4 {
        /// The destination.
        to: Ipv4Net,
        /// The way there.
        via: Via<Ipv4Addr>,
        /// The distance; `None` for FRR's 1.
        distance: Option<Distance>,
    },
    /// An IPv6 route.
    Ipv6 {
        /// The destination.
        to: Ipv6Net,
        /// The way there.
        via: Via<Ipv6Addr>,
        /// The distance; `None` for FRR's 1.
        distance: Option<Distance>,
    },
}

/// The way that a static route takes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Via<A> {
    /// To a router.
    Gateway(Gateway<A>),
    /// Out of an interface.
    Interface(InterfaceName),
    /// Drops the packets silently.
    Blackhole,
}

/// The router that a static route goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway<A> {
    /// The address.
    pub address: A,
    /// The link that it is on; an IPv6 link-local address needs it.
    pub interface: Option<InterfaceName>,
}

impl StaticRoute {
    /// The route to a prefix through a router.
    ///
    /// # Errors
    /// [`MixedFamilies`] where one is IPv4 and the other IPv6.
    pub fn new(to: IpNet, gateway: IpAddr) -> Result<Self, MixedFamilies> {
        match (to, gateway) {
            (IpNet::V4(to), IpAddr::V4(address)) => {
                Ok(Self::Ipv4 { to, via: Via::Gateway(Gateway { address, interface: None }), distance: None })
            }
            (IpNet::V6(to), IpAddr::V6(address)) => {
                Ok(Self::Ipv6 { to, via: Via::Gateway(Gateway { address, interface: None }), distance: None })
            }
            _ => Err(MixedFamilies { one: to.to_string(), other: gateway.to_string() }),
        }
    }

    /// The route that drops what goes to a prefix.
    pub const fn blackhole(to: IpNet) -> Self {
        match to {
            IpNet::V4(to) => Self::Ipv4 { to, via: Via::Blackhole, distance: None },
            IpNet::V6(to) => Self::Ipv6 { to, via: Via::Blackhole, distance: None },
        }
    }

    /// The destination.
    pub const fn to(&self) -> IpNet {
        match self {
            Self::Ipv4 { to, .. } => IpNet::V4(*to),
            Self::Ipv6 { to, .. } => IpNet::V6(*to),
        }
    }

    /// Returns `true` if it drops its packets.
    pub const fn is_blackhole(&self) -> bool {
        matches!(self, Self::Ipv4 { via: Via::Blackhole, .. } | Self::Ipv6 { via: Via::Blackhole, .. })
    }

    /// The distance; FRR's 1 if none is set.
    pub fn distance(&self) -> u8 {
        let (Self::Ipv4 { distance, .. } | Self::Ipv6 { distance, .. }) = self;
        distance.map_or(1, Distance::get)
    }
}

impl<A: fmt::Display> fmt::Display for Via<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gateway(Gateway { address, interface: None }) => write!(f, "{address}"),
            Self::Gateway(Gateway { address, interface: Some(interface) }) => write!(f, "{address} {interface}"),
            Self::Interface(interface) => write!(f, "{interface}"),
            Self::Blackhole => f.write_str("blackhole"),
        }
    }
}

/// Destination and way, as FRR writes them after `ip route`.
impl fmt::Display for StaticRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let distance = match self {
            Self::Ipv4 { to, via, distance } => write!(f, "{to} {via}").map(|()| distance),
            Self::Ipv6 { to, via, distance } => write!(f, "{to} {via}").map(|()| distance),
        }?;
        distance.map_or(Ok(()), |distance| write!(f, " {distance}"))
    }
}
