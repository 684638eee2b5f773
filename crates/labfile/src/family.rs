//! Address families.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub use frrconf::views::Family;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// A value of one address family, or one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PerFamily<V4, V6> {
    /// IPv4 alone.
    V4(V4),
    /// IPv6 alone.
    V6(V6),
    /// Both.
    Both(V4, V6),
}

/// A subnet for each family.
pub type Subnets = PerFamily<Ipv4Net, Ipv6Net>;

/// An address for each family.
pub type Addresses = PerFamily<Ipv4Addr, Ipv6Addr>;

impl<V4: Copy, V6: Copy> PerFamily<V4, V6> {
    /// Puts the values together that there are, if there is any.
    pub fn new(v4: Option<V4>, v6: Option<V6>) -> Option<Self> {
        match (v4, v6) {
            (Some(v4), Some(v6)) => Some(Self::Both(v4, v6)),
            (Some(v4), None) => Some(Self::V4(v4)),
            (None, Some(v6)) => Some(Self::V6(v6)),
            (None, None) => None,
        }
    }

    /// Returns the value for IPv4.
    pub fn v4(&self) -> Option<V4> {
        match self {
            Self::V4(v4) | Self::Both(v4, _) => Some(*v4),
            Self::V6(_) => None,
        }
    }

    /// Returns the value for IPv6.
    pub fn v6(&self) -> Option<V6> {
        match self {
            Self::V6(v6) | Self::Both(_, v6) => Some(*v6),
            Self::V4(_) => None,
        }
    }

    /// Returns the families that have a value, IPv4 first.
    pub fn families(&self) -> &'static [Family] {
        match self {
            Self::V4(_) => &[Family::Ipv4],
            Self::V6(_) => &[Family::Ipv6],
            Self::Both(..) => &[Family::Ipv4, Family::Ipv6],
        }
    }

    /// `true` if a family has a value.
    pub fn has(&self, family: Family) -> bool {
        self.families().contains(&family)
    }

    /// Returns the values of some families, if any is left.
    #[must_use]
    pub fn only(&self, families: &[Family]) -> Option<Self> {
        let keeps = |family| families.contains(&family);
        Self::new(self.v4().filter(|_| keeps(Family::Ipv4)), self.v6().filter(|_| keeps(Family::Ipv6)))
    }

    /// Converts each value.
    pub fn map<A: Copy, B: Copy>(self, v4: impl FnOnce(V4) -> A, v6: impl FnOnce(V6) -> B) -> PerFamily<A, B> {
        match self {
            Self::V4(own) => PerFamily::V4(v4(own)),
            Self::V6(own) => PerFamily::V6(v6(own)),
            Self::Both(first, second) => PerFamily::Both(v4(first), v6(second)),
        }
    }
}

impl Addresses {
    /// Returns the values, IPv4 first.
    pub fn iter(&self) -> impl Iterator<Item = IpAddr> + use<> {
        self.v4().map(IpAddr::from).into_iter().chain(self.v6().map(IpAddr::from))
    }

    /// Returns the address of a family.
    pub fn of(&self, family: Family) -> Option<IpAddr> {
        self.iter().find(|address| Family::of(*address) == family)
    }
}

impl Subnets {
    /// Returns the values, IPv4 first.
    pub fn iter(&self) -> impl Iterator<Item = IpNet> + use<> {
        self.v4().map(IpNet::from).into_iter().chain(self.v6().map(IpNet::from))
    }

    /// Returns the first one: that of IPv4 if there is one.
    pub fn first(&self) -> IpNet {
        match self {
            Self::V4(v4) | Self::Both(v4, _) => (*v4).into(),
            Self::V6(v6) => (*v6).into(),
        }
    }

    /// Returns those of some addresses that lie in the subnets: the first of each family. Without one of the first family
    /// there are none.
    pub fn addresses(&self, of: impl IntoIterator<Item = IpAddr>) -> Option<Addresses> {
        let (mut first, mut second) = (None, None);
        for address in of.into_iter().filter(|address| self.iter().any(|net| net.contains(address))) {
            match address {
                IpAddr::V4(v4) => first = first.or(Some(v4)),
                IpAddr::V6(v6) => second = second.or(Some(v6)),
            }
        }
        let found = Addresses::new(first, second)?;
        let leading = Family::of(self.first().addr());
        found.has(leading).then_some(found)
    }
}
