//! The observer of a run.

use std::time::Duration;

use super::Ended;

/// The identity of a step within its run: two steps may have one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub(super) u64);

/// An event of a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A step began.
    Started {
        /// The step.
        step: StepId,
        /// The stable name.
        name: &'a str,
    },
    /// A step goes on.
    Noted {
        /// The step.
        step: StepId,
        /// The stable name.
        name: &'a str,
        /// The condition that it waits for, or a line of output.
        note: &'a str,
    },
    /// A step ended.
    Ended {
        /// The step.
        step: StepId,
        /// The stable name.
        name: &'a str,
        /// The way in which it ended.
        ended: Ended,
        /// The result in a few words.
        result: &'a str,
        /// The duration.
        elapsed: Duration,
    },
    /// A line that belongs to no step.
    Line(&'a str),
    /// A line that another program wrote.
    Output(&'a str),
}

/// A receiver of events: a closure, or `()`, which ignores them.
pub trait Observer: Send + Sync {
    /// Receives an event as it happens, on any thread: it should return soon.
    fn event(&self, event: &Event<'_>);
}

impl Observer for () {
    fn event(&self, _: &Event<'_>) {}
}

impl<F: Fn(&Event<'_>) + Send + Sync> Observer for F {
    fn event(&self, event: &Event<'_>) {
        self(event);
    }
}
