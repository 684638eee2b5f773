//! Docker networks.

use ipnet::IpNet;

use super::{
    super::{
        At,
        model::{Dynamic, Network},
        problem::{Problem, What},
        raw::RawNetwork,
    },
    Finds, families, names,
};

/// Checks each network by itself.
pub(super) fn check(finds: &mut Finds, raw: &[At<RawNetwork>]) -> Vec<Network> {
    names::unique(finds, What::Network, raw.iter().map(|network| &network.name));
    raw.iter().filter_map(|network| one(finds, network)).collect()
}

/// Docker's own networks, beside which there is no other of the name.
const PREDEFINED: [&str; 3] = ["bridge", "host", "none"];

fn one(finds: &mut Finds, raw: &RawNetwork) -> Option<Network> {
    if PREDEFINED.contains(&raw.name.as_str()) {
        let expected = "another name: Docker has a network of its own of this name";
        finds.add(raw.name.place(), Problem::Unfit { value: format!("`{}`", *raw.name), expected });
    }
    let subnets = families::subnets(finds, &raw.subnets)?;
    for subnet in raw.subnets.iter() {
        let longest = if subnet.0.addr().is_ipv4() { 29 } else { 125 };
        if subnet.0.prefix_len() > longest || subnet.0.prefix_len() < 8 {
            let expected = "a subnet between /8 and /29 (IPv4) or /125 (IPv6)";
            finds.add(subnet.place(), Problem::Range { value: subnet.to_string(), expected });
        }
    }
    let mut dynamic = Dynamic::default();
    if let Some(list) = &raw.dynamic {
        dynamic = families::parts(finds, list);
        for part in list.iter().filter(|part| !subnets.iter().any(|subnet| subnet.contains(&part.0))) {
            let subnets: Vec<IpNet> = subnets.iter().collect();
            finds.add(part.place(), Problem::NotAPart { part: part.0, network: (*raw.name).clone(), subnets });
        }
    }
    let expected = "1280 (the least that IPv6 needs) to 65535";
    let mtu = raw.mtu.as_ref().map(|mtu| finds.number(Some(mtu), **mtu, 1280..=u16::MAX, expected));
    Some(Network { name: (*raw.name).clone(), subnets, dynamic, mtu })
}
