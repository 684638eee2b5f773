//! Address pools and their advertisements.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;

use super::{
    AddressRange, Name, Peer,
    family::Family,
    selector::{Selector, selected},
    service::Service,
    values::Community,
};

/// An address pool.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pool {
    /// The name.
    pub name: Name,
    /// The addresses; at least one range.
    pub ranges: Vec<AddressRange>,
    /// `true` if services get addresses of it without asking.
    pub auto_assign: bool,
    /// `true` if IPv4 addresses that end in .0 or .255 are left out.
    pub avoid_buggy_ips: bool,
    /// The services that get addresses of it (`serviceAllocation`); without one, all of them.
    pub allocation: Option<Allocation>,
}

/// The services that get addresses of a pool. One without any limit takes all of them, before pools that have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Allocation {
    /// The place among pools that take a service: the lowest first, then those without one.
    pub priority: Option<NonZeroU32>,
    /// The namespaces by name.
    pub namespaces: Vec<Name>,
    /// The selectors of further namespaces.
    pub namespace_selectors: Vec<Selector>,
    /// The selectors of services.
    pub service_selectors: Vec<Selector>,
}

impl Allocation {
    /// `true` if services of this one's namespace may have addresses of the pool.
    pub(crate) fn takes_namespace(&self, service: &Service) -> bool {
        let limited = !self.namespaces.is_empty() || !self.namespace_selectors.is_empty();
        let labels = service.namespace_labels();
        let selects = |selector: &Selector| selector.selects(&labels);
        !limited || self.namespaces.contains(&service.namespace) || self.namespace_selectors.iter().any(selects)
    }

    /// `true` if the service may have addresses of the pool.
    pub(crate) fn takes(&self, service: &Service) -> bool {
        self.takes_namespace(service) && selected(&self.service_selectors, &service.labels)
    }
}

impl Pool {
    /// Returns the addresses of a family, in the order in which MetalLB gives them.
    pub fn addresses(&self, family: Family) -> impl Iterator<Item = IpAddr> + '_ {
        self.ranges
            .iter()
            .filter(move |range| Family::of(range.ends().0) == family)
            .flat_map(|range| self.of_range(range))
    }

    /// Returns the addresses of a range that are not left out.
    pub(crate) fn of_range(&self, range: &AddressRange) -> impl Iterator<Item = IpAddr> + '_ {
        let (v4, v6) = match range.ends() {
            (IpAddr::V4(first), IpAddr::V4(last)) => (Some(first.to_bits()..=last.to_bits()), None),
            (IpAddr::V6(first), IpAddr::V6(last)) => (None, Some(first.to_bits()..=last.to_bits())),
            _ => (None, None),
        };
        let v4 = v4.into_iter().flatten().map(Ipv4Addr::from_bits).map(IpAddr::V4);
        let v6 = v6.into_iter().flatten().map(Ipv6Addr::from_bits).map(IpAddr::V6);
        v4.chain(v6).filter(|address| !self.leaves_out(*address))
    }

    /// `true` if a service can have this address of the pool.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.ranges.iter().any(|range| range.contains(address)) && !self.leaves_out(address)
    }

    /// `true` if MetalLB leaves an address out.
    fn leaves_out(&self, address: IpAddr) -> bool {
        self.avoid_buggy_ips && matches!(address, IpAddr::V4(v4) if matches!(v4.octets()[3], 0 | 255))
    }
}

/// An advertisement of pools to peers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advertisement {
    /// The name.
    pub name: Name,
    /// The pools; empty for all of them.
    pub pools: Vec<Name>,
    /// The peers; empty for all of them.
    pub peers: Vec<Name>,
    /// The selectors of the nodes that announce; none for all of them.
    pub nodes: Vec<Selector>,
    /// The selectors of the services whose addresses are announced; none for all of them.
    pub services: Vec<Selector>,
    /// The length of the advertised IPv4 prefixes, 1 to 32.
    pub aggregation_length: u8,
    /// The length of the advertised IPv6 prefixes, 1 to 128.
    pub aggregation_length_v6: u8,
    /// The local preference.
    pub local_preference: Option<u32>,
    /// Communities.
    pub communities: Vec<Community>,
}

impl Advertisement {
    /// `true` if it takes this pool's addresses.
    pub fn covers(&self, pool: &Pool) -> bool {
        self.pools.is_empty() || self.pools.contains(&pool.name)
    }

    /// `true` if it takes this service's addresses of its pools.
    pub fn selects(&self, service: &Service) -> bool {
        selected(&self.services, &service.labels)
    }

    /// `true` if it is for this peer, whatever families the session carries.
    pub fn goes_to(&self, peer: &Peer) -> bool {
        self.peers.is_empty() || self.peers.contains(&peer.name)
    }
}
