//! Ranges of addresses, as a pool has them.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ipnet::{IpNet, Ipv4Net, Ipv4Subnets, Ipv6Net, Ipv6Subnets};

use super::{
    Family,
    text::{Text, text},
};

text!(AddressRange);

/// The addresses of a pool: a subnet, or all from a first to a last one, of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressRange {
    /// An IPv4 subnet.
    Net4(Ipv4Net),
    /// An IPv6 subnet.
    Net6(Ipv6Net),
    /// IPv4 addresses, the last included.
    Span4(Ipv4Addr, Ipv4Addr),
    /// IPv6 addresses, the last included.
    Span6(Ipv6Addr, Ipv6Addr),
}

impl AddressRange {
    /// Returns the first and the last address.
    pub fn bounds(&self) -> (IpAddr, IpAddr) {
        match *self {
            Self::Net4(net) => (net.network().into(), net.broadcast().into()),
            Self::Net6(net) => (net.network().into(), net.broadcast().into()),
            Self::Span4(first, last) => (first.into(), last.into()),
            Self::Span6(first, last) => (first.into(), last.into()),
        }
    }

    /// Returns the family of the addresses.
    pub fn family(&self) -> Family {
        if self.is_ipv4() { Family::Ipv4 } else { Family::Ipv6 }
    }

    /// `true` if the addresses are IPv4.
    pub fn is_ipv4(&self) -> bool {
        matches!(self, Self::Net4(_) | Self::Span4(..))
    }

    /// `true` if the addresses are IPv6.
    pub fn is_ipv6(&self) -> bool {
        !self.is_ipv4()
    }

    /// Returns the prefix length of the largest subnet within the range.
    pub fn shortest_length(&self) -> u8 {
        match *self {
            Self::Net4(net) => net.prefix_len(),
            Self::Net6(net) => net.prefix_len(),
            Self::Span4(first, last) => {
                Ipv4Subnets::new(first, last, 0).map(|net| net.prefix_len()).min().unwrap_or(32)
            }
            Self::Span6(first, last) => {
                Ipv6Subnets::new(first, last, 0).map(|net| net.prefix_len()).min().unwrap_or(128)
            }
        }
    }

    /// `true` if the ranges share an address.
    pub fn overlaps(&self, other: &Self) -> bool {
        let ((first, last), (other_first, other_last)) = (self.bounds(), other.bounds());
        first.is_ipv4() == other_first.is_ipv4() && first <= other_last && other_first <= last
    }
}

impl From<IpNet> for AddressRange {
    fn from(net: IpNet) -> Self {
        match net {
            IpNet::V4(net) => Self::Net4(net),
            IpNet::V6(net) => Self::Net6(net),
        }
    }
}

impl Text for AddressRange {
    const EXPECTED: &'static str =
        "a subnet such as \"203.0.113.200/32\", or a range of one family such as \"203.0.113.200-203.0.113.210\"";
    const PATTERN: &'static str = "^([0-9A-Fa-f:.]+/[0-9]{1,3}| *[0-9A-Fa-f:.]+ *- *[0-9A-Fa-f:.]+ *)$";
    fn parse(text: &str) -> Option<Self> {
        if let Ok(net) = text.parse::<IpNet>() {
            return (net.trunc() == net).then(|| net.into());
        }
        let (first, last) = text.split_once('-')?;
        match (first.trim_matches(' ').parse().ok()?, last.trim_matches(' ').parse().ok()?) {
            (IpAddr::V4(first), IpAddr::V4(last)) if first <= last => Some(Self::Span4(first, last)),
            (IpAddr::V6(first), IpAddr::V6(last)) if first <= last => Some(Self::Span6(first, last)),
            _ => None,
        }
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Net4(net) => net.fmt(f),
            Self::Net6(net) => net.fmt(f),
            Self::Span4(first, last) => write!(f, "{first}-{last}"),
            Self::Span6(first, last) => write!(f, "{first}-{last}"),
        }
    }
}
