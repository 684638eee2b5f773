//! The rows: each cell with what was measured.

use camino::Utf8PathBuf;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Cell;
use crate::failover::Scenario;
use crate::failover::stamp::Micros;
use crate::failover::study::Findings;
use crate::failover::summary::Line;
use crate::failure::{Failure, Kind};
use crate::journal::Entry;

/// A cell that was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The lab.
    pub lab: String,
    /// The cell.
    pub cell: Cell,
    /// The time at which it was finished.
    pub at: Timestamp,
    /// The FRR that runs on the first router, as it calls itself: `8.4`.
    pub routers_frr: Option<String>,
    /// The FRR that speaks for the first node; `None` where the backend has none.
    pub nodes_frr: Option<String>,
    /// The time from nothing to a lab whose every check passes, in seconds.
    pub up_seconds: Option<f64>,
    /// The time of the same once more, which changes nothing, in seconds.
    pub again_seconds: Option<f64>,
    /// The failures that were caused, in their order.
    pub failovers: Vec<Measured>,
    /// The reason why the cell is red; `None` if it is green.
    pub broken: Option<Broken>,
}

/// A failure that was caused. Times are in milliseconds, each the longest of all places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// The scenario.
    pub scenario: Scenario,
    /// `true` if all was as the timers predict.
    pub passed: bool,
    /// The time until sessions were lost; `None` if none was.
    pub noticed: Option<i64>,
    /// The time for which a client got no answer; `None` if every question was answered.
    pub interrupted: Option<i64>,
    /// The time until sessions were established again.
    pub back: Option<i64>,
    /// The number of sessions that stayed down until the remedy was applied: the deadlock of BGP and BFD.
    pub stuck: usize,
    /// `true` if the machine was busy while it was measured.
    pub busy: bool,
}

/// The reason why a cell is red.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// The step that failed: `up`, or a scenario.
    pub step: String,
    /// The failure, and its causes.
    pub why: Vec<String>,
    /// `true` if there can be no such lab: it was refused, and nothing was made.
    pub refused: bool,
    /// The archive that `collect` made of it.
    pub evidence: Option<Utf8PathBuf>,
}

impl Entry for Row {
    const BEGIN: &'static str = "{\"lab\":";
}

impl Row {
    /// Makes the row of a cell of which nothing is known yet.
    #[must_use]
    pub fn of(lab: String, cell: Cell) -> Self {
        Self {
            lab,
            cell,
            at: Timestamp::now(),
            routers_frr: None,
            nodes_frr: None,
            up_seconds: None,
            again_seconds: None,
            failovers: Vec::new(),
            broken: None,
        }
    }

    /// `true` if all was as it should be.
    #[must_use]
    pub fn is_green(&self) -> bool {
        self.broken.is_none()
    }
}

impl Measured {
    /// Reads the figures of one run's findings.
    pub(super) fn of(findings: &Findings, stuck: usize) -> Self {
        let lines: Vec<&Line> = findings.series.iter().flat_map(|series| &series.summary).collect();
        let longest = |of: fn(&Line) -> Option<Micros>| lines.iter().filter_map(|line| of(line)).max().map(millis);
        Self {
            scenario: findings.scenario,
            passed: findings.passed,
            noticed: longest(|line| line.loss.session.map(|figure| figure.median)),
            interrupted: longest(|line| {
                [line.loss.gap, line.recovery.gap].into_iter().flatten().map(|figure| figure.median).max()
            }),
            back: longest(|line| line.recovery.session.map(|figure| figure.median)),
            stuck,
            busy: findings.series.iter().flat_map(|series| &series.runs).any(|run| run.busy),
        }
    }
}

impl Broken {
    /// Reads a failure of a step.
    pub(super) fn by(step: &str, failure: &Failure) -> Self {
        let mut why = vec![failure.message().to_owned()];
        why.extend(failure.causes().iter().cloned());
        let found = failure.diagnosis().into_iter().flat_map(|diagnosis| &diagnosis.findings);
        why.extend(found.map(|finding| finding.cause.clone()));
        let refused = failure.kind() == Kind::WrongUse;
        Self { step: step.to_owned(), why, refused, evidence: None }
    }
}

const fn millis(time: Micros) -> i64 {
    time.0 / 1000
}
