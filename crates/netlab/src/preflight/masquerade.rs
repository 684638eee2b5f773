//! Masquerading rules that an engine left behind.

use std::fs;

use ipnet::IpNet;

use super::{Conflict, NamedRange, is_docker_bridge};
use crate::model::{Lab, overlap};
use crate::observe::Observed;

/// The address families whose bridged packets the kernel passes to iptables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BridgeNf {
    /// `true` if `net.bridge.bridge-nf-call-iptables` is 1.
    pub ipv4: bool,
    /// `true` if `net.bridge.bridge-nf-call-ip6tables` is 1.
    pub ipv6: bool,
}

impl BridgeNf {
    /// Reads this machine's `/proc/sys`. A kernel that has no such setting passes none.
    pub fn read() -> Self {
        let on = |name: &str| {
            let value = fs::read_to_string(format!("/proc/sys/net/bridge/bridge-nf-call-{name}"));
            value.is_ok_and(|value| value.trim() == "1")
        };
        Self { ipv4: on("iptables"), ipv6: on("ip6tables") }
    }

    /// `true` if the packets of a range's family are passed.
    const fn shows(self, range: IpNet) -> bool {
        match range {
            IpNet::V4(_) => self.ipv4,
            IpNet::V6(_) => self.ipv6,
        }
    }
}

/// Finds, in the output of `iptables-save -t nat` (or `ip6tables-save -t nat`), rules such as
/// `-A POSTROUTING -s 10.0.1.0/24 ! -o br-0123456789ab -j MASQUERADE` for a range of the lab and a bridge that belongs
/// to no Docker network. They do harm only where the kernel passes bridged packets to them.
///
/// ```
/// # fn doctor(saved: &str, lab: &netlab::Lab, observed: &netlab::Observed) {
/// use netlab::preflight::{BridgeNf, stale_masquerades};
///
/// for conflict in stale_masquerades(saved, BridgeNf::read(), lab, observed) {
///     println!("{conflict}");
/// }
/// # }
/// ```
pub fn stale_masquerades(saved: &str, bridge_nf: BridgeNf, lab: &Lab, observed: &Observed) -> Vec<Conflict> {
    let bridges: Vec<String> = observed.networks.iter().filter_map(crate::NetworkState::bridge).collect();
    let stale = saved.lines().filter_map(rule).filter(|rule| {
        bridge_nf.shows(rule.source) && is_docker_bridge(rule.dev) && !bridges.iter().any(|b| b == rule.dev)
    });
    let hits = stale.flat_map(|rule| {
        let networks = lab.networks().iter().flat_map(|n| n.ranges().map(move |range| (n, range)));
        networks.filter(move |(_, range)| overlap(*range, rule.source)).map(move |(network, range)| {
            let ours = NamedRange::network(network, range);
            Conflict::StaleMasquerade { ours, dev: rule.dev.to_owned(), rule: rule.text.to_owned() }
        })
    });
    hits.collect()
}

#[derive(Clone, Copy)]
struct Rule<'a> {
    text: &'a str,
    source: IpNet,
    dev: &'a str,
}

fn rule(line: &str) -> Option<Rule<'_>> {
    let text = line.trim().strip_prefix("-A ")?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let after = |option: &[&str]| {
        let at = words.windows(option.len()).position(|window| window == option)?;
        words.get(at + option.len()).copied()
    };
    (after(&["-j"])? == "MASQUERADE").then_some(())?;
    Some(Rule { text, source: after(&["-s"])?.parse().ok()?, dev: after(&["!", "-o"])? })
}
