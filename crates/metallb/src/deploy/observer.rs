//! The observer of an installation, and its report.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::Repair;
use crate::Error;

/// Receives the progress of an installation, and may stop it between two steps.
pub trait Observer: Sync {
    /// Called before a step; [`ControlFlow::Break`] stops the installation there.
    fn before(&self, _step: &str) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
    /// Called after a step.
    fn after(&self, _step: &str, _took: Duration) {}
    /// Called while a step waits, with what is missing.
    fn waiting(&self, _step: &str, _missing: &str) {}
    /// Called after a repair.
    fn repaired(&self, _repair: &Repair) {}
}

impl Observer for () {}

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
    if observer.before(name).is_break() {
        return Err(Error::Stopped { step: name.to_owned() });
    }
    let begun = Instant::now();
    let done = work.await?;
    let took = begun.elapsed();
    observer.after(name, took);
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
