//! Links, routes, rules and neighbors, from iproute2's output.

use std::net::IpAddr;

use ipnet::IpNet;
use netlab::iproute::{AddressFamily, KernelRoute};
use serde::Deserialize;

use labfile::Family;

/// A link.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Link {
    /// The name.
    pub name: String,
    /// `true` if it is turned on.
    pub up: bool,
    /// `true` if its other end is there.
    pub carrier: bool,
    /// `true` if neighbors on it are asked for their MAC addresses, and answered.
    pub arp: bool,
    /// In bytes.
    pub mtu: u32,
    /// The MAC address; empty where there is none.
    pub mac: String,
    /// The addresses; link-local ones are left out.
    pub addresses: Vec<IpNet>,
}

/// Returns `true` if packets that take a route are dropped.
pub fn drops(route: &KernelRoute) -> bool {
    matches!(route.kind.as_str(), "blackhole" | "unreachable" | "prohibit")
}

/// Returns a route in the words of `ip route`.
pub fn words(route: &KernelRoute) -> String {
    let dst = if route.dst.prefix_len() == 0 { "default".to_owned() } else { route.dst.to_string() };
    let kind = if route.kind == "unicast" { String::new() } else { format!("{} ", route.kind) };
    let hop = |hop: &IpAddr| match (hop, route.dst) {
        // A next hop of the other family is named with its own (RFC 8950).
        (IpAddr::V6(_), IpNet::V4(_)) => format!(" via inet6 {hop}"),
        _ => format!(" via {hop}"),
    };
    let hops = route.via.iter().map(hop);
    let dev = route.dev.iter().map(|dev| format!(" dev {dev}")).collect::<String>();
    let metric = if route.metric == 0 { String::new() } else { format!(" metric {}", route.metric) };
    match route.via.len() {
        // The metric comes before the next hops where there are several.
        2.. => hops.fold(format!("{kind}{dst}{dev}{metric}"), |words, hop| format!("{words} nexthop{hop}")),
        _ => format!("{kind}{dst}{}{dev}{metric}", hops.collect::<String>()),
    }
}

/// A policy rule that somebody added.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IpRule {
    /// Whose packets it sees.
    pub family: Family,
    /// The rule, as `ip rule` prints it.
    pub rule: String,
}

impl IpRule {
    /// Returns `true` if it drops what it matches.
    pub fn drops(&self) -> bool {
        matches!(self.rule.split(' ').next_back(), Some("blackhole" | "unreachable" | "prohibit"))
    }

    /// The command that shows it among others.
    pub const fn program(&self) -> &'static str {
        match self.family {
            Family::Ipv4 => "ip rule",
            Family::Ipv6 => "ip -6 rule",
        }
    }
}

/// `ip -j address`.
pub(super) fn links(json: &str) -> Vec<Link> {
    #[derive(Deserialize)]
    struct Line {
        ifname: String,
        #[serde(default)]
        flags: Vec<String>,
        #[serde(default)]
        mtu: u32,
        #[serde(default)]
        address: String,
        #[serde(default)]
        addr_info: Vec<Address>,
    }
    #[derive(Deserialize)]
    struct Address {
        local: Option<IpAddr>,
        prefixlen: Option<u8>,
        scope: Option<String>,
    }
    let net = |a: Address| {
        let global = a.scope.as_deref() != Some("link");
        IpNet::new(a.local?, a.prefixlen?).ok().filter(|_| global)
    };
    let lines: Vec<Line> = serde_json::from_str(json.trim()).unwrap_or_default();
    let link = |line: Line| Link {
        up: line.flags.iter().any(|flag| flag == "UP"),
        carrier: line.flags.iter().any(|flag| flag == "LOWER_UP"),
        arp: !line.flags.iter().any(|flag| flag == "NOARP"),
        name: line.ifname,
        mtu: line.mtu,
        mac: line.address,
        addresses: line.addr_info.into_iter().filter_map(net).collect(),
    };
    lines.into_iter().map(link).collect()
}

/// Reads `ip -j -4 route show table all`, or `-6`. The local table, which every kernel has, is left out.
pub(super) fn routes(json: &str, family: AddressFamily) -> impl Iterator<Item = KernelRoute> {
    netlab::iproute::routes(json, family).into_iter().filter(|route| route.table.as_deref() != Some("local"))
}

/// A line of a family's `ip rule`, unless every kernel has it.
pub(super) fn rule(line: &str, family: Family) -> Option<IpRule> {
    let (_, rule) = line.split_once(':')?;
    let rule = rule.split_whitespace().collect::<Vec<_>>().join(" ");
    let usual = ["local", "main", "default"].iter().any(|table| rule == format!("from all lookup {table}"));
    (!usual).then_some(IpRule { family, rule })
}

/// `ip -j neighbor show`: each neighbor with the MAC address that it answered from lately, if it did, and those that did not
/// answer. One that was not asked lately is neither.
pub(super) fn neighbors(json: &str) -> impl Iterator<Item = (IpAddr, Option<String>)> {
    #[derive(Deserialize)]
    struct Line {
        dst: IpAddr,
        lladdr: Option<String>,
        #[serde(default)]
        state: Vec<String>,
    }
    let lines: Vec<Line> = serde_json::from_str(json.trim()).unwrap_or_default();
    lines.into_iter().filter_map(|line| {
        let is = |states: &[&str]| line.state.iter().any(|state| states.contains(&state.as_str()));
        match line.lladdr {
            // What is asked again and again is seldom seen as failed.
            _ if is(&["FAILED", "INCOMPLETE"]) => Some((line.dst, None)),
            Some(mac) if is(&["REACHABLE", "PERMANENT"]) => Some((line.dst, Some(mac))),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_of_all_kinds_are_read() {
        let json = r#"[{"dst":"default","gateway":"10.0.2.1","dev":"eth0","flags":[]},
            {"type":"blackhole","dst":"10.0.1.0/24","metric":5,"flags":[]},
            {"dst":"10.0.1.0/24","nhid":11,"gateway":"10.0.2.2","dev":"eth0","protocol":"static","metric":20,"flags":[]},
            {"type":"local","dst":"10.0.2.3","dev":"eth0","table":"local","flags":[]}]"#;
        let routes: Vec<_> = routes(json, AddressFamily::Ipv4).collect();
        let words: Vec<_> = routes.iter().map(words).collect();
        assert_eq!(
            words,
            [
                "default via 10.0.2.1 dev eth0",
                "blackhole 10.0.1.0/24 metric 5",
                "10.0.1.0/24 via 10.0.2.2 dev eth0 metric 20"
            ]
        );
        assert!(drops(&routes[1]) && !drops(&routes[2]));
    }

    /// A default route has no sign of its family but the command that printed it.
    #[test]
    fn an_ipv4_default_route_may_have_an_ipv6_next_hop() {
        let json = r#"[{"dst":"default","via":{"family":"inet6","host":"fe80::1"},"dev":"eth0","flags":[]}]"#;
        let route = routes(json, AddressFamily::Ipv4).next().unwrap();
        assert_eq!(route.dst.to_string(), "0.0.0.0/0");
        assert_eq!(words(&route), "default via inet6 fe80::1 dev eth0");
    }

    #[test]
    fn only_rules_that_somebody_added_are_kept() {
        for usual in ["0:\tfrom all lookup local", "32766:\tfrom all lookup main", ""] {
            assert_eq!(rule(usual, Family::Ipv4), None);
        }
        let drop = rule("100:  from all ipproto tcp dport 179 blackhole ", Family::Ipv6).unwrap();
        assert!(drop.drops() && drop.program() == "ip -6 rule");
        assert_eq!(drop.rule, "from all ipproto tcp dport 179 blackhole");
        assert!(!rule("100: from all lookup my-blackhole", Family::Ipv4).unwrap().drops(), "a table of that name");
    }

    #[test]
    fn neighbors_answer_or_do_not() {
        let json = r#"[{"dst":"10.0.2.2","dev":"eth0","state":["FAILED"]},{"dst":"10.0.2.3","state":["INCOMPLETE"]},
            {"dst":"10.0.2.4","lladdr":"02:42:0a:00:02:04","state":["REACHABLE"]},
            {"dst":"10.0.2.5","lladdr":"02:42:0a:00:02:05","state":["STALE"]}]"#;
        let seen: Vec<_> =
            neighbors(json).map(|(address, mac)| format!("{address} {}", mac.unwrap_or_default())).collect();
        assert_eq!(seen, ["10.0.2.2 ", "10.0.2.3 ", "10.0.2.4 02:42:0a:00:02:04"]);
        assert_eq!(neighbors("[ ]").next(), None);
    }

    #[test]
    fn link_local_addresses_are_left_out() {
        let json = r#"[{"ifname":"eth0","flags":["UP"],"mtu":1400,"addr_info":[
            {"local":"fd00::3","prefixlen":64,"scope":"global"},{"local":"fe80::1","prefixlen":64,"scope":"link"}]}]"#;
        let links = links(json);
        assert_eq!(links[0].addresses, ["fd00::3/64".parse::<IpNet>().unwrap()]);
        assert!(links[0].up && !links[0].carrier && links[0].mtu == 1400);
    }
}
