//! The steps of a MetalLB that is deployed or removed, as steps of a run.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use metallb::{Event, Observer};

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
    fn event(&self, event: &Event<'_>) {
        match event {
            Event::Started { name, .. } => {
                let mut step = self.progress.step(*name);
                let mut running = self.running();
                running.after.iter().for_each(|after| step.after(after));
                running.steps.insert((*name).to_owned(), step);
            }
            Event::Waiting { name, missing } => {
                if let Some(step) = self.running().steps.get_mut(*name) {
                    step.note(missing);
                }
            }
            Event::Done { name, .. } => {
                let mut running = self.running();
                if let Some(step) = running.steps.remove(*name) {
                    step.done("done");
                    running.after = vec![(*name).to_owned()];
                }
            }
            Event::Repaired(repair) => self.progress.say(&format!("repaired: {repair}")),
            _ => {}
        }
    }
}
