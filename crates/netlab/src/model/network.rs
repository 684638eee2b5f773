//! A Docker network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::Serialize;

use super::Name;

/// A bridge network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NetworkSpec {
    /// The name in Docker.
    pub name: Name,
    /// The IPv4 range, where it has one. The first host address is the bridge's. An engine before Docker 28 gives a
    /// network without one a range of its own choice, and every container an address of it.
    pub ipv4: Option<Ipv4Net>,
    /// The IPv6 range, where it has one.
    pub ipv6: Option<Ipv6Net>,
    /// The part of the IPv4 range from which Docker takes addresses for containers without a pinned one. Set it where
    /// such containers (a cluster's nodes) share the network with pinned ones.
    pub dynamic_ipv4: Option<Ipv4Net>,
    /// The same for IPv6.
    pub dynamic_ipv6: Option<Ipv6Net>,
    /// The largest packet in bytes.
    pub mtu: Mtu,
    /// `true` if the host translates the source addresses of packets that leave the network.
    pub masquerade: bool,
}

/// The MTU of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Mtu {
    /// The MTU of Docker's default bridge, which follows the machine's uplink where somebody has set it.
    #[default]
    Inherit,
    /// This many bytes.
    Bytes(u16),
}

impl NetworkSpec {
    /// Creates a network of one family, with masquerading and the default bridge's MTU.
    pub const fn new(name: Name, range: IpNet) -> Self {
        let (ipv4, ipv6) = match range {
            IpNet::V4(ipv4) => (Some(ipv4), None),
            IpNet::V6(ipv6) => (None, Some(ipv6)),
        };
        Self { name, ipv4, ipv6, dynamic_ipv4: None, dynamic_ipv6: None, mtu: Mtu::Inherit, masquerade: true }
    }

    /// Returns the ranges, IPv4 first.
    pub fn ranges(&self) -> impl Iterator<Item = IpNet> + use<> {
        [self.ipv4.map(IpNet::V4), self.ipv6.map(IpNet::V6)].into_iter().flatten()
    }

    /// Returns the bridge's IPv4 address: the first of the range.
    pub fn gateway_ipv4(&self) -> Option<Ipv4Addr> {
        self.ipv4.map(|net| Ipv4Addr::from_bits(net.network().to_bits().saturating_add(1)))
    }

    /// Returns the bridge's IPv6 address: the first of the range.
    pub fn gateway_ipv6(&self) -> Option<Ipv6Addr> {
        self.ipv6.map(|net| Ipv6Addr::from_bits(net.network().to_bits().saturating_add(1)))
    }

    /// `true` if it has a range of an address's family.
    pub fn has_family_of(&self, address: IpAddr) -> bool {
        self.ranges().any(|range| range.addr().is_ipv4() == address.is_ipv4())
    }

    /// `true` if a container can have the address: it is inside the range, and is neither the network's address, nor
    /// its broadcast address, nor the bridge's.
    pub fn holds(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(a) => self.ipv4.is_some_and(|net| {
                let taken = [Some(net.network()), Some(net.broadcast()), self.gateway_ipv4()];
                net.contains(&a) && !taken.contains(&Some(a))
            }),
            IpAddr::V6(a) => {
                self.ipv6.is_some_and(|net| net.contains(&a) && a != net.network() && Some(a) != self.gateway_ipv6())
            }
        }
    }
}
