//! Address families.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub use frrconf::views::Family;
use ipnet::{Ipv4Net, Ipv6Net};

/// A value for IPv4, and one for IPv6 if there is IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dual<V4, V6> {
    /// The value for IPv4.
    pub v4: V4,
    /// The value for IPv6.
    pub v6: Option<V6>,
}

/// A subnet for each family.
pub type Subnets = Dual<Ipv4Net, Ipv6Net>;

/// An address for each family.
pub type Addresses = Dual<Ipv4Addr, Ipv6Addr>;

impl Addresses {
    /// Returns the values, IPv4 first.
    pub fn iter(&self) -> impl Iterator<Item = IpAddr> + use<> {
        std::iter::once(self.v4.into()).chain(self.v6.map(IpAddr::from))
    }

    /// Returns the address of a family.
    pub fn of(&self, family: Family) -> Option<IpAddr> {
        match family {
            Family::Ipv4 => Some(self.v4.into()),
            Family::Ipv6 => self.v6.map(IpAddr::from),
        }
    }
}

impl Subnets {
    /// Returns the values, IPv4 first.
    pub fn iter(&self) -> impl Iterator<Item = ipnet::IpNet> + use<> {
        std::iter::once(self.v4.into()).chain(self.v6.map(ipnet::IpNet::from))
    }
}
