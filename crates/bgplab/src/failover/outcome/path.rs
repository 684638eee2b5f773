//! The data path, as a client saw it.

use serde::Serialize;

use super::super::stamp::{Micros, Stamp};
use super::super::watch::client::Probe;

/// The data path during some time, as a client saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Path {
    /// The number of questions sent.
    pub sent: usize,
    /// The number of questions that were never answered.
    pub lost: usize,
    /// The longest time between two answered questions, in milliseconds; the interval of the questions if none was
    /// lost.
    pub gap: Micros,
    /// The time of the first answer after the longest gap, in milliseconds; `None` if no question was lost, or none was
    /// answered any more.
    pub restored: Option<Micros>,
    /// `true` if the last question was answered.
    pub answered_at_end: bool,
}

impl Path {
    /// Takes the questions sent from one moment until another, with times counted from `zero`; `None` if there are
    /// none.
    pub(super) fn of(probes: &[Probe], (from, until): (Stamp, Stamp), zero: Stamp) -> Option<Self> {
        let first = probes.iter().position(|probe| probe.sent >= from)?;
        let asked: Vec<&Probe> = probes.iter().skip(first).take_while(|probe| probe.sent < until).collect();
        let lost = asked.iter().filter(|probe| probe.answered.is_none()).count();
        let last = asked.last()?;
        // A gap begins at the last answered question before it, even at one from before the time.
        let mut before = probes
            .get(..first)
            .and_then(|all| all.iter().rev().find(|probe| probe.answered.is_some()))
            .map_or(from, |probe| probe.sent);
        let (mut gap, mut restored) = (Micros(0), None);
        for probe in &asked {
            let Some(answered) = probe.answered else { continue };
            let length = probe.sent - before;
            if length > gap {
                (gap, restored) = (length, Some(answered - zero));
            }
            before = probe.sent;
        }
        let answered_at_end = last.answered.is_some();
        if !answered_at_end && last.sent - before > gap {
            (gap, restored) = (last.sent - before, None);
        }
        Some(Self { sent: asked.len(), lost, gap, restored: restored.filter(|_| lost > 0), answered_at_end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A question every 5 ms from 0 on, answered after 1 ms unless lost.
    fn probes(count: i64, lost: impl Fn(i64) -> bool) -> Vec<Probe> {
        let probe = |number: i64| {
            let sent = Stamp::from_micros(number * 5_000);
            Probe { sent, answered: (!lost(number)).then(|| sent.plus(Micros(1_000))) }
        };
        (0..count).map(probe).collect()
    }

    fn path(probes: &[Probe], from: i64, until: i64) -> Path {
        let stamp = Stamp::from_micros;
        Path::of(probes, (stamp(from), stamp(until)), stamp(from)).unwrap()
    }

    #[test]
    fn a_gap_reaches_from_answer_to_answer() {
        let probes = probes(100, |number| (21..60).contains(&number));
        let seen = path(&probes, 102_000, 500_000);
        assert_eq!((seen.sent, seen.lost, seen.gap), (79, 39, Micros(200_000)));
        assert_eq!(seen.restored, Some(Micros(300_000 + 1_000 - 102_000)));
        assert!(seen.answered_at_end);
    }

    #[test]
    fn what_is_never_answered_again_is_never_restored() {
        let seen = path(&probes(100, |number| number >= 21), 102_000, 500_000);
        assert_eq!((seen.lost, seen.restored, seen.answered_at_end), (79, None, false));
        assert_eq!(seen.gap, Micros(495_000 - 100_000));
    }

    #[test]
    fn without_a_loss_the_gap_is_how_often_it_asks() {
        let seen = path(&probes(100, |_| false), 102_000, 500_000);
        assert_eq!((seen.lost, seen.gap, seen.restored), (0, Micros(5_000), None));
        assert_eq!(Path::of(&[], (Stamp::default(), Stamp::default()), Stamp::default()), None);
    }
}
