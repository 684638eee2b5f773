//! The workload, and the pool that its service takes addresses from.

use super::{
    super::{
        At, Pool, Workload,
        problem::{Problem, What},
        raw::{RawPool, RawWorkload},
        text::parse,
    },
    Finds, names,
};

/// Checks the workload.
pub(super) fn check(finds: &mut Finds, raw: &RawWorkload, pools: &[Pool]) -> Option<Workload> {
    if let Some(pool) = &raw.pool {
        names::find(finds, What::Pool, pool, pools, |pool| &pool.name);
    }
    Some(Workload {
        name: raw.name.clone().or_else(|| parse("test-agnhost").ok())?,
        namespace: raw.namespace.clone().or_else(|| parse("default").ok())?,
        port: finds.number(raw.port.as_ref(), 80, 1..=u16::MAX, "1 to 65535"),
        replicas: finds.number(raw.replicas.as_ref(), 1, 1..=100, "1 to 100 pods"),
        pool: raw.pool.as_deref().cloned(),
        external_traffic_policy: raw.external_traffic_policy,
    })
}

/// Warns if no pool gives the service an address.
pub(super) fn without_pool(finds: &mut Finds, raw: &[At<RawPool>], workload: &Workload, pools: &[Pool]) {
    if let (Some(first), true) = (raw.first(), workload.candidates(pools).is_empty()) {
        finds.warn(first.name.place(), Problem::NoPool { first: (*first.name).clone() });
    }
}

/// Finds pools among which MetalLB chooses freely: the lab would expect an address of one, and get one of another.
pub(super) fn ambiguous(finds: &mut Finds, raw: &[At<RawPool>], workload: &Workload, pools: &[Pool]) {
    let candidates = workload.candidates(pools);
    for second in candidates.iter().skip(1) {
        let place = raw.iter().find(|entry| *entry.name == second.name).map_or(0..0, |entry| entry.name.place());
        if let Some(first) = candidates.first().filter(|first| first.name != second.name) {
            finds.add(place, Problem::Ambiguous { first: first.name.clone(), second: second.name.clone() });
        }
    }
}
