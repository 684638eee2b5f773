//! The steps of a run: named, noted, ended; reported to an [`Observer`], and kept in a timeline for the report at the end.

mod critical;
mod observer;
mod step;
mod timeline;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use critical::{Leg, Times};
pub use observer::{Event, Observer, StepId};
pub use step::Step;
pub use timeline::{Ended, Span};

/// The steps of one run. Clones belong to the same run.
#[derive(Debug, Clone)]
pub struct Progress(Arc<Run>);

struct Run {
    observer: Arc<dyn Observer>,
    started: Instant,
    /// The number of the next step; parts of one run count on.
    steps: Arc<AtomicU64>,
    timeline: Mutex<Vec<Span>>,
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("timeline", &self.timeline).finish_non_exhaustive()
    }
}

impl Progress {
    /// Starts a run whose events `observer` receives.
    #[must_use]
    pub fn new(observer: Arc<dyn Observer>) -> Self {
        Self::counting(observer, Arc::default())
    }

    fn counting(observer: Arc<dyn Observer>, steps: Arc<AtomicU64>) -> Self {
        Self(Arc::new(Run { observer, started: Instant::now(), steps, timeline: Mutex::default() }))
    }

    /// Starts a part of this run, with times of its own.
    #[must_use]
    pub fn part(&self) -> Self {
        Self::counting(self.0.observer.clone(), self.0.steps.clone())
    }

    /// Starts a run that nobody observes.
    #[must_use]
    pub fn silent() -> Self {
        Self::new(Arc::new(()))
    }

    /// Begins a step; it ends by [`Step::done`] or [`Step::failed`], or unfinished when dropped.
    pub fn step(&self, name: impl Into<String>) -> Step {
        let (name, id) = (name.into(), StepId(self.0.steps.fetch_add(1, Ordering::Relaxed)));
        self.observer().event(&Event::Started { step: id, name: &name });
        Step::new(self.clone(), id, name)
    }

    /// Says a line that belongs to no step.
    pub fn say(&self, line: &str) {
        self.observer().event(&Event::Line(line));
    }

    /// Passes on a line that another program wrote.
    pub fn pass(&self, line: &str) {
        self.observer().event(&Event::Output(line));
    }

    /// Returns all steps that have ended so far, in the order of their beginning.
    #[must_use]
    pub fn timeline(&self) -> Vec<Span> {
        let mut spans = self.spans().clone();
        spans.sort_by_key(|span| span.start);
        spans
    }

    /// Returns the times of the run so far.
    #[must_use]
    pub fn times(&self) -> Times {
        Times::of(self.elapsed(), self.timeline())
    }

    /// Returns the time since the start of the run.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.started.elapsed()
    }

    fn observer(&self) -> &dyn Observer {
        &*self.0.observer
    }

    fn spans(&self) -> std::sync::MutexGuard<'_, Vec<Span>> {
        self.0.timeline.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_timeline_has_the_end_of_each_step() {
        let progress = Progress::silent();
        let mut first = progress.step("network kind2");
        first.note("creating");
        let mut second = progress.step("router frr1");
        second.after("network kind2");
        first.done("created");
        drop(second);
        progress.step("router frr2").failed("no image");

        let ends: Vec<_> = progress.timeline().into_iter().map(|span| (span.name, span.ended, span.after)).collect();
        assert_eq!(ends.len(), 3);
        assert_eq!(ends[0], ("network kind2".into(), Ended::Done, vec![]));
        assert_eq!(ends[1], ("router frr1".into(), Ended::Unfinished, vec!["network kind2".to_owned()]));
        assert_eq!(ends[2], ("router frr2".into(), Ended::Failed, vec![]));
    }
}
