//! Routes as the kernel prints them in `/proc/net`.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::model::RouteEntry;

/// Reads `/proc/net/route` (kernel `net/ipv4/fib_trie.c`, `fib_route_seq_show`): the interface and the route. Numbers
/// are hexadecimal, addresses as they lie in memory on a little-endian machine.
pub(crate) fn parse_proc_ipv4(text: &str) -> Vec<(String, RouteEntry)> {
    const UP: u32 = 1;
    const GATEWAY: u32 = 2;
    let line = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [dev, dst, gateway, flags, _, _, metric, mask, ..] = fields.as_slice() else { return None };
        let address = |hex| Some(Ipv4Addr::from(u32::from_str_radix(hex, 16).ok()?.to_ne_bytes()));
        let flags = u32::from_str_radix(flags, 16).ok()?;
        if flags & UP == 0 {
            return None;
        }
        let dst = IpNet::V4(Ipv4Net::with_netmask(address(dst)?, address(mask)?).ok()?);
        let via = if flags & GATEWAY != 0 { vec![IpAddr::V4(address(gateway)?)] } else { Vec::new() };
        Some(((*dev).to_owned(), RouteEntry { dst, via, metric: metric.parse().ok()? }))
    };
    text.lines().skip(1).filter_map(line).collect()
}

/// Reads `/proc/net/ipv6_route` (kernel `net/ipv6/route.c`, `ipv6_route_native_seq_show`): the interface and the route.
/// Several next hops of one destination and metric are lines of their own there, and one route here.
pub(crate) fn parse_proc_ipv6(text: &str) -> Vec<(String, RouteEntry)> {
    const UP: u32 = 1;
    const GATEWAY: u32 = 2;
    // Unreachable, prohibit or blackhole: the kernel does not set UP for these.
    const REJECT: u32 = 0x200;
    // RTF_ANYCAST and RTF_LOCAL: addresses, not routes.
    const NOT_A_ROUTE: u32 = 0x0010_0000 | 0x8000_0000;
    // The last entry: the null route.
    const NONE: u32 = u32::MAX;
    let line = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [dst, prefix, _, _, via, metric, _, _, flags, dev] = fields.as_slice() else { return None };
        let number = |hex| u32::from_str_radix(hex, 16).ok();
        let address = |hex| Some(Ipv6Addr::from(u128::from_str_radix(hex, 16).ok()?));
        let flags = number(flags)?;
        let metric = number(metric)?;
        if flags & (UP | REJECT) == 0 || flags & NOT_A_ROUTE != 0 || metric == NONE {
            return None;
        }
        let dst = IpNet::V6(Ipv6Net::new(address(dst)?, u8::from_str_radix(prefix, 16).ok()?).ok()?);
        let via = if flags & GATEWAY != 0 { Some(IpAddr::V6(address(via)?)) } else { None };
        Some(((dst, metric, (*dev).to_owned()), via))
    };
    let mut routes: BTreeMap<_, (String, Vec<IpAddr>)> = BTreeMap::new();
    for ((dst, metric, dev), via) in text.lines().filter_map(line) {
        // Every link has the multicast range; it is no route of the main table.
        if matches!(dst.addr(), IpAddr::V6(a) if a.is_multicast()) {
            continue;
        }
        // Connected networks are of one interface each.
        let link = via.is_none().then(|| dev.clone());
        routes.entry((dst, metric, link)).or_insert_with(|| (dev, Vec::new())).1.extend(via);
    }
    routes.into_iter().map(|((dst, metric, _), (dev, via))| (dev, RouteEntry { dst, via, metric })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iproute::{AddressFamily, main_routes};

    fn entry(dst: &str, via: &[&str], metric: u32) -> RouteEntry {
        RouteEntry { dst: dst.parse().unwrap(), via: via.iter().map(|a| a.parse().unwrap()).collect(), metric }
    }

    #[test]
    fn proc_and_ip_route_agree() {
        let ipv4 = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n\
            eth0\t00000000\t0102000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n\
            eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n\
            eth0\tC87100CB\t0301000A\t0007\t0\t0\t20\tFFFFFFFF\t0\t0\t0\n";
        let wanted = [
            entry("0.0.0.0/0", &["10.0.2.1"], 0),
            entry("10.0.2.0/24", &[], 0),
            entry("203.0.113.200/32", &["10.0.1.3"], 20),
        ];
        assert_eq!(parse_proc_ipv4(ipv4).into_iter().map(|(_, route)| route).collect::<Vec<_>>(), wanted);

        let zero = "0".repeat(32);
        let line = |dst: &str, plen: &str, via: &str, metric: &str, flags: &str, dev: &str| {
            let (dst, via) = (format!("{dst:0<32}"), if via.is_empty() { zero.clone() } else { via.to_owned() });
            format!("{dst} {plen} {zero} 00 {via} {metric} 00000001 00000000 {flags} {dev:>8}\n")
        };
        let (a, b) = (format!("fd01{:0>28}", "2"), format!("fd01{:0>28}", "3"));
        let text = [
            line("fd00", "40", &a, "00000400", "00000003", "eth0"),
            line("fd00", "40", &b, "00000400", "00000003", "eth0"),
            line("fd01", "40", "", "00000100", "00000001", "eth0"),
            line("fd01", "40", "", "00000100", "00000001", "br-0"),
            line("fd01", "80", "", "00000000", "80200001", "eth0"),
            line("ff00", "08", "", "00000100", "00000001", "eth0"),
        ];
        let parsed = parse_proc_ipv6(&text.concat());
        let wanted = [
            ("eth0".to_owned(), entry("fd00::/64", &["fd01::2", "fd01::3"], 1024)),
            ("br-0".to_owned(), entry("fd01::/64", &[], 256)),
            ("eth0".to_owned(), entry("fd01::/64", &[], 256)),
        ];
        assert_eq!(parsed, wanted);
    }

    /// A route that rejects packets hides those with a worse metric, too.
    #[test]
    fn rejecting_routes_are_read_alike() {
        let routes = |parsed: Vec<(String, RouteEntry)>| parsed.into_iter().map(|(_, route)| route).collect::<Vec<_>>();
        let ipv4 = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n\
            *\t0000080A\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0\n\
            *\t00000A0A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n";
        let json = r#"[{"type":"unreachable","dst":"10.8.0.0/16","flags":[]},
            {"type":"blackhole","dst":"10.10.0.0/16","flags":[]}]"#;
        assert_eq!(routes(parse_proc_ipv4(ipv4)), [entry("10.8.0.0/16", &[], 0), entry("10.10.0.0/16", &[], 0)]);
        assert_eq!(routes(parse_proc_ipv4(ipv4)), main_routes(json, AddressFamily::Ipv4));

        let (zero, fd08) = ("0".repeat(32), format!("{:0<32}", "fd08"));
        let line = |dst: &str, plen: &str, metric: &str| {
            format!("{dst} {plen} {zero} 00 {zero} {metric} 00000001 00000000 00200200       lo\n")
        };
        let ipv6 = [line(&zero, "00", "ff002000"), line(&fd08, "40", "00000005"), line(&zero, "00", "ffffffff")];
        let json = r#"[{"type":"unreachable","dst":"default","dev":"lo","metric":4278198272,"flags":[],"pref":"medium"},
            {"type":"prohibit","dst":"fd08::/64","dev":"lo","metric":5,"flags":[],"pref":"medium"}]"#;
        let wanted = [entry("::/0", &[], 0xff00_2000), entry("fd08::/64", &[], 5)];
        assert_eq!(routes(parse_proc_ipv6(&ipv6.concat())), wanted);
        assert_eq!(main_routes(json, AddressFamily::Ipv6), wanted);
    }
}
