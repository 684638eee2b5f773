//! Who is told what an installation does, and what it came to.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::Repair;
use crate::Error;

/// Someone who is told what happens, and may stop it between two steps.
pub trait Observer: Sync {
    /// A step is about to begin; [`ControlFlow::Break`] stops before it.
    fn before(&self, _step: &str) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
    /// A step is done.
    fn after(&self, _step: &str, _took: Duration) {}
    /// A step waits, and this is what is missing.
    fn waiting(&self, _step: &str, _missing: &str) {}
    /// Something was repaired on the way.
    fn repaired(&self, _repair: &Repair) {}
}

impl Observer for () {}

/// A step that was done, and how long it took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StepReport {
    /// The step's name, the same in every run.
    pub step: String,
    /// How long it took.
    pub took: Duration,
}

/// Does a step that an observer is told of, and may stop before.
pub(crate) async fn step<T>(
    observer: &dyn Observer,
    name: &str,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<(T, StepReport), Error> {
    if observer.before(name).is_break() {
        return Err(Error::Stopped { step: name.to_owned() });
    }
    let begun = Instant::now();
    let done = work.await?;
    let took = begun.elapsed();
    observer.after(name, took);
    Ok((done, StepReport { step: name.to_owned(), took }))
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The steps, in order, waits included.
    pub steps: Vec<StepReport>,
    /// What was repaired on the way.
    pub repairs: Vec<Repair>,
    /// How many objects were created, changed or removed: 0 when everything was as it should be.
    pub changed: usize,
}
