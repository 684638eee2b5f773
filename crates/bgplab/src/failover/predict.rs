//! The time in which a loss has to be noticed, by the timers that both ends of a session have agreed on.

use std::time::Duration;

use frrconf::views::{BfdSession, BgpNeighbor};
use serde::Serialize;

use super::scenario::Notice;
use super::stamp::Micros;

/// The longest time in which a closed connection or a notification is noticed, by the kernel and then by the daemon.
const CLOSED: Duration = Duration::from_millis(200);

/// The longest time from the notice until the last router has changed its kernel's route. At each router, FRR collects
/// changes for 50 ms before it selects the best path, and zebra for another 10 ms.
pub(crate) const ROUTING: Duration = Duration::from_millis(500);

/// A session's timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Timers {
    /// BFD's timers; `None` if it does not watch the session.
    pub bfd: Option<Bfd>,
    /// BGP's hold time and keepalive interval.
    #[serde(skip)]
    pub hold: Option<(Duration, Duration)>,
}

/// A BFD session's timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Bfd {
    /// The far end's multiplier.
    pub multiplier: u8,
    /// The slower of what the far end sends and this end takes, in milliseconds.
    pub interval_ms: u32,
}

impl Timers {
    /// Takes the timers from FRR's views of the neighbor and of the BFD session.
    pub(crate) fn of(neighbor: Option<&BgpNeighbor>, bfd: Option<&BfdSession>) -> Self {
        let bfd = bfd.and_then(|session| {
            let interval_ms = session.receive_interval.max(session.remote_transmit_interval?);
            Some(Bfd { multiplier: session.remote_detect_multiplier?, interval_ms })
        });
        Self { bfd, hold: neighbor.and_then(|neighbor| neighbor.hold.zip(neighbor.keepalive)) }
    }
}

/// The window in which a loss has to be noticed, counted from the break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prediction {
    /// The earliest time, in milliseconds.
    pub at_least: Micros,
    /// The latest time, in milliseconds.
    pub at_most: Micros,
    /// The reason, in words.
    pub because: String,
}

/// Predicts when a session's loss is noticed; `None` if nothing bounds it.
pub(crate) fn noticed(notice: Notice, timers: &Timers) -> Option<Prediction> {
    match (notice, timers.bfd, timers.hold) {
        (Notice::Open, ..) => None,
        (Notice::Closed, ..) => {
            let because = "the connection closes".to_owned();
            Some(Prediction { at_least: Micros(0), at_most: CLOSED.into(), because })
        }
        (Notice::Silence | Notice::BfdSilence, Some(Bfd { multiplier, interval_ms }), _) => {
            let interval = i64::from(interval_ms) * 1000;
            // The last packet came at most one interval before the break.
            Some(Prediction {
                at_least: Micros(interval * (i64::from(multiplier) - 1)),
                at_most: Micros(interval * i64::from(multiplier)),
                because: format!("BFD, {multiplier} × {interval_ms} ms"),
            })
        }
        (Notice::Silence, None, Some((hold, keepalive))) if !hold.is_zero() => {
            // bgpd restarts the hold timer with each message, and checks it to the second.
            let second = Duration::from_secs(1);
            Some(Prediction {
                at_least: hold.saturating_sub(keepalive + second).into(),
                at_most: (hold + second).into(),
                because: format!("hold time {} s, keepalive {} s", hold.as_secs(), keepalive.as_secs()),
            })
        }
        (Notice::Silence | Notice::BfdSilence, ..) => None,
    }
}

/// The verdict on an observation, given its prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Verdict {
    /// It came in time.
    Within {
        /// The time left until the bound.
        margin: Micros,
    },
    /// It came too late.
    Beyond {
        /// The time past the bound.
        excess: Micros,
    },
    /// It never came.
    Missing,
    /// Nothing was predicted.
    Open,
}

impl Verdict {
    /// Judges a time that is known up to an error.
    pub fn of(bound: Option<Micros>, seen: Option<Micros>, error: Micros) -> Self {
        match (bound, seen) {
            (None, _) => Self::Open,
            (Some(_), None) => Self::Missing,
            (Some(Micros(bound)), Some(Micros(seen))) if seen <= bound + error.0 => {
                Self::Within { margin: Micros(bound - seen) }
            }
            (Some(Micros(bound)), Some(Micros(seen))) => Self::Beyond { excess: Micros(seen - bound) },
        }
    }

    /// Returns a key for sorting: the greater, the worse.
    pub const fn badness(self) -> (u8, Micros) {
        match self {
            Self::Open => (0, Micros(0)),
            Self::Within { margin } => (1, Micros(-margin.0)),
            Self::Beyond { excess } => (2, excess),
            Self::Missing => (3, Micros(0)),
        }
    }

    /// `true` if it contradicts the prediction.
    pub const fn fails(self) -> bool {
        matches!(self, Self::Beyond { .. } | Self::Missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BFD: Timers = Timers {
        bfd: Some(Bfd { multiplier: 3, interval_ms: 300 }),
        hold: Some((Duration::from_secs(90), Duration::from_secs(30))),
    };

    #[test]
    fn bfd_counts_from_the_last_packet() {
        let prediction = noticed(Notice::Silence, &BFD).unwrap();
        assert_eq!((prediction.at_least, prediction.at_most), (Micros(600_000), Micros(900_000)));
        assert_eq!(prediction.because, "BFD, 3 × 300 ms");
    }

    #[test]
    fn without_bfd_the_hold_timer_counts() {
        let prediction = noticed(Notice::Silence, &Timers { bfd: None, ..BFD }).unwrap();
        assert_eq!((prediction.at_least, prediction.at_most), (Micros(59_000_000), Micros(91_000_000)));
        assert_eq!(noticed(Notice::Silence, &Timers::default()), None);
        let never = Timers { bfd: None, hold: Some((Duration::ZERO, Duration::ZERO)) };
        assert_eq!(noticed(Notice::Silence, &never), None, "a hold time of 0 never runs out");
    }

    #[test]
    fn a_closed_connection_is_noticed_at_once_with_bfd_or_without() {
        let bound = |timers| noticed(Notice::Closed, timers).map(|prediction| prediction.at_most);
        assert_eq!(bound(&BFD), Some(CLOSED.into()));
        assert_eq!(bound(&Timers::default()), Some(CLOSED.into()));
        assert_eq!(noticed(Notice::Open, &BFD), None);
        let bfdd_dies = |timers| noticed(Notice::BfdSilence, timers);
        assert_eq!(bfdd_dies(&BFD), noticed(Notice::Silence, &BFD));
        assert_eq!(bfdd_dies(&Timers { bfd: None, ..BFD }), None, "BGP goes on");
    }

    #[test]
    fn a_verdict_allows_for_the_error() {
        let judged = |seen| Verdict::of(Some(Micros(900)), seen, Micros(10));
        assert_eq!(judged(Some(Micros(750))), Verdict::Within { margin: Micros(150) });
        assert_eq!(judged(Some(Micros(910))), Verdict::Within { margin: Micros(-10) });
        assert_eq!(judged(Some(Micros(911))), Verdict::Beyond { excess: Micros(11) });
        assert!(judged(None).fails());
        assert!(!Verdict::of(None, None, Micros(0)).fails());
    }
}
