//! Lists that have at most one value of each family.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::{
    super::{
        At,
        family::{Addresses, Dual, Subnets},
        problem::Problem,
        values::{Ip, Prefix},
    },
    Finds,
};

/// A value of one of two families.
trait OfFamily: Copy + std::fmt::Display {
    type V4;
    type V6;
    fn split(self) -> (Option<Self::V4>, Option<Self::V6>);
}

impl OfFamily for Ip {
    type V4 = Ipv4Addr;
    type V6 = Ipv6Addr;
    fn split(self) -> (Option<Ipv4Addr>, Option<Ipv6Addr>) {
        match self.0 {
            IpAddr::V4(v4) => (Some(v4), None),
            IpAddr::V6(v6) => (None, Some(v6)),
        }
    }
}

impl OfFamily for Prefix {
    type V4 = Ipv4Net;
    type V6 = Ipv6Net;
    fn split(self) -> (Option<Ipv4Net>, Option<Ipv6Net>) {
        match self.0 {
            IpNet::V4(v4) => (Some(v4), None),
            IpNet::V6(v6) => (None, Some(v6)),
        }
    }
}

fn pair<T: OfFamily>(finds: &mut Finds, list: &[At<T>]) -> Dual<Option<T::V4>, T::V6> {
    let mut pair = Dual { v4: None, v6: None };
    for item in list {
        let (v4, v6) = (**item).split();
        if (v4.is_some() && pair.v4.is_some()) || (v6.is_some() && pair.v6.is_some()) {
            finds.add(item.place(), Problem::SecondOfFamily { found: item.to_string() });
        }
        pair = Dual { v4: pair.v4.or(v4), v6: pair.v6.or(v6) };
    }
    pair
}

/// Splits a list of at most one subnet for each family.
pub(super) fn parts(finds: &mut Finds, list: &[At<Prefix>]) -> Dual<Option<Ipv4Net>, Ipv6Net> {
    pair(finds, list)
}

/// Splits a list of one IPv4 subnet and at most one IPv6 subnet.
pub(super) fn subnets(finds: &mut Finds, list: &At<Vec<At<Prefix>>>) -> Option<Subnets> {
    let Dual { v4, v6 } = pair(finds, list);
    let v4 = finds.ok(list.place(), v4.ok_or(Problem::Missing("an IPv4 subnet")))?;
    Some(Dual { v4, v6 })
}

/// Splits a list of one IPv4 address and at most one IPv6 address.
pub(super) fn addresses(finds: &mut Finds, list: &At<Vec<At<Ip>>>) -> Option<Addresses> {
    let Dual { v4, v6 } = pair(finds, list);
    let v4 = finds.ok(list.place(), v4.ok_or(Problem::Missing("an IPv4 address")))?;
    Some(Dual { v4, v6 })
}
