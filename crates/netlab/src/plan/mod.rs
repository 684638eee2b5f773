//! The difference between the desired and the observed state, as a value.

mod build;
mod display;
mod lane;
mod refusal;
mod step;

use std::collections::BTreeMap;

pub use build::plan;
pub use refusal::{Owner, Refusal, Refused};
use serde::Serialize;
pub use step::{Object, Reason, Step};

use crate::model::Name;

/// The steps that lead from the observed state to the lab, each after those that it needs. Empty where the lab is
/// there.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Plan {
    /// The steps; each comes after those that it needs.
    pub tasks: Vec<Task>,
    /// Guests whose routes cannot be set now, and the reason: they do not exist yet, or do not run.
    pub absent: BTreeMap<Name, String>,
}

/// A step, and those that it needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Task {
    /// The step.
    pub step: Step,
    /// The positions in [`Plan::tasks`] of the steps that have to be done before; all smaller than its own.
    pub after: Vec<usize>,
}

impl Plan {
    /// `true` if there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Returns the steps in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.tasks.iter().map(|task| &task.step)
    }

    /// Returns the part of the plan whose steps the caller chooses. A step that a chosen one needs and that is not
    /// chosen is taken as done: the caller sees to it.
    #[must_use]
    pub fn only(&self, choose: impl Fn(&Step) -> bool) -> Self {
        let mut moved: BTreeMap<usize, usize> = BTreeMap::new();
        let mut tasks: Vec<Task> = Vec::new();
        for (i, task) in self.tasks.iter().enumerate().filter(|(_, task)| choose(&task.step)) {
            let after = task.after.iter().filter_map(|need| moved.get(need).copied()).collect();
            moved.insert(i, tasks.len());
            tasks.push(Task { step: task.step.clone(), after });
        }
        Self { tasks, absent: self.absent.clone() }
    }

    /// Returns the part that creates, recreates or removes networks, with the removal of the containers in the way.
    #[must_use]
    pub fn networks(&self) -> Self {
        let needed = self.tasks.iter().filter(|t| matches!(t.step.object(), Object::Network(_))).flat_map(|t| &t.after);
        let needed: Vec<&Step> = needed.filter_map(|&i| self.tasks.get(i)).map(|t| &t.step).collect();
        self.only(|step| matches!(step.object(), Object::Network(_)) || needed.contains(&step))
    }
}
