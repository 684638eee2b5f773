//! Services whose addresses are announced to nobody, or answer only now and then.

use super::{
    super::{Advertisement, Pool, TrafficPolicy, problem::ServiceProblem, raw::RawLab},
    Finds,
    service::Entry,
};

/// Warns of services that no advertisement selects, and of those whose packets arrive at nodes without their pods.
pub(super) fn warn(
    finds: &mut Finds,
    lab: &RawLab,
    entries: &[Entry<'_>],
    (pools, advertisements): (&[Pool], &[Advertisement]),
) {
    let pool_of = |entry: &Entry<'_>| entry.service.candidates(pools).into_iter().next();
    for entry in entries {
        let Some(pool) = pool_of(entry) else { continue };
        let service = &entry.service;
        let mut covering = advertisements.iter().filter(|by| by.covers(pool)).peekable();
        // A pool without any advertisement is warned of by itself.
        if covering.peek().is_some() && !advertisements.iter().any(|by| by.covers(pool) && by.selects(service)) {
            let labels = service.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
            finds.warn(entry.place(lab), ServiceProblem::Unselected { service: service.name.clone(), labels }.into());
        }
        let aggregate = covering.find(|by| by.aggregation_length < 32 || by.aggregation_length_v6 < 128);
        let others =
            || entries.iter().filter(|other| pool_of(other).is_some_and(|other| other.name == pool.name)).count();
        if let Some(by) = aggregate.filter(|_| service.external_traffic_policy == TrafficPolicy::Local && others() > 1)
        {
            let problem = ServiceProblem::LocalInAggregate { service: service.name.clone(), by: by.name.clone() };
            finds.warn(entry.place(lab), problem.into());
        }
    }
}
