//! Sockets, programs and capabilities, from the kernel's own files; and packet filter rules.

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

/// The rules in what a family's `iptables-save` prints.
pub fn filters(saved: &str, family: Family) -> Vec<Filter> {
    let mut table = "";
    let mut rules = Vec::new();
    for line in saved.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('*') {
            table = name;
        } else if line.starts_with("-A ") {
            rules.push(Filter { family, table: table.to_owned(), rule: line.to_owned() });
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
        let six = filters(saved, Family::Ipv6).remove(1);
        assert_eq!(six.delete(), "ip6tables -t filter -D INPUT -j DROP");
    }
}
