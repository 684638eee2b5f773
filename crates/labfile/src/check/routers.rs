//! Routers: the expansion of counts, and the check of every address against its network and all others.

use std::{collections::BTreeMap, net::IpAddr};

use ipnet::IpNet;

use super::{
    super::{
        AddressRange, Name, Place,
        family::{Addresses, Family},
        model::Network,
        problem::{Problem, What},
        raw::{RawLab, RawRole, RawRouter},
        router::{Role, Router},
    },
    Finds, families, ids, names,
};

/// A router, and the entry of the file that it comes from.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) router: Router,
    /// The entry's index in the file.
    pub(super) source: usize,
}

/// Checks the routers that the entries stand for.
pub(super) fn check(finds: &mut Finds, lab: &RawLab, networks: &[Network], routers: Option<u16>) -> Vec<Entry> {
    let counted = lab.routers.iter().filter(|router| router.count.is_some()).count();
    if let Some(first) = lab.routers.first().filter(|_| routers.is_some() && counted != 1) {
        finds.add(first.name.place(), Problem::Override("--routers is for a lab with one router that has a `count`"));
    }
    let mut taken = BTreeMap::new();
    let mut entries = Vec::new();
    for (source, raw) in lab.routers.iter().enumerate() {
        let count = raw.count.as_ref().map(|count| routers.unwrap_or(**count));
        if raw.name.is_pattern() != count.is_some() {
            let problem = Problem::Pattern { name: raw.name.to_string(), has_count: count.is_some() };
            finds.add(raw.name.place(), problem);
            continue;
        }
        if let (Some(at), Some(count)) = (&raw.count, count)
            && !(1..=1000).contains(&count)
        {
            finds.add(at.place(), Problem::Range { value: count.to_string(), expected: "1 to 1000 routers" });
            continue;
        }
        if raw.name.name(1).as_str().len() < 2 {
            let expected = "a name of at least two letters: Docker takes no shorter one of a container";
            finds.add(raw.name.place(), Problem::Unfit { value: format!("`{}`", *raw.name), expected });
        }
        let Some(role) = role(finds, raw) else { continue };
        let homes = homes(finds, lab, raw, networks);
        let before = finds.count();
        for number in 1..=count.unwrap_or(1) {
            let name = raw.name.name(number);
            let shifted = |home: &Home<'_>| home.shifted(finds, &mut taken, &name, number, count);
            let attachments: Vec<(Name, Addresses)> = homes.iter().filter_map(shifted).collect();
            let id = ids::of_router(raw, &name, number, &attachments);
            entries.push(Entry { router: Router { name: name.clone(), attachments, role, id }, source });
            // All routers of an entry have the same problem, which is reported once.
            if finds.count() > before {
                break;
            }
        }
    }
    entries
}

fn role(finds: &mut Finds, raw: &RawRouter) -> Option<Role> {
    match (raw.role, &raw.asn) {
        (RawRole::Forwarder, _) => Some(Role::Forwarder),
        (RawRole::Speaker, Some(asn)) => Some(Role::Speaker(**asn)),
        (RawRole::Speaker, None) => {
            finds.add(raw.name.place(), Problem::Missing("`asn` (or role = \"forwarder\")"));
            None
        }
    }
}

/// The first router's addresses on one network.
struct Home<'a> {
    network: &'a Network,
    /// The number of nodes that take addresses of the network before the router does.
    nodes: u16,
    first: Addresses,
    places: Vec<(IpAddr, Place)>,
}

fn homes<'a>(finds: &mut Finds, lab: &RawLab, raw: &RawRouter, networks: &'a [Network]) -> Vec<Home<'a>> {
    if raw.addresses.is_empty() {
        finds.add(raw.name.place(), Problem::Missing("a network in `addresses`"));
    }
    let mut homes = Vec::new();
    for (name, list) in &raw.addresses {
        let network = names::find(finds, What::Network, name, networks, |network| &network.name);
        let Some((network, first)) = network.zip(families::addresses(finds, list)) else { continue };
        for family in network.subnets.families().iter().filter(|family| !first.has(**family)) {
            let missing = match family {
                Family::Ipv4 => "an IPv4 address (the network has IPv4)",
                Family::Ipv6 => "an IPv6 address (the network has IPv6)",
            };
            finds.add(list.place(), Problem::Missing(missing));
        }
        let places = list.iter().map(|address| (address.0, address.place())).collect();
        let nodes = if *lab.cluster.network == network.name { lab.cluster.workers.saturating_add(1) } else { 0 };
        homes.push(Home { network, nodes, first, places });
    }
    homes
}

impl Home<'_> {
    /// Returns the addresses of the router with this number.
    fn shifted(
        &self,
        finds: &mut Finds,
        taken: &mut BTreeMap<IpAddr, Name>,
        router: &Name,
        number: u16,
        count: Option<u16>,
    ) -> Option<(Name, Addresses)> {
        let step = number - 1;
        let v4 = self.first.v4().map(|v4| v4.to_bits().checked_add(u32::from(step)).map(Into::into));
        let v6 = self.first.v6().map(|v6| v6.to_bits().checked_add(u128::from(step)).map(Into::into));
        let past_the_end = v4 == Some(None) || v6 == Some(None);
        let addresses = Addresses::new(v4.flatten(), v6.flatten()).filter(|_| !past_the_end)?;
        for (address, (first, place)) in addresses.iter().zip(self.ordered()) {
            let mut problem = fits(self.network, address).or_else(|| self.of_a_node(address));
            if let (Some(Problem::Outside { .. }), Some(count), true) = (&problem, count, step > 0) {
                finds.add(place.clone(), Problem::PastTheEnd { count, first });
                return None;
            }
            if let Some(other) = taken.insert(address, router.clone()) {
                let (first, second) = (other.to_string(), router.to_string());
                problem = problem.or(Some(Problem::SameAddress { address, first, second }));
            }
            if let Some(problem) = problem {
                finds.add(place.clone(), problem);
            }
        }
        Some((self.network.name.clone(), addresses))
    }

    /// Returns the problem of an address that a node takes: without a dynamic part Docker assigns the first addresses
    /// after the gateway, and kind's nodes exist before any router.
    fn of_a_node(&self, address: IpAddr) -> Option<Problem> {
        let (dynamic, gateways, nodes) = (&self.network.dynamic, self.network.gateways(), self.nodes);
        let given = match address {
            IpAddr::V4(_) if dynamic.v4.is_none() => {
                let after = |count: u16| gateways.v4().map(|v4| v4.to_bits().saturating_add(count.into()).into());
                AddressRange::V4Span(after(1)?, after(nodes)?)
            }
            IpAddr::V6(_) if dynamic.v6.is_none() => {
                let after = |count: u16| gateways.v6().map(|v6| v6.to_bits().saturating_add(count.into()).into());
                AddressRange::V6Span(after(1)?, after(nodes)?)
            }
            _ => return None,
        };
        given.contains(address).then(|| Problem::NodeFirst { address, network: self.network.name.clone(), given })
    }

    /// Returns the first addresses with their places, IPv4 first.
    fn ordered(&self) -> impl Iterator<Item = (IpAddr, Place)> {
        let place =
            |address| self.places.iter().find(|(at, _)| *at == address).map_or(0..0, |(_, place)| place.clone());
        self.first.iter().map(move |address| (address, place(address)))
    }
}

/// Returns the reason why a router cannot have this address on the network.
fn fits(network: &Network, address: IpAddr) -> Option<Problem> {
    let name = network.name.clone();
    let Some(subnet) = network.subnets.iter().find(|subnet| subnet.contains(&address)) else {
        return Some(Problem::Outside { address, network: name, subnets: network.subnets.iter().collect() });
    };
    let what = match subnet {
        _ if address == subnet.network() => Some("subnet address"),
        IpNet::V4(v4) if address == IpAddr::V4(v4.broadcast()) => Some("broadcast address"),
        _ => network.gateways().iter().any(|gateway| gateway == address).then_some("gateway"),
    };
    if let Some(what) = what {
        return Some(Problem::Reserved { address, what, network: name });
    }
    let part = network.dynamic.iter().find(|part| part.contains(&address))?;
    Some(Problem::Dynamic { address, network: name, part })
}
