//! Lists that have at most one value of each family.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::{
    super::{
        At,
        family::{Addresses, Subnets},
        model::Dynamic,
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

/// A value of each family that a list has.
type Pair<T> = (Option<<T as OfFamily>::V4>, Option<<T as OfFamily>::V6>);

fn pair<T: OfFamily>(finds: &mut Finds, list: &[At<T>]) -> Pair<T> {
    let mut pair = (None, None);
    for item in list {
        let (v4, v6) = (**item).split();
        if (v4.is_some() && pair.0.is_some()) || (v6.is_some() && pair.1.is_some()) {
            finds.add(item.place(), Problem::SecondOfFamily { found: item.to_string() });
        }
        pair = (pair.0.or(v4), pair.1.or(v6));
    }
    pair
}

/// Splits a list of at most one subnet for each family.
pub(super) fn parts(finds: &mut Finds, list: &[At<Prefix>]) -> Dynamic {
    let (v4, v6) = pair(finds, list);
    Dynamic { v4, v6 }
}

/// Splits a list of one subnet, or one for each family.
pub(super) fn subnets(finds: &mut Finds, list: &At<Vec<At<Prefix>>>) -> Option<Subnets> {
    let (v4, v6) = pair(finds, list);
    finds.ok(list.place(), Subnets::new(v4, v6).ok_or(Problem::Missing("an IPv4 or IPv6 subnet")))
}

/// Splits a list of at most one address for each family.
pub(super) fn pair_of(finds: &mut Finds, list: &[At<Ip>]) -> (Option<Ipv4Addr>, Option<Ipv6Addr>) {
    pair(finds, list)
}

/// Splits a list of one address, or one for each family.
pub(super) fn addresses(finds: &mut Finds, list: &At<Vec<At<Ip>>>) -> Option<Addresses> {
    let (v4, v6) = pair(finds, list);
    finds.ok(list.place(), Addresses::new(v4, v6).ok_or(Problem::Missing("an IPv4 or IPv6 address")))
}
