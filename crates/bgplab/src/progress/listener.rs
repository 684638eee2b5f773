//! The listeners to a run's progress.

use std::fmt;
use std::time::Duration;

use super::Ended;

/// The identity of a step within its run: two steps may have one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub(super) u64);

/// Hears of a run's progress, from any thread. Every method returns at once.
pub trait Listener: fmt::Debug + Send + Sync {
    /// Hears that a step has begun.
    fn begun(&self, _step: StepId, _name: &str) {}

    /// Hears what a step is at: what it still misses, a line of output.
    fn noted(&self, _step: StepId, _name: &str, _note: &str) {}

    /// Hears that a step has ended, what came of it, and how long it took.
    fn ended(&self, _step: StepId, _name: &str, _ended: Ended, _result: &str, _took: Duration) {}

    /// Hears a line that belongs to no step.
    fn said(&self, _line: &str) {}

    /// Hears a line that another program wrote.
    fn passed(&self, _line: &str) {}
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Listener for Silent {}
