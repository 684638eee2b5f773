//! The inside of a container or node, as its kernel shows it: links, routes, rules, settings, sockets, processes.
//!
//! One command in the container prints all of it (0.1 s each, all containers at the same time); it needs a shell and
//! iproute2, which every image of FRR and every kind node has.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use frrconf::vty::RUN_FOLDER;
use ipnet::IpNet;
use netlab::iproute::{AddressFamily, KernelRoute};

use super::iproute::{self, IpRule, Link};
use super::nft::{self, NftDrop, Qdisc};
use super::procfs::{self, Filter, Socket};
use labfile::Family;

/// Begins a section of the output.
const MARK: char = '\u{1e}';

/// The inside of a container or node.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Inside {
    /// The links, with their addresses.
    pub links: Vec<Link>,
    /// The routes of all tables but the local one, both families.
    pub routes: Vec<KernelRoute>,
    /// The policy rules beyond those that every kernel has.
    pub rules: Vec<IpRule>,
    /// Neighbors on a link that did not answer.
    pub silent_neighbors: BTreeSet<IpAddr>,
    /// Neighbors on a link that answered lately, each with its MAC address.
    pub answering_neighbors: BTreeMap<IpAddr, String>,
    /// Kernel settings by name.
    pub sysctls: BTreeMap<String, String>,
    /// Interfaces that take packets only from where the way back leads (strict reverse-path filtering).
    pub strict: BTreeSet<String>,
    /// The packets that were dropped for that.
    pub dropped_by_source: u64,
    /// TCP sockets.
    pub tcp: Vec<Socket>,
    /// UDP ports that somebody listens on.
    pub udp: BTreeSet<u16>,
    /// The programs that run, and whether each is stopped.
    pub programs: BTreeMap<String, bool>,
    /// The names in [`RUN_FOLDER`].
    pub run_frr: BTreeSet<String>,
    /// The first process's capabilities.
    pub capabilities: Option<u64>,
    /// Packet filter rules.
    pub filters: Vec<Filter>,
    /// The rules of nftables that drop, iptables' own among them.
    pub nft: Vec<NftDrop>,
    /// The queues of the links.
    pub qdiscs: Vec<Qdisc>,
}

/// Commands whose programs images of FRR lack, each with its section: the machine's own see the same from outside.
pub const SPARE: [(&str, &[&str]); 4] = [
    ("filters4", &["iptables-save", "-c"]),
    ("filters6", &["ip6tables-save", "-c"]),
    ("nft", &["nft", "-a", "list", "ruleset"]),
    ("qdiscs", &["tc", "-s", "qdisc", "show"]),
];

/// The kernel settings that are read.
pub const FORWARD4: &str = "net.ipv4.ip_forward";
/// The same for IPv6.
pub const FORWARD6: &str = "net.ipv6.conf.all.forwarding";
/// The setting that turns IPv6 off.
pub const DISABLE6: &str = "net.ipv6.conf.all.disable_ipv6";

/// The script that shows it.
pub fn script() -> String {
    let section = |name: &str, command: &str| format!("printf '\\036{name}\\n'; {command} 2>/dev/null\n");
    let sysctl = |name: &str| {
        let path = name.replace('.', "/");
        section(&format!("sysctl {name}"), &format!("cat /proc/sys/{path}"))
    };
    [
        section("links", "ip -j address"),
        section("routes4", "ip -j -4 route show table all"),
        section("routes6", "ip -j -6 route show table all"),
        section("rules4", "ip -4 rule"),
        section("rules6", "ip -6 rule"),
        section("neighbors", "ip -j neighbor show"),
        section("rp_filter", "grep -H '' /proc/sys/net/ipv4/conf/*/rp_filter"),
        section("netstat", "cat /proc/net/netstat"),
        section("tcp", "cat /proc/net/tcp /proc/net/tcp6"),
        section("udp", "cat /proc/net/udp /proc/net/udp6"),
        section("programs", "cat /proc/[0-9]*/stat"),
        section("run", &format!("ls {RUN_FOLDER}")),
        section("status", "cat /proc/1/status"),
        sysctl(FORWARD4),
        sysctl(FORWARD6),
        sysctl(DISABLE6),
    ]
    .into_iter()
    .chain(SPARE.map(|(name, command)| section(name, &command.join(" "))))
    .collect()
}

/// Reads what the script printed; what is missing there is missing here.
pub fn parse(output: &str) -> Inside {
    let mut inside = Inside::default();
    for section in output.split(MARK).skip(1) {
        let (name, body) = section.split_once('\n').unwrap_or((section, ""));
        inside.take(name, body);
    }
    inside
}

impl Inside {
    /// Takes what the command of a section printed.
    pub fn take(&mut self, section: &str, body: &str) {
        match section {
            "links" => self.links = iproute::links(body),
            "routes4" => self.routes.extend(iproute::routes(body, AddressFamily::Ipv4)),
            "routes6" => self.routes.extend(iproute::routes(body, AddressFamily::Ipv6)),
            "rules4" => self.add_rules(body, Family::Ipv4),
            "rules6" => self.add_rules(body, Family::Ipv6),
            "neighbors" => {
                for (address, mac) in iproute::neighbors(body) {
                    match mac {
                        Some(mac) => drop(self.answering_neighbors.insert(address, mac)),
                        None => drop(self.silent_neighbors.insert(address)),
                    }
                }
            }
            "rp_filter" => self.strict = procfs::strict(body),
            "netstat" => self.dropped_by_source = procfs::counter(body, "IPReversePathFilter"),
            "tcp" => self.tcp.extend(body.lines().filter_map(procfs::socket)),
            "udp" => self.udp.extend(body.lines().filter_map(procfs::socket).map(|socket| socket.local.port())),
            "programs" => self.programs.extend(body.lines().filter_map(procfs::program)),
            "run" => self.run_frr.extend(body.lines().map(str::to_owned)),
            "status" => self.capabilities = procfs::capabilities(body),
            "filters4" => self.filters.extend(procfs::filters(body, Family::Ipv4)),
            "filters6" => self.filters.extend(procfs::filters(body, Family::Ipv6)),
            "nft" => self.nft = nft::drops(body),
            "qdiscs" => self.qdiscs = nft::qdiscs(body),
            _ => {
                if let Some(name) = section.strip_prefix("sysctl ") {
                    self.sysctls.insert(name.to_owned(), body.trim().to_owned());
                }
            }
        }
    }

    /// Returns `true` if the command of one of [`SPARE`]'s sections printed nothing: its program may be missing.
    pub fn lacks(&self, section: &str) -> bool {
        let family = |family| !self.filters.iter().any(|filter| filter.family == family);
        match section {
            "filters4" => family(Family::Ipv4),
            "filters6" => family(Family::Ipv6),
            "nft" => self.nft.is_empty(),
            // Where it can be read, the loopback has one.
            "qdiscs" => self.qdiscs.is_empty(),
            _ => false,
        }
    }

    fn add_rules(&mut self, printed: &str, family: Family) {
        self.rules.extend(printed.lines().filter_map(|line| iproute::rule(line, family)));
    }

    /// The link that has an address.
    pub fn link_with(&self, address: IpAddr) -> Option<&Link> {
        self.links.iter().find(|link| link.addresses.iter().any(|has| has.addr() == address))
    }

    /// The link of a network, by its range.
    pub fn link_into(&self, range: IpNet) -> Option<&Link> {
        self.links.iter().find(|link| link.addresses.iter().any(|has| range.contains(&has.addr())))
    }

    /// Returns `true` if a setting is 1; `None` if it was not read.
    pub fn is_on(&self, sysctl: &str) -> Option<bool> {
        self.sysctls.get(sysctl).map(|value| value == "1")
    }

    /// The routes that a packet to an address may take by the main table: the longest prefix, the best metric first.
    pub fn routes_to(&self, address: IpAddr) -> Vec<&KernelRoute> {
        let mut routes: Vec<&KernelRoute> =
            self.routes.iter().filter(|route| route.table.is_none() && route.dst.contains(&address)).collect();
        routes.sort_by_key(|route| (std::cmp::Reverse(route.dst.prefix_len()), route.metric));
        routes
    }

    /// Returns `true` if somebody listens for TCP at a port of an address.
    pub fn listens(&self, at: SocketAddr) -> bool {
        let any = |local: &SocketAddr| local.ip().is_unspecified() && (local.is_ipv6() || at.is_ipv4());
        let takes = |local: &SocketAddr| local.port() == at.port() && (local.ip() == at.ip() || any(local));
        self.tcp.iter().any(|socket| socket.is_listening() && takes(&socket.local))
    }

    /// Returns `true` if a program runs, and is not stopped.
    pub fn runs(&self, program: &str) -> bool {
        self.programs.get(program) == Some(&false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sections_are_read() {
        let output = "noise\n\u{1e}links\n[{\"ifname\":\"eth0\",\"flags\":[\"UP\",\"LOWER_UP\"],\"mtu\":1500,\"addr_info\":[\
            {\"family\":\"inet\",\"local\":\"10.0.2.3\",\"prefixlen\":24}]}]\n\u{1e}rules6\n0:\tfrom all lookup local\n\
            100:\tfrom all ipproto tcp dport 179 blackhole\n\u{1e}run\nbgpd.vty\nbgpd.pid\n\u{1e}sysctl net.ipv4.ip_forward\n1\n\
            \u{1e}programs\n28 (bgpd) S 1 28\n29 (bfdd) T 1 29\n\u{1e}filters4\n*filter\n:INPUT ACCEPT [0:0]\n\
            -A INPUT -p tcp -m tcp --dport 179 -j DROP\nCOMMIT\n";
        let inside = parse(output);
        assert_eq!(inside.links[0].name, "eth0");
        assert!(inside.link_with("10.0.2.3".parse().unwrap()).is_some());
        assert_eq!((inside.rules.len(), inside.rules[0].family), (1, Family::Ipv6));
        assert!(inside.runs("bgpd") && !inside.runs("bfdd") && !inside.runs("zebra"));
        assert_eq!(inside.programs.get("bfdd"), Some(&true));
        assert_eq!(inside.is_on(FORWARD4), Some(true));
        assert!(inside.run_frr.contains("bgpd.vty"));
        assert_eq!(inside.filters[0].delete(), "iptables -t filter -D INPUT -p tcp -m tcp --dport 179 -j DROP");
        assert_eq!(parse(""), Inside::default());
    }

    #[test]
    fn a_script_marks_its_sections() {
        let script = script();
        assert!(script.starts_with("printf '\\036links\\n'; ip -j address 2>/dev/null\n"));
        assert!(script.contains("cat /proc/sys/net/ipv6/conf/all/forwarding"));
    }
}
