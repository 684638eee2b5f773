//! This machine's routes and addresses, as the kernel prints them.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use ipnet::IpNet;

use crate::observe::{parse_proc_ipv4, parse_proc_ipv6};

/// A machine's routes and addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct HostNet {
    /// The routes of the main tables.
    pub routes: Vec<HostRoute>,
    /// The addresses.
    pub addresses: Vec<HostAddress>,
}

/// A route.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostRoute {
    /// The destination.
    pub dst: IpNet,
    /// The interface.
    pub dev: String,
}

/// An address.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostAddress {
    /// The address.
    pub address: IpAddr,
    /// The interface; the kernel's table of IPv4 addresses does not name it.
    pub dev: Option<String>,
}

/// The contents of the files of a `/proc/net` that hold routes and addresses; empty for IPv6 where the kernel has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProcNet<'a> {
    /// `route`: the routes of IPv4.
    pub route: &'a str,
    /// `fib_trie`: the addresses of IPv4, among others.
    pub fib_trie: &'a str,
    /// `ipv6_route`: the routes of IPv6.
    pub ipv6_route: &'a str,
    /// `if_inet6`: the addresses of IPv6.
    pub if_inet6: &'a str,
}

impl HostNet {
    /// Reads this machine's `/proc/net`.
    ///
    /// # Errors
    /// [`io::Error`] where the IPv4 tables cannot be read: no Linux, or no `/proc`. A kernel without IPv6 has no IPv6
    /// tables, which is no error.
    pub fn read() -> io::Result<Self> {
        let text = |name: &str| std::fs::read_to_string(Path::new("/proc/net").join(name));
        let ipv6 = |name| text(name).unwrap_or_default();
        let (route, fib_trie) = (text("route")?, text("fib_trie")?);
        let (ipv6_route, if_inet6) = (ipv6("ipv6_route"), ipv6("if_inet6"));
        Ok(Self::parse(&ProcNet { route: &route, fib_trie: &fib_trie, ipv6_route: &ipv6_route, if_inet6: &if_inet6 }))
    }

    /// Parses the files of a `/proc/net`.
    pub fn parse(files: &ProcNet<'_>) -> Self {
        let ProcNet { route, fib_trie, ipv6_route, if_inet6 } = *files;
        let routes = parse_proc_ipv4(route).into_iter().chain(parse_proc_ipv6(ipv6_route));
        // Link-local ranges are on every link, and conflict with nothing.
        let link_local = |net: &IpNet| matches!(net.addr(), IpAddr::V6(a) if a.is_unicast_link_local());
        let routes = routes.map(|(dev, route)| HostRoute { dst: route.dst, dev }).filter(|r| !link_local(&r.dst));
        let ipv4 = local_ipv4(fib_trie).into_iter().map(|a| HostAddress { address: IpAddr::V4(a), dev: None });
        let addresses = ipv4.chain(if_inet6.lines().filter_map(global_ipv6)).collect();
        Self { routes: routes.collect(), addresses }
    }
}

/// Reads the addresses in `fib_trie` (kernel `net/ipv4/fib_trie.c`): a leaf is named on one line, `/32 host LOCAL`
/// follows.
fn local_ipv4(fib_trie: &str) -> Vec<Ipv4Addr> {
    let mut leaf = None;
    let mut addresses = Vec::new();
    for line in fib_trie.lines().map(str::trim) {
        if let Some(address) = line.strip_prefix("|-- ") {
            leaf = address.parse::<Ipv4Addr>().ok();
        } else if line == "/32 host LOCAL" {
            addresses.extend(leaf.filter(|a| !a.is_loopback() && !addresses.contains(a)));
        }
    }
    addresses
}

/// Reads a line of `if_inet6` (kernel `net/ipv6/addrconf.c`): address, interface number, prefix length, scope, flags,
/// name; numbers are hexadecimal, and scope 0 is global.
fn global_ipv6(line: &str) -> Option<HostAddress> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [address, _, _, "00", _, dev] = fields.as_slice() else { return None };
    let address = IpAddr::V6(Ipv6Addr::from(u128::from_str_radix(address, 16).ok()?));
    Some(HostAddress { address, dev: Some((*dev).to_owned()) })
}
