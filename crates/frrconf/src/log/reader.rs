//! From lines to events.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;

use super::{LogEvent, LogTime};

/// Reads one daemon's log line by line. Some events take several lines.
#[derive(Debug, Clone, Default)]
pub struct LogReader {
    /// The cause of the last step of each BGP session's state machine.
    causes: BTreeMap<IpAddr, String>,
    /// A route whose next hops are still to come.
    route: Option<Route>,
}

#[derive(Debug, Clone)]
struct Route {
    at: LogTime,
    prefix: IpNet,
    missing: usize,
    next_hops: BTreeSet<IpAddr>,
}

impl LogReader {
    /// Takes the next line. Returns the event that it completes, with the event's own time.
    pub fn take(&mut self, line: &str) -> Option<(LogTime, LogEvent)> {
        let (at, text) = LogTime::split(line)?;
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
            return self.next_hop(hop);
        }
        if let Some(change) = text.strip_prefix("state-change: ") {
            return Some((at, bfd(change)?));
        }
        if let Some(route) = text.strip_prefix("Tx route ") {
            return self.route(at, route);
        }
        self.session(at, text)
    }

    /// `add VRF 0 203.0.113.200/32 metric 0 tag 0 count 2 nhg 0`, from 10 on `VRF default (table id 0)`; or `delete …`.
    fn route(&mut self, at: LogTime, text: &str) -> Option<(LogTime, LogEvent)> {
        let mut words = text.split_whitespace();
        let verb = words.next()?;
        let prefix = words.by_ref().find_map(|word| word.parse().ok())?;
        let count = words.skip_while(|word| *word != "count").nth(1).and_then(|count| count.parse().ok());
        self.route = None;
        match (verb, count.unwrap_or(0)) {
            ("add", missing @ 1..) => {
                self.route = Some(Route { at, prefix, missing, next_hops: BTreeSet::new() });
                None
            }
            ("add" | "delete", _) => Some((at, LogEvent::Route { prefix, next_hops: BTreeSet::new() })),
            _ => None,
        }
    }

    /// `1]: 10.0.1.4 if 0 VRF 0 wt 0`
    fn next_hop(&mut self, text: &str) -> Option<(LogTime, LogEvent)> {
        let route = self.route.as_mut()?;
        let hop: Option<IpAddr> = text.split_whitespace().find_map(|word| word.parse().ok());
        route.next_hops.extend(hop);
        route.missing -= 1;
        if route.missing > 0 {
            return None;
        }
        let Route { at, prefix, next_hops, .. } = self.route.take()?;
        Some((at, LogEvent::Route { prefix, next_hops }))
    }

    /// `10.0.1.3 [FSM] BGP_Stop (Established->Clearing), fd 25`, then `10.0.1.3 went from Established to Clearing`.
    fn session(&mut self, at: LogTime, text: &str) -> Option<(LogTime, LogEvent)> {
        let (first, rest) = text.split_once(' ')?;
        // A connection that is being opened has its direction behind the address.
        let peer: IpAddr = first.split('(').next()?.parse().ok()?;
        if let Some(step) = rest.strip_prefix("[FSM] ") {
            // Timers are logged the same way, but lead from no state to another.
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
        Some((at, LogEvent::Bgp { peer, up, why: self.causes.get(&peer).cloned().unwrap_or_default() }))
    }
}

/// `[mhop:yes peer:10.0.1.3 local:10.0.2.3 vrf:default] up -> down reason:control-expired`
fn bfd(text: &str) -> Option<LogEvent> {
    let (session, change) = text.strip_prefix('[')?.split_once("] ")?;
    let peer = session.split_whitespace().find_map(|word| word.strip_prefix("peer:"))?.parse().ok()?;
    let (from, to) = change.split_once(" -> ")?;
    let (to, why) = to.split_once(' ').unwrap_or((to, ""));
    let why = why.trim_start_matches("reason:").to_owned();
    match (from, to) {
        (_, "up") => Some(LogEvent::Bfd { peer, up: true, why }),
        ("up", _) => Some(LogEvent::Bfd { peer, up: false, why }),
        _ => None,
    }
}
