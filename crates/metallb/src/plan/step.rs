//! The steps of a plan, printed as a diff and serialized.

use std::fmt;

use serde::Serialize;

use super::{Collision, FieldChange};
use crate::object::ObjectRef;

/// The phase of a step. Phases follow each other in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Objects of ours that are no longer wanted are deleted.
    Removal,
    /// Namespaces.
    Namespaces,
    /// Custom resource definitions.
    Definitions,
    /// The operator, or MetalLB itself.
    Install,
    /// The MetalLB resource.
    MetalLb,
    /// Pools, advertisements, peers, profiles, passwords.
    Configuration,
    /// The application and its service.
    Workload,
}

impl Phase {
    /// All phases, in order.
    pub const ALL: [Self; 7] = [
        Self::Removal,
        Self::Namespaces,
        Self::Definitions,
        Self::Install,
        Self::MetalLb,
        Self::Configuration,
        Self::Workload,
    ];
}

/// The change to an object.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Change {
    /// It is created.
    Create,
    /// These fields are changed.
    Update(Vec<FieldChange>),
    /// It is deleted.
    Delete,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// The name, the same in every run, as `create IPAddressPool metallb-system/doc-example-bgp-adv`.
    pub name: String,
    /// The phase.
    pub phase: Phase,
    /// The object.
    pub object: ObjectRef,
    /// The change.
    pub change: Change,
}

impl Step {
    pub(super) fn new(phase: Phase, object: ObjectRef, change: Change) -> Self {
        let verb = match change {
            Change::Create => "create",
            Change::Update(_) => "update",
            Change::Delete => "delete",
        };
        Self { name: format!("{verb} {object}"), phase, object, change }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.change {
            Change::Create => write!(f, "+ {}", self.object),
            Change::Delete => write!(f, "- {}", self.object),
            Change::Update(changes) => {
                write!(f, "~ {}", self.object)?;
                changes.iter().try_for_each(|change| write!(f, "\n    {change}"))
            }
        }
    }
}

/// The steps of a change, in order. Empty if everything is as it should be.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// Objects of others that MetalLB does not take beside wanted ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub collisions: Vec<Collision>,
}

impl Plan {
    /// `true` if nothing is to be done.
    pub const fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Finds the step for an object.
    pub fn step(&self, object: &ObjectRef) -> Option<&Step> {
        self.steps.iter().find(|step| step.object == *object)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing to change\n");
        }
        self.steps.iter().try_for_each(|step| writeln!(f, "{step}"))
    }
}
