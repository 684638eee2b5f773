//! Lines from checks: what `verify` says of a thing, this says of it, too.

use super::Line;
use crate::checks::Check;

/// The word for what passes, where no other was chosen.
const READY: &str = "ready";

/// Returns the line of a check in the check's own words.
pub(super) fn plain(check: &Check) -> Line {
    line(check.subject.to_string(), &[check], check.seen.clone())
}

/// Returns the line of a thing that has some checks, its state in `words`. Where the words hide why a check failed, the
/// check's own come behind them.
pub(super) fn line(name: impl Into<String>, checks: &[&Check], words: String) -> Line {
    let expected = checks.iter().map(|check| check.expected.as_deref().unwrap_or(READY));
    let should = expected.collect::<Vec<_>>().join(", ");
    let failed = checks.iter().find(|check| !check.passed);
    let is = match failed {
        Some(check) if words == should => format!("{words}: {}", check.seen),
        _ => words,
    };
    Line { name: name.into(), should, is, ok: failed.is_none() }
}
