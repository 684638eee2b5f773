//! Routes as `ip -j route` prints them (iproute2 `ip/iproute.c`), and as the kernel does in `/proc`.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::Deserialize;

use super::RouteEntry;

#[derive(Deserialize)]
struct Line {
    dst: String,
    gateway: Option<IpAddr>,
    via: Option<Via>,
    #[serde(default)]
    nexthops: Vec<NextHop>,
    #[serde(default)]
    metric: u32,
}

#[derive(Deserialize)]
struct NextHop {
    gateway: Option<IpAddr>,
    via: Option<Via>,
}

/// A next hop of the other family.
#[derive(Deserialize)]
struct Via {
    host: IpAddr,
}

/// Reads the output of `ip -j -4 route` or `ip -j -6 route`. What is no JSON has no routes, and a line that cannot be
/// read is none: the plan then sets the route, and the check after it tells.
pub(crate) fn parse(json: &str, ipv6: bool) -> Vec<RouteEntry> {
    let lines: Vec<serde_json::Value> = serde_json::from_str(json.trim()).unwrap_or_default();
    let mut entries: Vec<RouteEntry> = Vec::new();
    for line in lines.into_iter().filter_map(|line| serde_json::from_value::<Line>(line).ok()) {
        let hops = line.nexthops.into_iter().filter_map(|hop| hop.gateway.or(hop.via.map(|via| via.host)));
        let via: Vec<_> = line.gateway.or(line.via.map(|via| via.host)).into_iter().chain(hops).collect();
        if let Some(dst) = destination(&line.dst, ipv6) {
            entries.push(RouteEntry { dst, via, metric: line.metric });
        }
    }
    entries
}

fn destination(dst: &str, ipv6: bool) -> Option<IpNet> {
    match dst {
        "default" if ipv6 => Some(IpNet::V6(Ipv6Net::default())),
        "default" => Some(IpNet::V4(Ipv4Net::default())),
        // A host route is printed without its prefix length.
        _ => dst.parse().ok().or_else(|| dst.parse::<IpAddr>().ok().map(IpNet::from)),
    }
}

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
    // Unreachable, prohibited or dropped, which is not called up here.
    const REJECT: u32 = 0x200;
    // RTF_ANYCAST and RTF_LOCAL: nothing that somebody routes to.
    const NOT_A_ROUTE: u32 = 0x0010_0000 | 0x8000_0000;
    // The last entry, for what has no route.
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
        // Every link has the multicast range; it is nobody's route.
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

    fn entry(dst: &str, via: &[&str], metric: u32) -> RouteEntry {
        RouteEntry { dst: dst.parse().unwrap(), via: via.iter().map(|a| a.parse().unwrap()).collect(), metric }
    }

    #[test]
    fn ip_route_json_is_read() {
        let json = r#"[{"dst":"default","gateway":"10.0.2.1","dev":"eth0","flags":[]},
            {"dst":"10.0.2.0/24","dev":"eth0","protocol":"kernel","scope":"link","prefsrc":"10.0.2.3","flags":[]},
            {"dst":"203.0.113.200","gateway":"10.0.1.3","dev":"eth0","protocol":"bgp","metric":20,"flags":[]},
            {"dst":"203.0.113.0/24","protocol":"bgp","metric":20,"flags":[],
             "nexthops":[{"gateway":"10.0.1.3","dev":"eth0","weight":1},{"gateway":"10.0.1.4","dev":"eth0","weight":1}]},
            {"dst":"10.9.0.0/16","via":{"family":"inet6","host":"fe80::1"},"dev":"eth0","flags":[]},
            {"dst":"default","via":{"family":"inet6","host":"fe80::1"},"dev":"eth0","metric":9,"flags":[]}]"#;
        let wanted = [
            entry("0.0.0.0/0", &["10.0.2.1"], 0),
            entry("10.0.2.0/24", &[], 0),
            entry("203.0.113.200/32", &["10.0.1.3"], 20),
            entry("203.0.113.0/24", &["10.0.1.3", "10.0.1.4"], 20),
            entry("10.9.0.0/16", &["fe80::1"], 0),
            entry("0.0.0.0/0", &["fe80::1"], 9),
        ];
        assert_eq!(parse(json, false), wanted);
        let json = r#"[{"dst":"fd00::/64","gateway":"fd01::2","dev":"eth0","metric":1024,"flags":[],"pref":"medium"},
            {"dst":"default","gateway":"fd01::1","dev":"eth0","metric":1024,"flags":[]}]"#;
        assert_eq!(parse(json, true), [entry("fd00::/64", &["fd01::2"], 1024), entry("::/0", &["fd01::1"], 1024)]);
    }

    #[test]
    fn what_is_no_route_is_none() {
        for text in ["", "[ ]", "sh: ip: not found", r#"[{"flags":[]}]"#, "{}"] {
            assert_eq!(parse(text, false), [], "{text}");
        }
    }

    /// Both ways of looking have to agree, or a container would be repaired again and again.
    #[test]
    fn proc_tells_the_same_as_ip_route() {
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

    /// What goes nowhere is a route, too: it hides those with a worse metric.
    #[test]
    fn routes_to_nowhere_are_told_alike() {
        let routes = |parsed: Vec<(String, RouteEntry)>| parsed.into_iter().map(|(_, route)| route).collect::<Vec<_>>();
        let ipv4 = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n\
            *\t0000080A\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0\n\
            *\t00000A0A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n";
        let json = r#"[{"type":"unreachable","dst":"10.8.0.0/16","flags":[]},
            {"type":"blackhole","dst":"10.10.0.0/16","flags":[]}]"#;
        assert_eq!(routes(parse_proc_ipv4(ipv4)), [entry("10.8.0.0/16", &[], 0), entry("10.10.0.0/16", &[], 0)]);
        assert_eq!(routes(parse_proc_ipv4(ipv4)), parse(json, false));

        let (zero, fd08) = ("0".repeat(32), format!("{:0<32}", "fd08"));
        let line = |dst: &str, plen: &str, metric: &str| {
            format!("{dst} {plen} {zero} 00 {zero} {metric} 00000001 00000000 00200200       lo\n")
        };
        let ipv6 = [line(&zero, "00", "ff002000"), line(&fd08, "40", "00000005"), line(&zero, "00", "ffffffff")];
        let json = r#"[{"type":"unreachable","dst":"default","dev":"lo","metric":4278198272,"flags":[],"pref":"medium"},
            {"type":"prohibit","dst":"fd08::/64","dev":"lo","metric":5,"flags":[],"pref":"medium"}]"#;
        let wanted = [entry("::/0", &[], 0xff00_2000), entry("fd08::/64", &[], 5)];
        assert_eq!(routes(parse_proc_ipv6(&ipv6.concat())), wanted);
        assert_eq!(parse(json, true), wanted);
    }
}
