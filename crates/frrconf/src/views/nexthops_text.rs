//! The next hops as FRR prints them for people, the only form that FRR 8 has.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::answer::no_document;
use super::{Resolution, RouteHop, ViewError};

/// An address at a line's beginning, then indented: `resolved via static[, prefix P]`, `via A, eth0`,
/// `is directly connected, eth0`; or `unresolved`.
pub(super) fn read(command: &'static str, answer: &str) -> Result<BTreeMap<IpAddr, Resolution>, ViewError> {
    if answer.trim_start().starts_with('%') {
        return Err(no_document(command, answer));
    }
    let mut hops: BTreeMap<IpAddr, Vec<Resolution>> = BTreeMap::new();
    let mut current = None;
    for line in answer.lines() {
        // From 10.5 on an empty line parts the several resolutions of one next hop.
        if !line.is_empty() && !line.starts_with(' ') {
            // FRR marks some next hops: `10.0.2.2(Connected)`.
            current = line.split('(').next().and_then(|address| address.trim().parse::<IpAddr>().ok());
        }
        let Some(of_hop) = current.map(|address| hops.entry(address).or_default()) else { continue };
        match of_hop.last_mut().filter(|_| line.starts_with(' ')) {
            Some(resolution) => take(resolution, line.trim()),
            None => of_hop.push(Resolution::default()),
        }
    }
    Ok(hops.into_iter().map(|(address, all)| (address, Resolution::first(all))).collect())
}

fn take(resolution: &mut Resolution, line: &str) {
    let mut words = line.split([' ', ',']).filter(|word| !word.is_empty());
    if let Some(rest) = line.strip_prefix("resolved via ") {
        let mut words = rest.split([' ', ',']).filter(|word| !word.is_empty());
        resolution.protocol = words.next().map(str::to_owned);
        resolution.prefix = words.skip_while(|word| *word != "prefix").nth(1).and_then(|prefix| prefix.parse().ok());
    } else if line.starts_with("via ") {
        let ip = words.nth(1).and_then(|address| address.parse().ok());
        resolution.via.push(hop(ip, words.next()));
    } else if line.starts_with("is directly connected") {
        resolution.via.push(hop(None, words.nth(3)));
    }
}

fn hop(ip: Option<IpAddr>, interface: Option<&str>) -> RouteHop {
    let interface = interface.map(str::to_owned);
    RouteHop { ip, interface, fib: true, active: true, recursive: false, blackhole: false }
}
