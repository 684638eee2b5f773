//! Prefixes and addresses whose family is in the type.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Two addresses or prefixes that belong together and are of different families.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{one} and {other} are of different address families: give two IPv4 or two IPv6 ones")]
#[non_exhaustive]
pub struct MixedFamilies {
    /// The first of the pair.
    pub one: String,
    /// The second of the pair.
    pub other: String,
}

/// A prefix with bits set beyond its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{given} has bits set beyond its prefix length: write {}, or a longer prefix", .given.trunc())]
#[non_exhaustive]
pub struct HostBits {
    /// The prefix as it was given.
    pub given: IpNet,
}

/// Both ends of a path, as they are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// The far end.
    pub peer: IpAddr,
    /// Our own address.
    pub local: IpAddr,
}

/// Both ends of a path, of one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressPair {
    /// Both are IPv4.
    Ipv4 {
        /// The far end.
        peer: Ipv4Addr,
        /// Our own address.
        local: Ipv4Addr,
    },
    /// Both are IPv6.
    Ipv6 {
        /// The far end.
        peer: Ipv6Addr,
        /// Our own address.
        local: Ipv6Addr,
    },
}

impl AddressPair {
    /// Checks two addresses.
    ///
    /// # Errors
    /// [`MixedFamilies`] where one is IPv4 and the other IPv6.
    pub fn new(Ends { peer, local }: Ends) -> Result<Self, MixedFamilies> {
        match (peer, local) {
            (IpAddr::V4(peer), IpAddr::V4(local)) => Ok(Self::Ipv4 { peer, local }),
            (IpAddr::V6(peer), IpAddr::V6(local)) => Ok(Self::Ipv6 { peer, local }),
            _ => Err(MixedFamilies { one: peer.to_string(), other: local.to_string() }),
        }
    }

    /// The far end.
    pub const fn peer(self) -> IpAddr {
        match self {
            Self::Ipv4 { peer, .. } => IpAddr::V4(peer),
            Self::Ipv6 { peer, .. } => IpAddr::V6(peer),
        }
    }

    /// Our own address.
    pub const fn local(self) -> IpAddr {
        match self {
            Self::Ipv4 { local, .. } => IpAddr::V4(local),
            Self::Ipv6 { local, .. } => IpAddr::V6(local),
        }
    }
}

/// The prefixes that a rule of a prefix list covers; `N` is [`ipnet::Ipv4Net`] or [`ipnet::Ipv6Net`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrefixMatch<N> {
    /// Every prefix of the family.
    Any,
    /// This prefix alone.
    Exactly(N),
    /// Prefixes within one, by their length.
    Within(PrefixRange<N>),
}

/// The prefixes within one whose length lies between two bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrefixRange<N> {
    net: N,
    shortest: u8,
    longest: u8,
}

impl<N: Copy + Into<IpNet>> PrefixRange<N> {
    /// Prefixes within `net` of `shortest` to `longest` bits, both included.
    ///
    /// # Errors
    /// [`super::OutOfRange`] unless length of `net` ≤ `shortest` ≤ `longest` ≤ bits of the family.
    pub fn new(net: N, shortest: u8, longest: u8) -> Result<Self, super::OutOfRange> {
        let whole: IpNet = net.into();
        let refuse = |field, value: u8, expected| super::OutOfRange { field, value: value.into(), expected };
        if shortest < whole.prefix_len() || shortest > longest {
            return Err(refuse(
                "shortest prefix length",
                shortest,
                "the prefix's own length or more, up to the longest",
            ));
        }
        if longest > whole.max_prefix_len() {
            return Err(refuse("longest prefix length", longest, "at most 32 for IPv4, 128 for IPv6"));
        }
        Ok(Self { net, shortest, longest })
    }

    /// The prefix around them.
    pub const fn net(self) -> N
    where
        N: Copy,
    {
        self.net
    }

    /// The least and the greatest length.
    pub const fn lengths(self) -> (u8, u8)
    where
        N: Copy,
    {
        (self.shortest, self.longest)
    }
}

/// Refuses bits beyond a prefix's length: FRR would silently clear them and store another prefix.
pub(crate) fn without_host_bits(given: IpNet) -> Result<(), HostBits> {
    if given.addr() == given.network() { Ok(()) } else { Err(HostBits { given }) }
}
