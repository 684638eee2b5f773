//! Address ranges of pools: a CIDR, or first–last.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv4Subnets, Ipv6Net, Ipv6Subnets};
use serde::{Deserialize, Serialize};

/// A range of a pool, in one address family. Written as MetalLB takes it: `203.0.113.200/32` or `fd01::1-fd01::9`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AddressRange {
    /// IPv4 addresses under one prefix.
    V4Net(Ipv4Net),
    /// IPv6 addresses under one prefix.
    V6Net(Ipv6Net),
    /// IPv4 addresses, first and last. Made by [`AddressRange::from_ends`], in order.
    V4Span(Ipv4Addr, Ipv4Addr),
    /// IPv6 addresses, first and last. Made by [`AddressRange::from_ends`], in order.
    V6Span(Ipv6Addr, Ipv6Addr),
}

/// An error in a range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidAddressRange {
    /// It is neither a CIDR nor two addresses.
    #[error("`{0}` is neither a prefix, such as 203.0.113.200/32, nor a range, such as 203.0.113.10-203.0.113.20")]
    Unreadable(String),
    /// The ends are of different address families.
    #[error("{first} and {last} are of different address families")]
    TwoFamilies {
        /// The first address.
        first: IpAddr,
        /// The last address.
        last: IpAddr,
    },
    /// The end is before its start.
    #[error("{first} is after {last}")]
    Backwards {
        /// The first address.
        first: IpAddr,
        /// The last address.
        last: IpAddr,
    },
}

impl AddressRange {
    /// The range from `first` to `last`, both included.
    ///
    /// # Errors
    /// [`InvalidAddressRange::TwoFamilies`], [`InvalidAddressRange::Backwards`].
    pub fn from_ends(first: IpAddr, last: IpAddr) -> Result<Self, InvalidAddressRange> {
        match (first, last) {
            _ if first.is_ipv4() != last.is_ipv4() => Err(InvalidAddressRange::TwoFamilies { first, last }),
            (IpAddr::V4(a), IpAddr::V4(b)) if a <= b => Ok(Self::V4Span(a, b)),
            (IpAddr::V6(a), IpAddr::V6(b)) if a <= b => Ok(Self::V6Span(a, b)),
            _ => Err(InvalidAddressRange::Backwards { first, last }),
        }
    }

    /// The first and the last address.
    pub fn ends(&self) -> (IpAddr, IpAddr) {
        match self {
            Self::V4Net(net) => (IpAddr::V4(net.network()), IpAddr::V4(net.broadcast())),
            Self::V6Net(net) => (IpAddr::V6(net.network()), IpAddr::V6(net.broadcast())),
            Self::V4Span(first, last) => (IpAddr::V4(*first), IpAddr::V4(*last)),
            Self::V6Span(first, last) => (IpAddr::V6(*first), IpAddr::V6(*last)),
        }
    }

    /// The subnets that it is made of.
    pub fn subnets(&self) -> Vec<IpNet> {
        match *self {
            Self::V4Net(net) => vec![net.into()],
            Self::V6Net(net) => vec![net.into()],
            Self::V4Span(first, last) => Ipv4Subnets::new(first, last, 0).map(IpNet::V4).collect(),
            Self::V6Span(first, last) => Ipv6Subnets::new(first, last, 0).map(IpNet::V6).collect(),
        }
    }

    /// The prefix length of its largest subnet.
    pub fn shortest_length(&self) -> u8 {
        self.subnets().iter().map(IpNet::prefix_len).min().unwrap_or_default()
    }

    /// `true` if its addresses are IPv4.
    pub const fn is_ipv4(&self) -> bool {
        !self.is_ipv6()
    }

    /// `true` if its addresses are IPv6.
    pub const fn is_ipv6(&self) -> bool {
        matches!(self, Self::V6Net(_) | Self::V6Span(..))
    }

    /// `true` if the range contains `address`.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (first, last) = self.ends();
        first.is_ipv4() == address.is_ipv4() && first <= address && address <= last
    }

    /// `true` if the two ranges share an address.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (first, last) = self.ends();
        let (other_first, other_last) = other.ends();
        self.is_ipv6() == other.is_ipv6() && first <= other_last && other_first <= last
    }
}

impl From<IpNet> for AddressRange {
    fn from(net: IpNet) -> Self {
        match net {
            IpNet::V4(net) => Self::V4Net(net.trunc()),
            IpNet::V6(net) => Self::V6Net(net.trunc()),
        }
    }
}

impl FromStr for AddressRange {
    type Err = InvalidAddressRange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unreadable = || InvalidAddressRange::Unreadable(text.to_owned());
        if let Some((first, last)) = text.split_once('-') {
            let read = |part: &str| part.trim().parse::<IpAddr>().map_err(|_| unreadable());
            return Self::from_ends(read(first)?, read(last)?);
        }
        text.trim().parse::<IpNet>().map(Self::from).map_err(|_| unreadable())
    }
}

impl TryFrom<String> for AddressRange {
    type Error = InvalidAddressRange;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4Net(net) => net.fmt(f),
            Self::V6Net(net) => net.fmt(f),
            Self::V4Span(first, last) => write!(f, "{first}-{last}"),
            Self::V6Span(first, last) => write!(f, "{first}-{last}"),
        }
    }
}

impl From<AddressRange> for String {
    fn from(range: AddressRange) -> Self {
        range.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("203.0.113.200", "`203.0.113.200` is neither a prefix")]
    #[case("203.0.113.9-203.0.113.1", "203.0.113.9 is after 203.0.113.1")]
    #[case("203.0.113.9-fd01::", "203.0.113.9 and fd01:: are of different address families")]
    fn wrong_ranges_are_explained(#[case] text: &str, #[case] message: &str) {
        assert!(text.parse::<AddressRange>().unwrap_err().to_string().starts_with(message));
    }

    proptest! {
        #[test]
        fn a_range_is_read_back_as_it_was_written(a: [u8; 4], b: [u8; 4], length in 0_u8..=32) {
            let (a, b) = (Ipv4Addr::from(a), Ipv4Addr::from(b));
            let span = AddressRange::from_ends(a.min(b).into(), a.max(b).into()).unwrap();
            prop_assert_eq!(span.to_string().parse::<AddressRange>().unwrap(), span);
            let net = AddressRange::from(IpNet::from(Ipv4Net::new(a, length).unwrap()));
            prop_assert_eq!(net.to_string().parse::<AddressRange>().unwrap(), net);
            prop_assert!(net.contains(a.into()));
        }

        #[test]
        fn overlap_is_symmetric_and_means_a_shared_address(a: (u8, u8), b: (u8, u8)) {
            let span = |(x, y): (u8, u8)| {
                let host = |last| IpAddr::from([192, 0, 2, last]);
                AddressRange::from_ends(host(x.min(y)), host(x.max(y))).unwrap()
            };
            let (a, b) = (span(a), span(b));
            let shared = (0..=255).any(|last| {
                let address = IpAddr::from([192, 0, 2, last]);
                a.contains(address) && b.contains(address)
            });
            prop_assert_eq!(a.overlaps(&b), shared);
            prop_assert_eq!(b.overlaps(&a), shared);
        }
    }
}
