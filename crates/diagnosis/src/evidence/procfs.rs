//! Sockets, programs and capabilities, from the kernel's own files; and packet filter rules.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use labfile::Family;

/// A TCP or UDP socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Socket {
    /// Our end.
    pub local: SocketAddr,
    /// The other end.
    pub remote: SocketAddr,
    /// The kernel's number for its state (`include/net/tcp_states.h`).
    state: u8,
}

impl Socket {
    /// Returns `true` if it waits for connections.
    pub const fn is_listening(&self) -> bool {
        self.state == 10
    }

    /// Returns `true` if its SYN has no answer.
    pub const fn is_opening(&self) -> bool {
        self.state == 2
    }
}

/// A line of `/proc/net/tcp`, `tcp6`, `udp` or `udp6`: numbers are hexadecimal, addresses words as they lie in memory.
pub fn socket(line: &str) -> Option<Socket> {
    let mut fields = line.split_whitespace().skip(1);
    let (local, remote, state) = (fields.next()?, fields.next()?, fields.next()?);
    Some(Socket { local: end(local)?, remote: end(remote)?, state: u8::from_str_radix(state, 16).ok()? })
}

fn end(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let word = |hex: &str| u32::from_str_radix(hex, 16).ok().map(u32::to_ne_bytes);
    let address = match address.len() {
        8 => IpAddr::V4(Ipv4Addr::from(word(address)?)),
        32 => {
            let mut bytes = [0; 16];
            for (part, at) in bytes.chunks_exact_mut(4).zip([0, 8, 16, 24]) {
                part.copy_from_slice(&word(address.get(at..at + 8)?)?);
            }
            IpAddr::V6(Ipv6Addr::from(bytes)).to_canonical()
        }
        _ => return None,
    };
    Some(SocketAddr::new(address, u16::from_str_radix(port, 16).ok()?))
}

/// A line of `/proc/PID/stat`: the program's name, and whether it is stopped. One that ended is none.
pub(super) fn program(line: &str) -> Option<(String, bool)> {
    let (before, after) = line.rsplit_once(") ")?;
    let (_, name) = before.split_once('(')?;
    let state = after.chars().next()?;
    (state != 'Z').then(|| (name.to_owned(), matches!(state, 'T' | 't')))
}

/// The effective capabilities in `/proc/PID/status`.
pub(super) fn capabilities(status: &str) -> Option<u64> {
    let hex = status.lines().find_map(|line| line.strip_prefix("CapEff:"))?;
    u64::from_str_radix(hex.trim(), 16).ok()
}

/// The interfaces of which `rp_filter` is 1, in lines `/proc/sys/net/ipv4/conf/INTERFACE/rp_filter:NUMBER`. The kernel takes
/// the greater one of an interface's own and `all`'s (`Documentation/networking/ip-sysctl.rst`).
pub(super) fn strict(printed: &str) -> BTreeSet<String> {
    let line = |line: &str| {
        let (path, value) = line.split_once(':')?;
        Some((path.rsplit('/').nth(1)?.to_owned(), value.trim().parse::<u8>().ok()?))
    };
    let values: Vec<(String, u8)> = printed.lines().filter_map(line).collect();
    let all = values.iter().find(|(name, _)| name == "all").map_or(0, |(_, value)| *value);
    let of_link = |name: &str| !["all", "default", "lo"].contains(&name);
    let strict = values.into_iter().filter(|(name, value)| of_link(name) && (*value).max(all) == 1);
    strict.map(|(name, _)| name).collect()
}

/// A counter of `/proc/net/netstat`, where a line of names stands above each line of numbers; 0 where it is missing.
pub(super) fn counter(netstat: &str, name: &str) -> u64 {
    let lines: Vec<&str> = netstat.lines().collect();
    let pairs = lines.chunks_exact(2).flat_map(|pair| pair[0].split(' ').zip(pair[1].split(' ')));
    pairs.filter(|(key, _)| *key == name).find_map(|(_, number)| number.parse().ok()).unwrap_or_default()
}

/// The chain of packet filter rules by which a failover drops packets, and by which what it left behind is known.
pub const FAILOVER_CHAIN: &str = "METALLB-LAB-FAILOVER";

/// A rule of a packet filter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// Whose packets it sees.
    pub family: Family,
    /// The table.
    pub table: String,
    /// The rule, as `iptables-save` prints it.
    pub rule: String,
    /// The packets that it has matched, where they were counted.
    pub packets: Option<u64>,
}

impl Filter {
    /// The program that sets it.
    pub const fn program(&self) -> &'static str {
        match self.family {
            Family::Ipv4 => "iptables",
            Family::Ipv6 => "ip6tables",
        }
    }

    /// Returns `true` if it drops what it matches.
    pub fn drops(&self) -> bool {
        matches!(self.value("-j"), Some("DROP" | "REJECT"))
    }

    /// The value of an option such as `-d`, unless it is negated.
    pub fn value(&self, option: &str) -> Option<&str> {
        let mut words = self.rule.split_whitespace();
        let mut before = "";
        while let Some(word) = words.next() {
            if word == option && before != "!" {
                return words.next();
            }
            before = word;
        }
        None
    }

    /// Returns `true` if one of its words is this name, as that of a chain.
    pub fn names(&self, name: &str) -> bool {
        self.rule.split_whitespace().any(|word| word == name)
    }

    /// The rule as it is printed, after the program and the table.
    pub fn words(&self) -> String {
        format!("{}-save, table {}: {}", self.program(), self.table, self.rule)
    }

    /// The command that takes it away.
    pub fn delete(&self) -> String {
        format!("{} -t {} {}", self.program(), self.table, self.rule.replacen("-A ", "-D ", 1))
    }
}

/// The rules in what a family's `iptables-save` prints; with `-c`, each begins with `[PACKETS:BYTES]`.
pub fn filters(saved: &str, family: Family) -> Vec<Filter> {
    let mut table = "";
    let mut rules = Vec::new();
    for line in saved.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('*') {
            table = name;
        }
        let counted = line.strip_prefix('[').and_then(|line| line.split_once("] "));
        let (packets, rule) = counted.map_or((None, line), |(counters, rule)| (counters.split(':').next(), rule));
        if rule.starts_with("-A ") {
            let packets = packets.and_then(|number| number.parse().ok());
            rules.push(Filter { family, table: table.to_owned(), rule: rule.to_owned(), packets });
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_of_both_families_are_read() {
        let listening = socket("   5: 00000000:00B3 00000000:0000 0A 00000000:00000000 00:00000000 0 100").unwrap();
        assert!(listening.is_listening() && listening.local == "0.0.0.0:179".parse().unwrap());
        let opening = socket("   6: 0301460A:A5EA 0302460A:00B3 02 0").unwrap();
        assert!(opening.is_opening());
        assert_eq!(opening.remote, "10.70.2.3:179".parse().unwrap());
        let six = socket(" 0: 00000000000000000000000000000000:00B3 0000000000000000FFFF00000302460A:C350 01").unwrap();
        assert_eq!((six.local.ip(), six.remote), ("::".parse().unwrap(), "10.70.2.3:50000".parse().unwrap()));
        assert_eq!(socket("  sl  local_address rem_address   st tx_queue"), None);
    }

    #[test]
    fn programs_tell_whether_they_are_stopped() {
        assert_eq!(program("28 (bgpd) S 1 28 28"), Some(("bgpd".to_owned(), false)));
        assert_eq!(program("28 (a) b) T 1"), Some(("a) b".to_owned(), true)));
        assert_eq!(program("28 (bgpd) Z 1"), None);
        assert_eq!(capabilities("Name:\ttini\nCapEff:\t00000000a82435fb\n"), Some(0xa824_35fb));
    }

    #[test]
    fn strict_interfaces_and_what_they_drop() {
        let printed = |all: u8| {
            let line = |name: &str, value: u8| format!("/proc/sys/net/ipv4/conf/{name}/rp_filter:{value}\n");
            [line("all", all), line("default", 1), line("eth0", 0), line("eth1", 1), line("lo", 1)].concat()
        };
        let names = |all| strict(&printed(all)).into_iter().collect::<Vec<_>>();
        assert_eq!((names(0), names(1), names(2)), (vec!["eth1".into()], vec!["eth0".into(), "eth1".into()], vec![]));
        let netstat = "TcpExt: SyncookiesSent IPReversePathFilter\nTcpExt: 0 7\nIpExt: InNoRoutes\nIpExt: 3\n";
        assert_eq!((counter(netstat, "IPReversePathFilter"), counter(netstat, "Other")), (7, 0));
    }

    #[test]
    fn filter_rules_know_their_table() {
        let saved = "# comment\n*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 10.0.1.3/32 -j DROP\nCOMMIT\n*filter\n-A INPUT -j DROP\n";
        let words: Vec<String> = filters(saved, Family::Ipv4).iter().map(Filter::words).collect();
        assert_eq!(
            words,
            [
                "iptables-save, table raw: -A PREROUTING -d 10.0.1.3/32 -j DROP",
                "iptables-save, table filter: -A INPUT -j DROP"
            ]
        );
        let counted = filters("*filter\n[5:420] -A INPUT -j DROP\n", Family::Ipv4).remove(0);
        assert_eq!((counted.rule.as_str(), counted.packets), ("-A INPUT -j DROP", Some(5)));
        let six = filters(saved, Family::Ipv6).remove(1);
        assert_eq!(six.delete(), "ip6tables -t filter -D INPUT -j DROP");
    }
}
