//! The addresses that MetalLB's suite takes: those that it has in its source, and those that it is given.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use labfile::{Lab, Network};

/// The ranges in the suite's source, each with its use.
const FIXED: [(&str, &str); 5] = [
    ("172.30.0.0/16", "network kind-multihop"),
    ("fc00:f853:ccd:e798::/64", "network kind-multihop"),
    ("192.168.10.0/24", "a pool"),
    ("192.168.16.0/24", "a pool"),
    ("fc00:f853:ccd:e799::/116", "a pool"),
];

/// The ranges that it takes for VRFs alone.
const VRF: [(&str, &str); 4] = [
    ("172.31.0.0/16", "network vrf-net"),
    ("fc00:f853:ccd:e799::/64", "network vrf-net"),
    ("172.32.0.0/16", "network vrf-multihop"),
    ("fc00:f853:ccd:e800::/64", "network vrf-multihop"),
];

/// The number of addresses that layer 2 is given: as many as MetalLB's `inv e2etest` gives it.
const LAYER_2: usize = 11;

/// The number of addresses that are searched for a gap.
const SEARCHED: usize = 4096;

/// Returns the ranges of the suite's containers behind a router, which nodes get routes to.
#[must_use]
pub fn behind() -> Vec<IpNet> {
    FIXED.iter().filter(|(_, of)| of.starts_with("network")).filter_map(|(range, _)| range.parse().ok()).collect()
}

/// A range of the lab that the suite takes for something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The range's place in the lab: `the services' range`, `network kind2`.
    pub place: String,
    /// The lab's range.
    pub range: IpNet,
    /// The suite's range.
    pub taken: IpNet,
    /// The suite's use of it.
    pub used_for: &'static str,
}

/// Returns the ranges of a lab that overlap those of the suite.
#[must_use]
pub fn overlaps(lab: &Lab, vrf: bool) -> Vec<Overlap> {
    let fixed: Vec<(IpNet, &str)> = FIXED
        .iter()
        .chain(VRF.iter().filter(|_| vrf))
        .filter_map(|(range, of)| Some((range.parse().ok()?, *of)))
        .collect();
    let of_cluster = [("the pods' range", lab.cluster.pods), ("the services' range", lab.cluster.services)];
    let own =
        of_cluster.into_iter().flat_map(|(place, ranges)| ranges.iter().map(move |range| (place.to_owned(), range)));
    let networks = lab
        .networks
        .iter()
        .flat_map(|network| network.subnets.iter().map(move |range| (format!("network {}", network.name), range)));
    let overlap = |(place, range): (String, IpNet)| {
        let (taken, used_for) = *fixed.iter().find(|(taken, _)| taken.contains(&range) || range.contains(taken))?;
        Some(Overlap { place, range, taken, used_for })
    };
    own.chain(networks).filter_map(overlap).collect()
}

/// Returns addresses of the nodes' network that nobody has, as first and last one, in IPv4 and IPv6: outside of the part
/// that Docker gives addresses from, where there is one.
#[must_use]
pub fn for_layer_2(network: &Network, used: &[IpAddr]) -> [Option<(IpNet, IpNet)>; 2] {
    let (mut v4, mut v6) = (None, None);
    for subnet in network.subnets.iter() {
        let dynamic = network.dynamic.iter().find(|dynamic| subnet.contains(dynamic));
        let start = dynamic.map_or_else(|| after(used, subnet), |dynamic| next(dynamic.broadcast()));
        let gap = start.and_then(|start| gap(subnet, start, used));
        match subnet {
            IpNet::V4(_) => v4 = gap,
            IpNet::V6(_) => v6 = gap,
        }
    }
    [v4, v6]
}

/// Returns the address from which on there is room for the suite's own containers after those that are used.
fn after(used: &[IpAddr], subnet: IpNet) -> Option<IpAddr> {
    const CONTAINERS: usize = 5;
    let last = used.iter().filter(|address| subnet.contains(*address)).max().copied().unwrap_or(subnet.addr());
    (0..CONTAINERS).try_fold(last, |at, _| next(at))
}

fn gap(subnet: IpNet, start: IpAddr, used: &[IpAddr]) -> Option<(IpNet, IpNet)> {
    let mut first = start;
    let mut length = 0;
    let mut at = start;
    for _ in 0..SEARCHED {
        if !subnet.contains(&at) || subnet.broadcast() == at {
            return None;
        }
        if used.contains(&at) {
            length = 0;
        } else {
            if length == 0 {
                first = at;
            }
            length += 1;
        }
        if length == LAYER_2 {
            return Some((first.into(), at.into()));
        }
        at = next(at)?;
    }
    None
}

fn next(address: IpAddr) -> Option<IpAddr> {
    Some(match address {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits().checked_add(1)?).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits().checked_add(1)?).into(),
    })
}

#[cfg(test)]
mod tests {
    use labfile::{Overrides, ProviderName};

    use super::*;

    fn documented() -> Lab {
        Lab::documented(&Overrides::default()).unwrap()
    }

    #[test]
    fn the_documented_services_are_where_the_suite_has_a_network() {
        let lab = documented();
        let found = overlaps(&lab, false);
        let [only] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            (only.place.as_str(), only.range, only.used_for),
            ("the services' range", "172.30.0.0/16".parse().unwrap(), "network kind-multihop")
        );
    }

    #[test]
    fn the_lab_for_the_suite_keeps_out_of_its_way() {
        let lab = crate::labs::lab("../../labs/e2e.toml".into(), ProviderName::Kind);
        assert_eq!(overlaps(&lab, true), []);
        assert_eq!(lab.cluster.network.as_str(), "kind");
    }

    #[test]
    fn layer_2_gets_addresses_that_nobody_has() {
        let lab = documented();
        let network = lab.network_of_nodes().unwrap();
        let used: Vec<IpAddr> =
            ["10.0.1.2", "10.0.1.130", "10.0.1.250", "fd00:10:0:1::2"].map(|a| a.parse().unwrap()).into();
        let [Some(v4), Some(v6)] = for_layer_2(network, &used) else { panic!() };
        assert_eq!((v4.0.addr().to_string(), v4.1.addr().to_string()), ("10.0.1.131".into(), "10.0.1.141".into()));
        assert!(v6.0.addr().to_string().starts_with("fd00:10:0:1::80"), "{v6:?}");
    }

    #[test]
    fn a_full_network_has_none_left() {
        let lab = documented();
        let network = lab.network_of_nodes().unwrap();
        let all: Vec<IpAddr> = (0..=255).map(|n| format!("10.0.1.{n}").parse().unwrap()).collect();
        assert_eq!(for_layer_2(network, &all)[0], None);
    }
}
