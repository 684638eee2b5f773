//! The critical path: the chain of steps that a run could not have been faster than.

use std::time::Duration;

use serde::Serialize;

use super::Span;
use super::timeline::seconds;

/// A step's part of the critical path: from the end of what it waited for to its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Leg {
    /// The step.
    pub name: String,
    /// The time for which it alone kept the run.
    #[serde(serialize_with = "seconds")]
    pub took: Duration,
}

/// Returns the chain that ends with the last step, first step first.
///
/// A step's own part begins where it began, or where the last of those that it waited for ended: a wait that goes on
/// beside other work counts only from there on. What is on no chain is left out, so that the sum is at most the run's time.
fn critical_path(spans: &[Span]) -> Vec<Leg> {
    let mut legs = Vec::new();
    let mut next = spans.iter().max_by_key(|span| span.end);
    while let Some(span) = next {
        let before = |other: &&Span| span.after.contains(&other.name) && other.end < span.end;
        let previous = spans.iter().filter(before).max_by_key(|other| other.end);
        let from = previous.map_or(span.start, |previous| span.start.max(previous.end));
        legs.push(Leg { name: span.name.clone(), took: span.end.saturating_sub(from) });
        next = previous;
    }
    legs.reverse();
    legs
}

/// Returns the length of the chain.
fn length(legs: &[Leg]) -> Duration {
    legs.iter().map(|leg| leg.took).sum()
}

/// The times of a run. Fields are in seconds as JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Times {
    /// The time since the start of the run, in seconds.
    pub seconds: f64,
    /// The length of the critical path, in seconds.
    pub critical_path_seconds: f64,
    /// The critical path, first step first.
    pub critical_path: Vec<Leg>,
    /// All steps that have ended, in the order of their beginning.
    pub timeline: Vec<Span>,
}

impl Times {
    pub(super) fn of(elapsed: Duration, timeline: Vec<Span>) -> Self {
        let critical_path = critical_path(&timeline);
        let critical_path_seconds = length(&critical_path).as_secs_f64();
        Self { seconds: elapsed.as_secs_f64(), critical_path_seconds, critical_path, timeline }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Ended;
    use super::*;

    fn span(name: &str, start: u64, end: u64, after: &[&str]) -> Span {
        let after = after.iter().map(ToString::to_string).collect();
        let (start, end) = (Duration::from_secs(start), Duration::from_secs(end));
        Span { name: name.to_owned(), start, end, after, ended: Ended::Done }
    }

    fn path(spans: &[Span]) -> Vec<(String, u64)> {
        critical_path(spans).into_iter().map(|leg| (leg.name, leg.took.as_secs())).collect()
    }

    #[test]
    fn the_longest_chain_is_followed_back_from_the_end() {
        let spans = [
            span("save", 0, 5, &[]),
            span("kind", 0, 20, &[]),
            span("import", 8, 15, &["save"]),
            span("make", 21, 25, &["kind", "import"]),
        ];
        assert_eq!(path(&spans), [("kind".to_owned(), 20), ("make".to_owned(), 4)]);
        assert_eq!(length(&critical_path(&spans)), Duration::from_secs(24), "the second between is nobody's");
    }

    #[test]
    fn a_wait_beside_other_work_counts_from_its_end() {
        let spans = [span("pods", 0, 10, &[]), span("address", 2, 12, &["pods"])];
        assert_eq!(path(&spans), [("pods".to_owned(), 10), ("address".to_owned(), 2)]);
    }

    #[test]
    fn nothing_has_no_path() {
        assert_eq!(path(&[]), []);
    }
}
