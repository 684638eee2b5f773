//! FRR's log lines, as bgpd and bfdd of FRR 8.4 to 10.x write them with `debug bgp neighbor-events`, `debug bgp zebra`
//! and `debug bfd peer`.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;
use jiff::civil::DateTime;

use super::super::event::What;
use super::super::stamp::{Micros, Stamp};

/// Reads a log line by line. Some events take several lines.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// The cause of each BGP session's last state change.
    causes: BTreeMap<IpAddr, String>,
    /// A table change whose next hops are still to come.
    told: Option<Told>,
}

#[derive(Debug)]
struct Told {
    at: Stamp,
    prefix: IpNet,
    missing: usize,
    hops: BTreeSet<IpAddr>,
}

/// Reads the local time at the beginning of a line, as if it were UTC, and returns it with the rest of the line.
pub(crate) fn stamp(line: &str) -> Option<(Stamp, &str)> {
    // 2026/11/25 08:09:35.723395 BFD: [SEY1D-NT8EQ] state-change: …
    let (day, rest) = line.split_once(' ')?;
    let (time, rest) = rest.split_once(' ')?;
    let civil = DateTime::strptime("%Y/%m/%d %H:%M:%S%.f", format!("{day} {time}")).ok()?;
    let moment = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some((Stamp::from_micros(moment.as_microsecond()), rest))
}

/// Returns the offset of a container's local time from the kernel's, in whole quarters of an hour, as time zones are. A
/// log's last line is written at once, so that the file's modification time shows the offset.
pub(crate) fn zone(last_line: Stamp, changed: Stamp) -> Micros {
    const QUARTER: i64 = 900_000_000;
    let Micros(apart) = changed - last_line;
    Micros((apart + QUARTER / 2).div_euclid(QUARTER) * QUARTER)
}

impl Reader {
    /// Takes a line, and returns the event that it completes; `None` if it completes none.
    pub(crate) fn take(&mut self, line: &str) -> Option<(Stamp, What)> {
        let (at, text) = stamp(line)?;
        // The daemon's name, and a code in brackets, or two.
        let (_, mut text) = text.split_once(": ")?;
        while let Some(rest) = text.strip_prefix('[') {
            let Some((code, after)) = rest.split_once(']') else { break };
            if matches!(code, "FSM" | "Event") {
                break;
            }
            text = after.trim_start();
        }
        if let Some(hop) = text.trim_start().strip_prefix("nhop [") {
            return self.hop(hop);
        }
        if let Some(change) = text.strip_prefix("state-change: ") {
            return Some((at, bfd(change)?));
        }
        if let Some(told) = text.strip_prefix("Tx route ") {
            return self.told(at, told);
        }
        self.session(at, text)
    }

    /// Reads `add VRF 0 203.0.113.200/32 metric 0 tag 0 count 2 nhg 0`, from FRR 10 on `VRF default (table id 0)`; or
    /// `delete …`.
    fn told(&mut self, at: Stamp, text: &str) -> Option<(Stamp, What)> {
        let mut words = text.split_whitespace();
        let verb = words.next()?;
        let prefix = words.by_ref().find_map(|word| word.parse().ok())?;
        let count = words.skip_while(|word| *word != "count").nth(1).and_then(|count| count.parse().ok());
        self.told = None;
        match (verb, count.unwrap_or(0)) {
            ("add", missing @ 1..) => {
                self.told = Some(Told { at, prefix, missing, hops: BTreeSet::new() });
                None
            }
            ("add" | "delete", _) => Some((at, What::Table { prefix, hops: BTreeSet::new() })),
            _ => None,
        }
    }

    /// Reads `1]: 10.0.1.4 if 0 VRF 0 wt 0`.
    fn hop(&mut self, text: &str) -> Option<(Stamp, What)> {
        let told = self.told.as_mut()?;
        let hop: Option<IpAddr> = text.split_whitespace().find_map(|word| word.parse().ok());
        told.hops.extend(hop);
        told.missing -= 1;
        if told.missing > 0 {
            return None;
        }
        let Told { at, prefix, hops, .. } = self.told.take()?;
        Some((at, What::Table { prefix, hops }))
    }

    /// Reads `10.0.1.3 [FSM] BGP_Stop (Established->Clearing), fd 25`, then `10.0.1.3 went from Established to
    /// Clearing`.
    fn session(&mut self, at: Stamp, text: &str) -> Option<(Stamp, What)> {
        let (first, rest) = text.split_once(' ')?;
        // A connection that is being set up has its direction behind the address.
        let peer: IpAddr = first.split('(').next()?.parse().ok()?;
        if let Some(step) = rest.strip_prefix("[FSM] ") {
            // Timers are logged here, too, without a state change.
            if let Some((cause, _)) = step.split_once(" (").filter(|(_, states)| states.contains("->")) {
                self.causes.insert(peer, cause.to_owned());
            }
            return None;
        }
        let (_, states) = rest.split_once("went from ")?;
        let (from, to) = states.split_once(" to ")?;
        let to = to.split_whitespace().next()?;
        let up = match (from, to) {
            (_, "Established") => true,
            ("Established", _) => false,
            _ => return None,
        };
        let why = self.causes.get(&peer).cloned().unwrap_or_default();
        Some((at, What::Bgp { peer, up, why }))
    }
}

/// Reads `[mhop:yes peer:10.0.1.3 local:10.0.2.3 vrf:default] up -> down reason:control-expired`.
fn bfd(text: &str) -> Option<What> {
    let (session, change) = text.strip_prefix('[')?.split_once("] ")?;
    let peer = session.split_whitespace().find_map(|word| word.strip_prefix("peer:"))?.parse().ok()?;
    let (from, to) = change.split_once(" -> ")?;
    let (to, why) = to.split_once(' ').unwrap_or((to, ""));
    let why = why.trim_start_matches("reason:").to_owned();
    match (from, to) {
        (_, "up") => Some(What::Bfd { peer, up: true, why }),
        ("up", _) => Some(What::Bfd { peer, up: false, why }),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
