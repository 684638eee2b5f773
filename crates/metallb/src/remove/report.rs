//! The request for a removal, and its report.

use std::time::Duration;

use serde::Serialize;

use crate::Error;
use crate::object::ObjectRef;
use crate::spec::NAMESPACE;
use crate::value::Name;

/// A request to remove a lab's objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The lab whose objects are removed.
    pub lab: Name,
    /// The namespace of MetalLB and its operator.
    pub namespace: String,
    /// The bound of each step.
    pub bound: Duration,
    /// `true` if MetalLB and its namespace are removed even if the namespace does not carry our label.
    pub include_foreign: bool,
}

impl Removal {
    /// Requests the removal of everything that was made for `lab`, with two minutes for each step.
    pub fn of(lab: Name) -> Self {
        Self { lab, namespace: NAMESPACE.to_owned(), bound: Duration::from_secs(120), include_foreign: false }
    }
}

/// One step of a removal.
#[derive(Debug)]
#[non_exhaustive]
pub struct RemovalStep {
    /// The name, the same in every run.
    pub name: &'static str,
    /// The removed objects.
    pub removed: Vec<ObjectRef>,
    /// The objects that it left, and why.
    pub left: Vec<String>,
    /// The errors.
    pub errors: Vec<Error>,
    /// The duration.
    pub took: Duration,
}

/// The outcome of a removal.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct RemovalReport {
    /// The steps, in order.
    pub steps: Vec<RemovalStep>,
}

impl RemovalReport {
    /// The removed objects, in order.
    pub fn removed(&self) -> impl Iterator<Item = &ObjectRef> {
        self.steps.iter().flat_map(|step| step.removed.iter())
    }

    /// The objects left on purpose, and why.
    pub fn left(&self) -> impl Iterator<Item = &String> {
        self.steps.iter().flat_map(|step| step.left.iter())
    }

    /// Turns the errors of all steps into one.
    ///
    /// # Errors
    /// The one error, or [`Error::Several`].
    pub fn into_result(self) -> Result<Self, Error> {
        let (mut errors, mut steps) = (Vec::new(), Vec::new());
        for mut step in self.steps {
            errors.append(&mut step.errors);
            steps.push(step);
        }
        match errors.len() {
            0 => Ok(Self { steps }),
            1 => Err(errors.remove(0)),
            _ => Err(Error::Several(errors)),
        }
    }
}

/// One line of a report, for serialization.
#[derive(Serialize)]
struct Line<'a> {
    name: &'static str,
    removed: &'a [ObjectRef],
    left: &'a [String],
    errors: Vec<String>,
    took: Duration,
}

impl Serialize for RemovalReport {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.steps.iter().map(|step| Line {
            name: step.name,
            removed: &step.removed,
            left: &step.left,
            errors: step.errors.iter().map(ToString::to_string).collect(),
            took: step.took,
        }))
    }
}
