//! Updates that MetalLB's webhooks refuse one by one, since they judge each object beside the present state of
//! the others.

use serde_json::Value;

use super::{FieldChange, Wanted};
use crate::object::{Object, ObjectRef};
use crate::value::AddressRange;

/// `true` if an object has to be deleted before anything is created again.
///
/// Peers share an AS number, a router id and BFD profiles, and no two have the same address: a peer that changes is
/// deleted, and created again once all such peers are deleted. So is a pool where another takes over some of the
/// addresses.
pub(super) fn goes_first(object: &ObjectRef, live: &Object, changes: &[FieldChange], wanted: &[Wanted]) -> bool {
    match object.kind.as_str() {
        "BGPPeer" => changes.iter().any(|change| change.path.starts_with("spec")),
        "IPAddressPool" => {
            let has = ranges(live);
            let others = wanted.iter().filter(|other| ObjectRef::of(&other.object) != *object);
            let taken: Vec<AddressRange> = others.flat_map(|other| ranges(&other.object)).collect();
            has.iter().any(|range| taken.iter().any(|other| other.overlaps(range)))
        }
        _ => false,
    }
}

/// A pool's ranges; one that cannot be read is left to the webhooks.
pub(super) fn ranges(object: &Object) -> Vec<AddressRange> {
    let ranges = object.data.pointer("/spec/addresses").and_then(Value::as_array).into_iter().flatten();
    ranges.filter_map(|range| range.as_str()?.parse().ok()).collect()
}
