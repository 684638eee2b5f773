//! The steps of a plan as steps of a run.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use netlab::{Event, Observer};

use crate::progress::{Progress, Step};

/// Shows each step as it goes on.
#[derive(Debug)]
pub struct NetlabObserver<'a> {
    progress: &'a Progress,
    running: Mutex<HashMap<String, Step>>,
}

impl<'a> NetlabObserver<'a> {
    /// Shows steps on `progress`.
    pub fn on(progress: &'a Progress) -> Self {
        Self { progress, running: Mutex::default() }
    }
}

impl Observer for NetlabObserver<'_> {
    fn event(&self, event: &Event<'_>) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Started { name, .. } => {
                running.insert((*name).to_owned(), self.progress.step(*name));
            }
            Event::Done { name, .. } => {
                if let Some(step) = running.remove(*name) {
                    step.done("done");
                }
            }
            Event::Failed { name, error, .. } => {
                if let Some(step) = running.remove(*name) {
                    step.failed(error.to_string());
                }
            }
            _ => {}
        }
    }
}
