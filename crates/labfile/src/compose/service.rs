//! The addresses of services, and their prefixes.

use std::net::IpAddr;

use frrconf::values;
use ipnet::IpNet;

use crate::{Advertisement, Family, Lab, Node, Peer, Service, TrafficPolicy, simulate::Origin};

/// An address that services have, or may get.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceAddress {
    /// The address.
    pub address: IpAddr,
    /// The services, as people know them.
    pub services: Vec<String>,
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
}

/// The knowledge that a running cluster adds to the lab file.
#[derive(Clone, Copy)]
pub struct Observed<'a> {
    /// `true` if a node announces the addresses of a service.
    pub announces: &'a dyn Fn(&Node, &Service) -> bool,
    /// Returns the addresses that a service has.
    pub addresses: &'a dyn Fn(&Service) -> Vec<IpAddr>,
}

impl std::fmt::Debug for Observed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Observed")
    }
}

/// A service with those of its addresses that are known.
pub(crate) struct Placed<'a> {
    pub(crate) service: &'a Service,
    pub(crate) addresses: Vec<(IpAddr, Vec<Advertised>)>,
}

impl Placed<'_> {
    /// `true` if one of its addresses is announced by this prefix.
    pub(crate) fn has(&self, prefix: IpNet) -> bool {
        self.prefixes().any(|one| one.prefix == prefix)
    }

    /// `true` if only nodes with its pods take its traffic.
    pub(crate) fn is_local(&self) -> bool {
        self.service.external_traffic_policy == TrafficPolicy::Local
    }

    /// Returns the prefixes of its addresses.
    pub(crate) fn prefixes(&self) -> impl Iterator<Item = &Advertised> {
        self.addresses.iter().flat_map(|(_, prefixes)| prefixes)
    }
}

/// Returns the services with their addresses, as far as these are known once services have been seen.
pub(crate) fn placed<'a>(lab: &'a Lab, seen: &dyn Fn(&Service) -> Vec<IpAddr>) -> Vec<Placed<'a>> {
    let place = |(service, assigned): (&'a Service, crate::Assigned)| {
        let known = assigned.seen(&seen(service));
        let addresses = known.into_iter().map(|address| (address, prefixes(lab, service, address))).collect();
        Placed { service, addresses }
    };
    lab.services.iter().zip(lab.assigned()).map(place).collect()
}

/// Returns the services with the addresses that the lab file says.
pub(crate) fn as_written(lab: &Lab) -> Vec<Placed<'_>> {
    placed(lab, &|_| Vec::new())
}

/// Returns the prefixes that a node sends on the session of a peer, where these services are on it.
pub(crate) fn sent(here: &[&Placed<'_>], node: &Node, peer: &Peer) -> Vec<Advertised> {
    if !node.is_in(&peer.nodes) {
        return Vec::new();
    }
    once(here.iter().flat_map(|placed| placed.prefixes()).filter(|one| one.reaches(peer) && node.is_in(&one.by.nodes)))
}

/// Returns the services that each node announces.
pub(crate) fn here<'n, 'p>(
    placed: &'p [Placed<'p>],
    nodes: &'n [Node],
    observed: Observed<'_>,
) -> Vec<(&'n Node, Vec<&'p Placed<'p>>)> {
    let on = |node: &Node| placed.iter().filter(|placed| (observed.announces)(node, placed.service)).collect();
    nodes.iter().map(|node| (node, on(node))).collect()
}

/// Returns the prefixes that one of these nodes sends on the session of a peer.
pub(crate) fn sends(here: &[(&Node, Vec<&Placed<'_>>)], node: &Node, peer: &Peer) -> Vec<Advertised> {
    let own = here.iter().find(|(one, _)| one.name == node.name);
    own.map_or_else(Vec::new, |(_, own)| sent(own, node, peer))
}

/// Returns each of the prefixes once: services may share an address, or an aggregate.
pub(crate) fn once<'a>(all: impl Iterator<Item = &'a Advertised>) -> Vec<Advertised> {
    let mut each: Vec<Advertised> = Vec::new();
    for one in all {
        if !each.contains(one) {
            each.push(one.clone());
        }
    }
    each
}

/// Returns the routes that such prefixes are. Where several advertisements have the same prefix, their communities add up.
pub(super) fn origins(sent: Vec<Advertised>) -> Vec<Origin> {
    let mut origins: Vec<Origin> = Vec::new();
    for Advertised { prefix, by } in sent {
        let place = origins.iter().position(|known| known.prefix == prefix);
        let mut origin = place.map_or_else(|| Origin::new(prefix), |place| origins.swap_remove(place));
        origin.local_preference = by.local_preference.or(origin.local_preference);
        origin.communities.extend(communities(&by));
        origins.push(origin);
    }
    origins
}

/// Converts an advertisement's communities for FRR.
fn communities(by: &Advertisement) -> impl Iterator<Item = values::Community> {
    by.communities.iter().filter_map(|community| community.standard())
}

/// Returns the addresses that MetalLB gives to the services, each once; of those that are not known, all that it may give.
pub fn service_addresses(lab: &Lab) -> Vec<ServiceAddress> {
    let mut all: Vec<ServiceAddress> = Vec::new();
    for (service, assigned) in lab.services.iter().zip(lab.assigned()) {
        for address in assigned.possible() {
            let place = all.iter().position(|known| known.address == address).unwrap_or_else(|| {
                all.push(ServiceAddress { address, services: Vec::new(), prefixes: Vec::new() });
                all.len() - 1
            });
            let Some(known) = all.get_mut(place) else { continue };
            known.services.push(lab.title(service));
            let new = prefixes(lab, service, address);
            known.prefixes = once(known.prefixes.iter().chain(&new));
        }
    }
    all
}

fn prefixes(lab: &Lab, service: &Service, address: IpAddr) -> Vec<Advertised> {
    let Some(pool) = lab.pools.iter().find(|pool| pool.contains(address)) else { return Vec::new() };
    let prefix = |by: &Advertisement| {
        let length = if address.is_ipv4() { by.aggregation_length } else { by.aggregation_length_v6 };
        let prefix = IpNet::new(address, length).unwrap_or_else(|_| address.into()).trunc();
        Advertised { prefix, by: by.clone() }
    };
    lab.advertisements.iter().filter(|by| by.covers(pool) && by.selects(service)).map(prefix).collect()
}
