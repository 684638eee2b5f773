//! Address families.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ipnet::{Ipv4Net, Ipv6Net};

/// Something in IPv4, and in IPv6 where there is IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dual<V4, V6> {
    /// The IPv4 one.
    pub v4: V4,
    /// The IPv6 one.
    pub v6: Option<V6>,
}

/// One subnet a family.
pub type Subnets = Dual<Ipv4Net, Ipv6Net>;

/// One address a family.
pub type Addresses = Dual<Ipv4Addr, Ipv6Addr>;

impl Addresses {
    /// IPv4 first.
    pub fn iter(&self) -> impl Iterator<Item = IpAddr> + use<> {
        std::iter::once(self.v4.into()).chain(self.v6.map(IpAddr::from))
    }

    /// The address of a family.
    pub fn of(&self, family: Family) -> Option<IpAddr> {
        match family {
            Family::Ipv4 => Some(self.v4.into()),
            Family::Ipv6 => self.v6.map(IpAddr::from),
        }
    }
}

impl Subnets {
    /// IPv4 first.
    pub fn iter(&self) -> impl Iterator<Item = ipnet::IpNet> + use<> {
        std::iter::once(self.v4.into()).chain(self.v6.map(ipnet::IpNet::from))
    }
}

/// An address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
        })
    }
}
