//! Watchers of a plan's steps: the progress display, and the tests that kill a run after a step.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use netlab::{Observer, StepEvent};

use crate::progress::{Progress, Step};

/// Names the step after which the run kills itself, as an interruption at the worst moment would: for tests.
const KILL_AFTER: &str = "METALLB_LAB_TEST_KILL_AFTER";

/// Shows each step as it goes on.
#[derive(Debug)]
pub struct Shown<'a> {
    progress: &'a Progress,
    running: Mutex<HashMap<String, Step>>,
}

impl<'a> Shown<'a> {
    /// Shows steps on `progress`.
    pub fn on(progress: &'a Progress) -> Self {
        Self { progress, running: Mutex::default() }
    }
}

impl Observer for Shown<'_> {
    fn event(&self, event: &StepEvent<'_>) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            StepEvent::Started { name, .. } => {
                running.insert((*name).to_owned(), self.progress.step(*name));
            }
            StepEvent::Done { name, .. } => {
                if let Some(step) = running.remove(*name) {
                    step.done("done");
                }
                step_ended(name);
            }
            StepEvent::Failed { name, error, .. } => {
                if let Some(step) = running.remove(*name) {
                    step.failed(error.to_string());
                }
            }
        }
    }
}

/// Reports the end of a step to the test hook.
pub fn step_ended(name: &str) {
    if std::env::var_os(KILL_AFTER).is_some_and(|after| after == name) {
        // SIGKILL, not an exit: nothing of ours may run any more.
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}
