//! The addresses of the workload's service, and their prefixes.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::{Advertisement, Family, Lab, Peer, Pool};

/// The well-known community NO_ADVERTISE (RFC 1997).
const NO_ADVERTISE: &str = "65535:65282";

/// An address of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Service {
    /// The address.
    pub address: IpAddr,
    /// The advertised prefixes.
    pub prefixes: Vec<Advertised>,
}

/// A prefix, and its advertisement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advertised {
    /// The prefix: the address, or the aggregate around it.
    pub prefix: IpNet,
    /// The advertisement.
    pub by: Advertisement,
}

impl Advertised {
    /// `true` if it reaches a peer: the advertisement goes there, and the session carries its family.
    pub fn reaches(&self, peer: &Peer) -> bool {
        self.by.goes_to(peer) && peer.families().contains(&Family::of(self.prefix.addr()))
    }

    /// `true` if routers that learn it do not pass it on (RFC 1997).
    pub fn is_no_advertise(&self) -> bool {
        self.by.communities.iter().any(|community| community.as_str() == NO_ADVERTISE)
    }
}

/// Returns all prefixes of the service.
pub(crate) fn advertised(lab: &Lab) -> impl Iterator<Item = Advertised> {
    services(lab).into_iter().flat_map(|service| service.prefixes)
}

/// Returns the addresses that MetalLB gives to the service: of one pool, the first of each family.
pub fn services(lab: &Lab) -> Vec<Service> {
    let Some(pool) = lab.workload.candidates(&lab.pools).into_iter().next() else { return Vec::new() };
    let first = |v4: bool| pool.ranges.iter().map(|range| range.ends().0).find(|first| first.is_ipv4() == v4);
    let addresses = [first(true), first(false)].into_iter().flatten();
    addresses.map(|address| Service { address, prefixes: prefixes(lab, pool, address) }).collect()
}

fn prefixes(lab: &Lab, pool: &Pool, address: IpAddr) -> Vec<Advertised> {
    let prefix = |by: &Advertisement| {
        let length = if address.is_ipv4() { by.aggregation_length } else { by.aggregation_length_v6 };
        let prefix = IpNet::new(address, length).unwrap_or_else(|_| address.into()).trunc();
        Advertised { prefix, by: by.clone() }
    };
    lab.advertisements.iter().filter(|by| by.covers(pool)).map(prefix).collect()
}
