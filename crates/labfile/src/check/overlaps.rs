//! Ranges of addresses that must not share any.

use super::{
    super::{AddressRange, Place, RawLab, problem::Problem},
    Finds,
};

struct Owned {
    what: String,
    range: AddressRange,
    place: Place,
}

/// Compares networks, pods, services and pools with each other.
pub(super) fn check(finds: &mut Finds, raw: &RawLab) {
    let mut all: Vec<Owned> = Vec::new();
    let mut own = |what: String, range: AddressRange, place: Place| all.push(Owned { what, range, place });
    for network in &raw.networks {
        for subnet in network.subnets.iter() {
            own(format!("{} of network `{}`", **subnet, *network.name), subnet.0.into(), subnet.place());
        }
    }
    for pods in raw.cluster.pods.iter() {
        own(format!("{} of the pods", **pods), pods.0.into(), pods.place());
    }
    for services in raw.cluster.services.iter() {
        own(format!("{} of the services", **services), services.0.into(), services.place());
    }
    for pool in &raw.pools {
        for range in pool.addresses.iter() {
            own(format!("{} of pool `{}`", **range, *pool.name), range.0, range.place());
        }
    }
    for (index, second) in all.iter().enumerate() {
        if let Some(first) = all.iter().take(index).find(|first| first.range.overlaps(&second.range)) {
            let problem = Problem::Overlap { first: first.what.clone(), second: second.what.clone() };
            finds.add(second.place.clone(), problem);
        }
    }
}
