//! Sessions that were down when they were checked, and are up again: no fault that is still there to be repaired.

use std::time::Duration;

use frrconf::views::{BfdStatus, BgpState};

use super::pair::{End, ends};
use crate::check::{Check, Topic};
use crate::evidence::Evidence;
use crate::finding::{Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[Rule::inference("session-flapped", Layer::Bfd, flapped)];

/// A session that has been up for longer was up when it was checked, too.
const RECENT: Duration = Duration::from_secs(30);

fn flapped(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for end in ends(e) {
        let failed = [Topic::Bgp, Topic::Bfd].into_iter().filter(|topic| end.is_among(open, *topic));
        let seen: Vec<String> = failed.filter_map(|topic| again(&end, topic)).collect();
        if seen.is_empty() || !is_up(&end) || !end.other(e).is_none_or(|other| is_up(&other)) {
            continue;
        }
        let (near, far) = (&end.near.name, &end.far.name);
        let breaks = [end.broken(), end.without_bfd()];
        // Both ends say the same of one session.
        if let Some(other) = all.iter_mut().find(|found| found.breaks == breaks) {
            other.evidence.extend(seen);
            continue;
        }
        let cause =
            format!("the session of {near} and {far} flapped: it was down when it was checked, and is up again");
        let found = Found::new(cause, breaks)
            .remedy("nothing is to be repaired: look again by ⌘ verify\nif it flaps again, the machine may be too busy for these timers (uptime, docker stats)");
        all.push(seen.into_iter().fold(found, Found::seen));
    }
    all
}

/// Returns `true` if an end has both protocols up.
fn is_up(end: &End<'_>) -> bool {
    let bfd = || end.frr.bfd.iter().flat_map(|bfd| bfd.to(end.far.address));
    let watched = end.session.bfd.is_none() || bfd().next().is_some();
    end.state().is_some_and(|state| state.state == BgpState::Established)
        && watched
        && bfd().all(|session| session.status == BfdStatus::Up)
}

/// Returns for how long a protocol has been up again, how often it went down, and why; `None` where it did not come back just now.
fn again(end: &End<'_>, topic: Topic) -> Option<String> {
    let (near, address) = (&end.near.name, end.far.address);
    let (command, up, times, why) = match topic {
        Topic::Bfd => {
            let session = end.frr.bfd.as_ref()?.to(address).next()?;
            let times = end.frr.bfd_counters.as_ref()?.downs(address);
            ("show bfd peers counters", session.uptime?, times, session.diagnostic.as_ref())
        }
        _ => {
            let state = end.state()?;
            ("show bgp neighbors", state.up?, state.dropped, state.last_reset.as_ref())
        }
    };
    let why = why.map(|why| format!(", last for: {why}")).unwrap_or_default();
    (up < RECENT && times > 0).then(|| {
        format!("{command} on {near}: {address} up again for {} s, went down {times} times so far{why}", up.as_secs())
    })
}

#[cfg(test)]
mod tests {
    use frrconf::views::{BfdCounters, BfdPeers, BgpNeighbors};

    use super::*;
    use crate::evidence::tests::fail;
    use crate::rules::tests::{broken, only};
    use crate::subject::Subject;

    /// The session of frr1 and kind-worker failed its checks at frr1; now it has been up for some seconds, and was down
    /// some times.
    fn after(up: u64, times: u64, status: &str) -> Evidence {
        broken(|e| {
            for (place, peer) in [("frr1", "10.0.1.3"), ("kind-worker", "10.0.2.3")] {
                let frr = e.frr.get_mut(place).unwrap();
                let bgp = format!(
                    r#"{{"{peer}":{{"bgpState":"Established","bgpTimerUpMsec":{up}000,"connectionsDropped":{times},"lastResetDueTo":"BFD down received"}}}}"#
                );
                let bfd = format!(
                    r#"[{{"peer":"{peer}","multihop":true,"status":"{status}","uptime":{up},"diagnostic":"control detection time expired","receive-interval":300}}]"#
                );
                let counters =
                    format!(r#"[{{"peer":"{peer}","multihop":true,"session-up":3,"session-down":{times}}}]"#);
                let neighbors = BgpNeighbors::parse(&bgp).unwrap().neighbors;
                frr.neighbors.get_or_insert_default().neighbors.extend(neighbors);
                let sessions = &mut frr.bfd.as_mut().unwrap().0;
                sessions.retain(|session| session.peer.to_string() != peer);
                sessions.extend(BfdPeers::parse(&bfd).unwrap().0);
                frr.bfd_counters = Some(BfdCounters::parse(&counters).unwrap());
            }
            fail(e, Topic::Bgp, Subject::session("frr1", "kind-worker"));
            fail(e, Topic::Bfd, Subject::session("frr1", "kind-worker"));
        })
    }

    #[test]
    fn a_flap_is_called_one() {
        let words = [
            "frr1 and kind-worker flapped: it was down when it was checked, and is up again",
            "show bgp neighbors on frr1: 10.0.1.3 up again for 2 s, went down 3 times so far, last for: BFD down received",
            "show bfd peers counters on frr1: 10.0.1.3 up again for 2 s, went down 3 times so far, last for: control",
            "look again by ⌘ verify",
        ];
        only(&after(2, 3, "up"), "session-flapped", &words);
    }

    #[test]
    fn what_is_down_or_never_was_is_no_flap() {
        for (up, times, status) in [(900, 3, "up"), (2, 0, "up"), (2, 3, "down")] {
            let found = crate::conclude::Diagnosis::of(&after(up, times, status)).findings;
            assert!(found.iter().all(|finding| finding.rule != "session-flapped"), "{up} {times} {status}: {found:?}");
        }
    }
}
