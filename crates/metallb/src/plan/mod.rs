//! From what should be and what is to what is to be done. Nothing here has effects.

mod diff;
mod step;

use kube::api::DynamicObject;

pub use diff::FieldChange;
pub use step::{Change, Phase, Plan, Step};

use crate::Error;
use crate::object::{OWNER_LABEL, ObjectRef, is_own, own};
use crate::value::Name;

/// Whether an object that lacks our label may be taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// It is ours alone: a foreign one of its name is in the way.
    Ours,
    /// It is published by others (a manifest): one that is there is adopted.
    Shared,
}

/// An object that should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The object, with our labels.
    pub object: DynamicObject,
    /// When it is applied.
    pub phase: Phase,
    /// Whether a foreign one may be adopted.
    pub ownership: Ownership,
}

impl Wanted {
    /// An object that is made for `lab`.
    pub fn new(mut object: DynamicObject, phase: Phase, ownership: Ownership, lab: &Name) -> Self {
        own(&mut object, lab);
        Self { object, phase, ownership }
    }
}

/// An object that is.
#[derive(Debug, Clone, PartialEq)]
pub enum Observed {
    /// There is none.
    Absent,
    /// It is there.
    Present {
        /// As it is.
        live: Box<DynamicObject>,
        /// As it would be after the apply (the API's own dry run).
        would_be: Box<DynamicObject>,
    },
}

/// What is to be done so that everything wanted is, and nothing that is ours and no longer wanted.
///
/// `observed` answers `wanted` one by one; `stale` are objects of ours that are not wanted any more. Removals come first:
/// an old pool's addresses must be free before a new one takes them.
///
/// # Errors
/// [`Error::Foreign`] for each object that is in the way, all of them at once ([`Error::Several`]).
pub fn plan(wanted: &[Wanted], observed: &[Observed], stale: &[ObjectRef], lab: &Name) -> Result<Plan, Error> {
    let mut steps: Vec<Step> =
        stale.iter().map(|object| Step::new(Phase::Removal, object.clone(), Change::Delete)).collect();
    let mut foreign = Vec::new();
    for (wanted, observed) in wanted.iter().zip(observed) {
        let object = ObjectRef::of(&wanted.object);
        let change = match observed {
            Observed::Absent => Change::Create,
            Observed::Present { live, .. } if wanted.ownership == Ownership::Ours && !is_own(live, lab) => {
                foreign.push(Error::Foreign { object: object.to_string(), label: OWNER_LABEL });
                continue;
            }
            Observed::Present { live, would_be } => match diff::diff(live, would_be) {
                changes if changes.is_empty() => continue,
                changes => Change::Update(changes),
            },
        };
        steps.push(Step::new(wanted.phase, object, change));
    }
    match foreign.len() {
        0 => {}
        1 => return Err(foreign.remove(0)),
        _ => return Err(Error::Several(foreign)),
    }
    steps.sort_by_key(|step| step.phase);
    Ok(Plan { steps })
}

#[cfg(test)]
mod tests;
