//! The steps of a run in time.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// One step that has ended. Times are since the start of the run; as JSON, in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Span {
    /// The step's name.
    pub name: String,
    /// The time at which it began.
    #[serde(serialize_with = "seconds")]
    pub start: Duration,
    /// The time at which it ended.
    #[serde(serialize_with = "seconds")]
    pub end: Duration,
    /// The steps that it waited for before it began.
    pub after: Vec<String>,
    /// The way in which it ended.
    pub ended: Ended,
}

/// The end of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "lowercase")]
pub enum Ended {
    /// It did what it was to do.
    Done,
    /// It failed.
    Failed,
    /// It was dropped: another step failed, or a signal came.
    Unfinished,
}

pub(super) fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((time.as_secs_f64() * 1000.0).round() / 1000.0)
}
