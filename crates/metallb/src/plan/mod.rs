//! Plans: from wanted and observed objects to steps. Nothing here has effects.

mod collision;
mod conflict;
mod diff;
mod managers;
mod step;

pub use crate::collision::{Clash, Collision};
pub use collision::collisions;
pub use diff::FieldChange;
#[cfg(feature = "client")]
pub(crate) use managers::{without_others, without_strangers};
pub use step::{Change, Phase, Plan, Step};

use crate::Error;
#[cfg(any(feature = "client", test))]
use crate::object::leave_owner;
use crate::object::{Object, ObjectRef, is_own, own};
use crate::value::Name;

/// The owner of a wanted object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// It is ours alone: a foreign object of the same name is refused.
    Ours,
    /// It comes from a published manifest: an existing one is changed and keeps its owner.
    Shared,
}

/// A wanted object.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The object, with our labels.
    pub object: Object,
    /// The phase in which it is applied.
    pub phase: Phase,
    /// The owner.
    pub ownership: Ownership,
}

impl Wanted {
    /// Labels an object as made for `lab`.
    pub fn new(mut object: Object, phase: Phase, ownership: Ownership, lab: &Name) -> Self {
        own(&mut object, lab);
        Self { object, phase, ownership }
    }

    /// The object as it is applied over an existing one. A shared object keeps its owner: otherwise it would be removed
    /// with the lab.
    #[cfg(any(feature = "client", test))]
    pub(crate) fn over(&self, live: &Object) -> Object {
        let mut object = self.object.clone();
        if self.ownership == Ownership::Shared {
            leave_owner(&mut object, live);
        }
        object
    }
}

/// An observed object.
#[derive(Debug, Clone, PartialEq)]
pub enum Observed {
    /// It does not exist.
    Absent,
    /// It exists.
    Present {
        /// The object as it is.
        live: Box<Object>,
        /// The object as it would be after the apply, and after the removal of what others added (the API's dry runs).
        would_be: Box<Object>,
    },
}

/// Plans the steps that create and change every wanted object, and delete stale ones.
///
/// `observed` corresponds to `wanted` one by one; `stale` are objects of ours that are no longer wanted. Deletions come
/// first: an old pool's addresses must be available before a new one takes them. Those of the configuration come right
/// before it, in an order in which no object is deleted that another still refers to.
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
                in_the_way.push(Error::foreign(&live.metadata, &object));
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
    Ok(Plan { steps, ..Plan::default() })
}

/// The API group of MetalLB's configuration.
const GROUP: &str = "metallb.io";

/// The kinds that refer to others, in the order of their deletion: a BFD profile cannot be deleted while a peer names
/// it.
const REFERRING: [&str; 3] = ["BGPAdvertisement", "BGPPeer", "BFDProfile"];

#[cfg(test)]
mod tests;
