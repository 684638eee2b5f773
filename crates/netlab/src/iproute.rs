//! Routes as `ip -j route` prints them (iproute2 `ip/iproute.c`).

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::Deserialize;

use crate::model::RouteEntry;

/// The family of a routing table. The output of `ip -j route` does not name it, and a default route has no other sign
/// of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressFamily {
    /// The output of `ip -j -4 route`.
    Ipv4,
    /// The output of `ip -j -6 route`.
    Ipv6,
}

/// A route of the kernel, of any kind and table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KernelRoute {
    /// The destination; a default route has prefix length 0.
    pub dst: IpNet,
    /// The type, as `ip route` names it: `unicast`, `blackhole`, `unreachable`, `prohibit`.
    pub kind: String,
    /// The next hops: none for a connected network, several for multipath.
    pub via: Vec<IpAddr>,
    /// The interface; `None` for a route of several next hops.
    pub dev: Option<String>,
    /// The origin: `kernel`, `static`, `bgp`; `None` for a route that was added by hand.
    pub protocol: Option<String>,
    /// The metric; the lowest wins.
    pub metric: u32,
    /// The table; `None` for the main one.
    pub table: Option<String>,
}

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: Option<String>,
    dst: String,
    gateway: Option<IpAddr>,
    via: Option<Via>,
    dev: Option<String>,
    protocol: Option<String>,
    #[serde(default)]
    nexthops: Vec<NextHop>,
    #[serde(default)]
    metric: u32,
    table: Option<String>,
}

#[derive(Deserialize)]
struct NextHop {
    gateway: Option<IpAddr>,
    via: Option<Via>,
}

/// A next hop of the other family (RFC 8950).
#[derive(Deserialize)]
struct Via {
    host: IpAddr,
}

/// Reads the output of `ip -j -4 route` or `ip -j -6 route`, with `show table all` or without. Text that is not JSON
/// holds no routes, and an entry that cannot be read is left out.
///
/// ```
/// use netlab::iproute::{AddressFamily, routes};
///
/// let json = r#"[{"dst":"203.0.113.200","gateway":"10.0.1.3","dev":"eth0","protocol":"bgp","metric":20,"flags":[]}]"#;
/// let routes = routes(json, AddressFamily::Ipv4);
/// assert_eq!(routes[0].dst.to_string(), "203.0.113.200/32");
/// assert_eq!(routes[0].protocol.as_deref(), Some("bgp"));
/// ```
pub fn routes(json: &str, family: AddressFamily) -> Vec<KernelRoute> {
    let lines: Vec<serde_json::Value> = serde_json::from_str(json.trim()).unwrap_or_default();
    let lines = lines.into_iter().filter_map(|line| serde_json::from_value::<Line>(line).ok());
    lines.filter_map(|line| route(line, family)).collect()
}

/// Reads the same output, and keeps the routes of the main table as [`Facts`](crate::Facts) hold them.
pub fn main_routes(json: &str, family: AddressFamily) -> Vec<RouteEntry> {
    let main = routes(json, family).into_iter().filter(|route| route.table.is_none());
    main.map(|KernelRoute { dst, via, metric, .. }| RouteEntry { dst, via, metric }).collect()
}

fn route(line: Line, family: AddressFamily) -> Option<KernelRoute> {
    let Line { kind, dst, gateway, via, dev, protocol, nexthops, metric, table } = line;
    let hop = |gateway: Option<IpAddr>, via: Option<Via>| gateway.or(via.map(|via| via.host));
    let hops = nexthops.into_iter().filter_map(|next| hop(next.gateway, next.via));
    Some(KernelRoute {
        dst: destination(&dst, family)?,
        kind: kind.unwrap_or_else(|| "unicast".to_owned()),
        via: hop(gateway, via).into_iter().chain(hops).collect(),
        dev,
        protocol,
        metric,
        table,
    })
}

fn destination(dst: &str, family: AddressFamily) -> Option<IpNet> {
    match (dst, family) {
        ("default", AddressFamily::Ipv4) => Some(IpNet::V4(Ipv4Net::default())),
        ("default", AddressFamily::Ipv6) => Some(IpNet::V6(Ipv6Net::default())),
        // A host route is printed without its prefix length.
        _ => dst.parse().ok().or_else(|| dst.parse::<IpAddr>().ok().map(IpNet::from)),
    }
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
        assert_eq!(main_routes(json, AddressFamily::Ipv4), wanted);
        let json = r#"[{"dst":"fd00::/64","gateway":"fd01::2","dev":"eth0","metric":1024,"flags":[],"pref":"medium"},
            {"dst":"default","gateway":"fd01::1","dev":"eth0","metric":1024,"flags":[]}]"#;
        assert_eq!(
            main_routes(json, AddressFamily::Ipv6),
            [entry("fd00::/64", &["fd01::2"], 1024), entry("::/0", &["fd01::1"], 1024)]
        );
    }

    #[test]
    fn text_without_routes_holds_none() {
        for text in ["", "[ ]", "sh: ip: not found", r#"[{"flags":[]}]"#, "{}"] {
            assert_eq!(routes(text, AddressFamily::Ipv4), [], "{text}");
        }
    }

    #[test]
    fn every_table_and_kind_is_read() {
        let json = r#"[{"type":"blackhole","dst":"10.10.0.0/16","dev":"lo","protocol":"static","table":"100","flags":[]},
            {"type":"local","dst":"10.0.2.3","dev":"eth0","table":"local","protocol":"kernel","flags":[]},
            {"dst":"10.9.0.0/16","dev":"eth0","flags":[]}]"#;
        let all = routes(json, AddressFamily::Ipv4);
        let seen: Vec<_> = all.iter().map(|r| (r.kind.as_str(), r.table.as_deref(), r.protocol.as_deref())).collect();
        let wanted = [
            ("blackhole", Some("100"), Some("static")),
            ("local", Some("local"), Some("kernel")),
            ("unicast", None, None),
        ];
        assert_eq!(seen, wanted);
        assert_eq!(main_routes(json, AddressFamily::Ipv4), [entry("10.9.0.0/16", &[], 0)]);
    }
}
