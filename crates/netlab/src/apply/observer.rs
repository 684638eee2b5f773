//! The observer of a plan that is carried out.

use std::time::Duration;

use super::StepError;
use crate::plan::Step;

/// An event of a step.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The step began.
    Started {
        /// The stable name.
        name: &'a str,
        /// The step.
        step: &'a Step,
    },
    /// The step is done.
    Done {
        /// The stable name.
        name: &'a str,
        /// The step.
        step: &'a Step,
        /// The duration.
        elapsed: Duration,
    },
    /// The step failed.
    Failed {
        /// The stable name.
        name: &'a str,
        /// The step.
        step: &'a Step,
        /// The duration.
        elapsed: Duration,
        /// The reason.
        error: &'a StepError,
    },
}

/// A receiver of events: a closure, or `()`, which ignores them.
pub trait Observer: Sync {
    /// Receives an event as it happens, on the task that applies: it should return soon.
    fn event(&self, event: &Event<'_>);
}

impl Observer for () {
    fn event(&self, _: &Event<'_>) {}
}

impl<F: Fn(&Event<'_>) + Sync> Observer for F {
    fn event(&self, event: &Event<'_>) {
        self(event);
    }
}
