//! Shows what crates/metallb does, step by step.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use metallb::{Observer, Repair};

use crate::progress::{Progress, Step};

/// Shows each step as it goes on, and what it had to wait for. Steps of one observer come one after the other.
#[derive(Debug)]
pub struct MetalLbObserver<'a> {
    progress: &'a Progress,
    running: Mutex<Running>,
}

#[derive(Debug, Default)]
struct Running {
    steps: HashMap<String, Step>,
    /// The steps that the next one waits for.
    after: Vec<String>,
}

impl<'a> MetalLbObserver<'a> {
    /// Returns an observer whose first step comes after these.
    pub fn after(progress: &'a Progress, after: impl IntoIterator<Item = String>) -> Self {
        let after = after.into_iter().collect();
        Self { progress, running: Mutex::new(Running { after, ..Running::default() }) }
    }

    /// Adds another step that the next one had to wait for.
    pub(super) fn come_after(&self, step: String) {
        self.running().after.push(step);
    }

    /// Returns the last step that ended, or those that came before all of them.
    pub fn last(&self) -> Vec<String> {
        self.running().after.clone()
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for MetalLbObserver<'_> {
    fn before(&self, name: &str) -> ControlFlow<()> {
        let mut step = self.progress.step(name);
        let mut running = self.running();
        running.after.iter().for_each(|after| step.after(after));
        running.steps.insert(name.to_owned(), step);
        ControlFlow::Continue(())
    }

    fn after(&self, name: &str, _took: Duration) {
        let mut running = self.running();
        if let Some(step) = running.steps.remove(name) {
            step.done("done");
            running.after = vec![name.to_owned()];
        }
    }

    fn waiting(&self, name: &str, missing: &str) {
        if let Some(step) = self.running().steps.get_mut(name) {
            step.note(missing);
        }
    }

    fn repaired(&self, repair: &Repair) {
        self.progress.say(&format!("repaired: {repair}"));
    }
}
