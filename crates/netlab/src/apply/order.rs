//! The order of a plan's steps, as they become ready.

use std::collections::VecDeque;
use std::time::Instant;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tracing::{debug, warn};

use super::{Applied, ApplyError, Event, Failure, Observer, Outcome, StepError, run};
use crate::engine::Engine;
use crate::plan::{Plan, Step};

/// The number of steps under way at the same time. Two cores are busy with fewer; more would only lengthen each one's
/// wait.
const AT_ONCE: usize = 12;

/// Carries out a plan. Steps that do not need each other run at the same time; where one fails, those that need it are
/// skipped and the others continue, unless the engine no longer answers.
///
/// After an interruption at any point, the next plan holds the rest.
///
/// ```
/// # async fn up(engine: &dyn netlab::Engine, plan: &netlab::Plan) -> Result<(), netlab::ApplyError> {
/// use netlab::{Event, apply};
///
/// let observer = |event: &Event<'_>| {
///     if let Event::Done { name, elapsed, .. } = event {
///         println!("{name}: {elapsed:?}");
///     }
/// };
/// let applied = apply(engine, plan, &observer).await?;
/// println!("{} steps", applied.outcomes.len());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ApplyError`] with every failure, and the steps that were done and skipped.
pub async fn apply(engine: &dyn Engine, plan: &Plan, observer: &dyn Observer) -> Result<Applied, ApplyError> {
    let mut state = Progress::new(plan);
    let mut running = FuturesUnordered::new();
    loop {
        while running.len() < AT_ONCE
            && let Some(i) = state.ready.pop_front()
            && let Some(task) = plan.tasks.get(i)
        {
            let (step, name, begin) = (&task.step, task.step.name(), Instant::now());
            debug!(step = name, "begins");
            observer.event(&Event::Started { name: &name, step });
            running.push(async move { (i, step, name, begin, run::step(engine, step).await) });
        }
        let Some((i, step, name, begin, result)) = running.next().await else { break };
        let elapsed = begin.elapsed();
        match result {
            Ok(()) => {
                debug!(step = name, ?elapsed, "done");
                observer.event(&Event::Done { name: &name, step, elapsed });
                state.done(i, Outcome { name, elapsed });
            }
            Err(error) => {
                warn!(step = name, ?elapsed, %error, "failed");
                observer.event(&Event::Failed { name: &name, step, elapsed, error: &error });
                state.failed(i, Failure { name, error });
            }
        }
    }
    state.end(plan)
}

/// The steps by their progress.
struct Progress {
    /// The number of unmet needs of each step.
    unmet: Vec<usize>,
    /// The steps that need each step.
    needed_by: Vec<Vec<usize>>,
    ready: VecDeque<usize>,
    seen: Vec<bool>,
    /// `true` once the engine did not answer: no step begins any more, even if it answers again.
    engine_is_lost: bool,
    outcomes: Vec<Outcome>,
    failures: Vec<Failure>,
}

impl Progress {
    fn new(plan: &Plan) -> Self {
        let mut needed_by = vec![Vec::new(); plan.tasks.len()];
        for (i, task) in plan.tasks.iter().enumerate() {
            for &need in &task.after {
                if let Some(list) = needed_by.get_mut(need) {
                    list.push(i);
                }
            }
        }
        let unmet: Vec<usize> = plan.tasks.iter().map(|task| task.after.len()).collect();
        let ready = unmet.iter().enumerate().filter(|(_, n)| **n == 0).map(|(i, _)| i).collect();
        let seen = vec![false; plan.tasks.len()];
        Self { unmet, needed_by, ready, seen, engine_is_lost: false, outcomes: Vec::new(), failures: Vec::new() }
    }

    fn done(&mut self, i: usize, outcome: Outcome) {
        self.mark(i);
        self.outcomes.push(outcome);
        if self.engine_is_lost {
            return;
        }
        for next in self.needed_by.get(i).cloned().unwrap_or_default() {
            if let Some(unmet) = self.unmet.get_mut(next) {
                *unmet -= 1;
                if *unmet == 0 {
                    // A lane that began is finished before another begins: routers come up one after the other
                    // instead of all at the very end.
                    self.ready.push_front(next);
                }
            }
        }
    }

    fn failed(&mut self, i: usize, failure: Failure) {
        self.mark(i);
        if matches!(&failure.error, StepError::Engine(error) if error.is_unreachable()) {
            self.engine_is_lost = true;
            self.ready.clear();
        }
        self.failures.push(failure);
    }

    fn mark(&mut self, i: usize) {
        if let Some(seen) = self.seen.get_mut(i) {
            *seen = true;
        }
    }

    fn end(self, plan: &Plan) -> Result<Applied, ApplyError> {
        let applied = Applied { outcomes: self.outcomes };
        if self.failures.is_empty() {
            return Ok(applied);
        }
        let unseen = plan.steps().zip(&self.seen).filter(|(_, seen)| !**seen);
        let skipped = unseen.map(|(step, _)| Step::name(step)).collect();
        Err(ApplyError { applied, failures: self.failures, skipped })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_send<T: Send>(_: &T) {}

    /// Callers apply while they do other work.
    #[test]
    fn applying_can_be_spawned() {
        let _ = |engine: &dyn Engine, lab: &crate::Lab, plan: &Plan| {
            is_send(&apply(engine, plan, &()));
            is_send(&crate::observe(engine, lab));
            is_send(&crate::teardown(engine, lab.name()));
        };
    }
}
