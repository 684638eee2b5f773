//! From what should be and what is to what is to be done. Nothing here has effects.

mod conflict;
mod diff;
mod step;

pub use diff::FieldChange;
pub use step::{Change, Phase, Plan, Step};

use crate::Error;
#[cfg(any(feature = "client", test))]
use crate::object::leave_owner;
use crate::object::{Object, ObjectRef, foreign, is_own, own};
use crate::value::Name;

/// Whether an object that lacks our label may be taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// It is ours alone: a foreign one of its name is in the way.
    Ours,
    /// It is published by others (a manifest): one that is there is changed, and stays whose it is.
    Shared,
}

/// An object that should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The object, with our labels.
    pub object: Object,
    /// When it is applied.
    pub phase: Phase,
    /// Whether a foreign one may be changed.
    pub ownership: Ownership,
}

impl Wanted {
    /// An object that is made for `lab`.
    pub fn new(mut object: Object, phase: Phase, ownership: Ownership, lab: &Name) -> Self {
        own(&mut object, lab);
        Self { object, phase, ownership }
    }

    /// The object as it is applied over one that is there. What others made does not become ours by it: it would go with
    /// the lab.
    #[cfg(any(feature = "client", test))]
    pub(crate) fn over(&self, live: &Object) -> Object {
        let mut object = self.object.clone();
        if self.ownership == Ownership::Shared {
            leave_owner(&mut object, live);
        }
        object
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
        live: Box<Object>,
        /// As it would be after the apply (the API's own dry run).
        would_be: Box<Object>,
    },
}

/// What is to be done so that everything wanted is, and nothing that is ours and no longer wanted.
///
/// `observed` answers `wanted` one by one; `stale` are objects of ours that are not wanted any more. Removals come first:
/// an old pool's addresses must be free before a new one takes them. Those of the configuration come right before it, in an
/// order in which nothing goes that another still refers to.
///
/// # Errors
/// [`Error::Foreign`] for each object that is in the way, all of them at once ([`Error::Several`]).
pub fn plan(wanted: &[Wanted], observed: &[Observed], stale: &[ObjectRef], lab: &Name) -> Result<Plan, Error> {
    let mut steps: Vec<Step> = stale
        .iter()
        .map(|object| {
            let phase = if object.group() == GROUP { Phase::Configuration } else { Phase::Removal };
            Step::new(phase, object.clone(), Change::Delete)
        })
        .collect();
    let mut later = Vec::new();
    let mut in_the_way = Vec::new();
    for (here, observed) in wanted.iter().zip(observed) {
        let object = ObjectRef::of(&here.object);
        let change = match observed {
            Observed::Absent => Change::Create,
            Observed::Present { live, .. } if here.ownership == Ownership::Ours && !is_own(&live.metadata, lab) => {
                in_the_way.push(foreign(&live.metadata, &object));
                continue;
            }
            Observed::Present { live, would_be } => match diff::diff(live, would_be) {
                changes if changes.is_empty() => continue,
                changes => {
                    if conflict::goes_first(&object, live, &changes, wanted) {
                        steps.push(Step::new(here.phase, object.clone(), Change::Delete));
                    }
                    Change::Update(changes)
                }
            },
        };
        later.push(Step::new(here.phase, object, change));
    }
    match in_the_way.len() {
        0 => {}
        1 => return Err(in_the_way.remove(0)),
        _ => return Err(Error::Several(in_the_way)),
    }
    steps.sort_by_key(|step| REFERRING.iter().position(|kind| *kind == step.object.kind).unwrap_or(REFERRING.len()));
    steps.extend(later);
    steps.sort_by_key(|step| step.phase);
    Ok(Plan { steps })
}

/// The API group of MetalLB's configuration.
const GROUP: &str = "metallb.io";

/// The kinds that refer to others, in the order in which they go: a BFD profile is not deleted as long as a peer names it.
const REFERRING: [&str; 3] = ["BGPAdvertisement", "BGPPeer", "BFDProfile"];

#[cfg(test)]
mod tests;
