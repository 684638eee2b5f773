//! Updates that MetalLB's webhooks refuse as long as they come one after the other: each is looked at beside what the others
//! still are.

use serde_json::Value;

use super::{FieldChange, Wanted};
use crate::object::{Object, ObjectRef};
use crate::value::AddressRange;

/// Whether an object of ours has to go before anything is made anew.
///
/// Peers share one AS number, one router id and their BFD profiles, and no two of them have one address: a peer that changes
/// goes, and comes back once all that change are gone. A pool does so where another takes over addresses of its.
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
fn ranges(object: &Object) -> Vec<AddressRange> {
    let ranges = object.data.pointer("/spec/addresses").and_then(Value::as_array).into_iter().flatten();
    ranges.filter_map(|range| range.as_str()?.parse().ok()).collect()
}
