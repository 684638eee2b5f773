//! The address that the workload's service gets, and what is advertised of it.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::lab::{Advertisement, Lab, Name, Pool};

/// An address of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    /// The address.
    pub(crate) address: IpAddr,
    /// The prefixes that it is advertised as.
    pub(crate) prefixes: Vec<Advertised>,
}

/// A prefix, and to whom it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Advertised {
    /// The prefix: the address, or the aggregate around it.
    pub(crate) prefix: IpNet,
    /// The advertisement.
    pub(crate) by: Advertisement,
}

impl Advertised {
    /// Whether it goes to a peer.
    pub(crate) fn goes_to(&self, peer: &Name) -> bool {
        self.by.peers.is_empty() || self.by.peers.contains(peer)
    }
}

/// The addresses that MetalLB gives to the first service: of one pool, the first of each family.
pub(crate) fn services(lab: &Lab) -> Vec<Service> {
    let usable = |pool: &&Pool| pool.auto_assign;
    let families = |pool: &&Pool| {
        let has = |v4: bool| pool.ranges.iter().any(|range| range.bounds().0.is_ipv4() == v4);
        has(true) && has(false)
    };
    let pool = lab.pools.iter().filter(usable).find(families).or_else(|| lab.pools.iter().find(usable));
    let Some(pool) = pool else { return Vec::new() };
    let first = |v4: bool| pool.ranges.iter().map(|range| range.bounds().0).find(|first| first.is_ipv4() == v4);
    let addresses = [first(true), first(false)].into_iter().flatten();
    addresses.map(|address| Service { address, prefixes: prefixes(lab, pool, address) }).collect()
}

fn prefixes(lab: &Lab, pool: &Pool, address: IpAddr) -> Vec<Advertised> {
    let covers = |by: &&Advertisement| by.pools.is_empty() || by.pools.contains(&pool.name);
    let prefix = |by: &Advertisement| {
        let length = if address.is_ipv4() { by.aggregation_length } else { by.aggregation_length_v6 };
        let prefix = IpNet::new(address, length).unwrap_or_else(|_| address.into()).trunc();
        Advertised { prefix, by: by.clone() }
    };
    lab.advertisements.iter().filter(covers).map(prefix).collect()
}
