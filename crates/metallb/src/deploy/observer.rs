//! The observer of an installation, and its report.

use std::cell::Cell;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::Repair;
use crate::Error;

/// An event of an installation or a removal.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A step is about to begin.
    Started {
        /// The stable name.
        name: &'a str,
        /// The way to end the run here instead.
        stop: &'a Stop,
    },
    /// A step waits.
    Waiting {
        /// The stable name.
        name: &'a str,
        /// The condition that does not hold yet.
        missing: &'a str,
    },
    /// A step is done.
    Done {
        /// The stable name.
        name: &'a str,
        /// The duration.
        elapsed: Duration,
    },
    /// A repair was made.
    Repaired(&'a Repair),
}

/// A request to end a run before its next step, with [`Error::Stopped`].
#[derive(Debug, Default)]
pub struct Stop(Cell<bool>);

impl Stop {
    /// Ends the run.
    pub fn request(&self) {
        self.0.set(true);
    }
}

/// A receiver of events: a closure, or `()`, which ignores them.
pub trait Observer: Sync {
    /// Receives an event as it happens, on the task that deploys or removes: it should return soon.
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

/// Begins a step, unless the observer stops the run.
pub(crate) fn begin(observer: &dyn Observer, name: &str) -> Result<Instant, Error> {
    let stop = Stop::default();
    observer.event(&Event::Started { name, stop: &stop });
    if stop.0.get() { Err(Error::Stopped { step: name.to_owned() }) } else { Ok(Instant::now()) }
}

/// A finished step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StepReport {
    /// The step's name, the same in every run.
    pub step: String,
    /// The duration.
    pub took: Duration,
}

/// Does a step that the observer sees, and may prevent.
pub(crate) async fn step<T>(
    observer: &dyn Observer,
    name: &str,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<(T, StepReport), Error> {
    let begun = begin(observer, name)?;
    let done = work.await?;
    let took = begun.elapsed();
    observer.event(&Event::Done { name, elapsed: took });
    Ok((done, StepReport { step: name.to_owned(), took }))
}

/// The outcome of an installation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The steps, in order, waits included.
    pub steps: Vec<StepReport>,
    /// The repairs that were made.
    pub repairs: Vec<Repair>,
    /// The number of objects created, changed or removed: 0 if everything was as it should be.
    pub changed: usize,
}
