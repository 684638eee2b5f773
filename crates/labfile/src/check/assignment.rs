//! Services and the pools that they take addresses from.

use super::{
    super::{
        Asks, At, Family, Name, Place, Pool, Service, Stack, TrafficPolicy,
        allocation::Draw,
        problem::{Problem, ServiceProblem, Unshared},
        raw::RawLab,
    },
    Finds,
    service::Entry,
};

/// Finds services that get no address, or one that is not known to be theirs.
pub(super) fn check(finds: &mut Finds, lab: &RawLab, entries: &[Entry<'_>], pools: &[Pool]) {
    let sound = finds.gate(|finds| {
        for entry in entries {
            own_pool(finds, lab, entry, pools);
        }
        shared(finds, lab, entries);
    });
    if sound.is_none() {
        return;
    }
    let services: Vec<Service> = entries.iter().map(|entry| entry.service.clone()).collect();
    for draw in Draw::all(&services, pools) {
        let taken = finds.gate(|finds| taken(finds, lab, entries, &draw));
        for (place, _) in draw.in_order().iter().filter(|(_, given)| taken.is_some() && given.is_none()) {
            let Some(entry) = entries.get(*place) else { continue };
            let (pool, family) = (draw.pool().name.clone(), draw.family());
            let problem = ServiceProblem::Full { pool, family, service: entry.service.name.clone() };
            finds.add(entry.place(lab), problem.into());
        }
    }
}

/// Checks that a service has one pool, which takes it and has its families.
fn own_pool(finds: &mut Finds, lab: &RawLab, entry: &Entry<'_>, pools: &[Pool]) {
    let service = &entry.service;
    let candidates = service.candidates(pools);
    match (candidates.as_slice(), &service.asks) {
        ([], Asks::Nothing) => without_pool(finds, lab, entry, pools),
        // The pool's name, or each address, was checked before.
        ([], Asks::Pool(_)) => {}
        ([], Asks::Addresses(all)) => {
            if all.iter().all(|address| pools.iter().any(|pool| pool.contains(*address))) {
                let place = entry.raw.and_then(|raw| raw.addresses.as_ref()).map_or(0..0, At::place);
                finds.add(place, ServiceProblem::TwoPools(service.name.clone()).into());
            }
        }
        ([first, others @ ..], Asks::Nothing) => {
            for second in others {
                let names = (first.name.clone(), second.name.clone());
                finds.add(ambiguous_at(lab, entry, second), ambiguous(entry, names));
            }
        }
        ([pool, ..], Asks::Pool(_) | Asks::Addresses(_)) => admitted(finds, lab, entry, pool),
    }
}

/// Returns the place at which a choice of MetalLB's is shown: where there is `[workload]` alone, at the second pool.
fn ambiguous_at(lab: &RawLab, entry: &Entry<'_>, second: &Pool) -> Place {
    let of_pool = || lab.pools.iter().find(|raw| *raw.name == second.name).map_or(0..0, |raw| raw.name.place());
    if entry.raw.is_some() { entry.place(lab) } else { of_pool() }
}

fn ambiguous(entry: &Entry<'_>, (first, second): (Name, Name)) -> Problem {
    match entry.raw {
        None => Problem::Ambiguous { first, second },
        Some(_) => ServiceProblem::Ambiguous { service: entry.service.name.clone(), first, second }.into(),
    }
}

/// Finds a service that no pool serves by itself: of `[workload]`, whose MetalLB may get a pool later, it is a warning.
fn without_pool(finds: &mut Finds, lab: &RawLab, entry: &Entry<'_>, pools: &[Pool]) {
    let service = &entry.service;
    let takes = |pool: &&Pool| pool.auto_assign && pool.allocation.as_ref().is_none_or(|own| own.takes(service));
    if let Some(pool) = pools.iter().find(takes).filter(|pool| service.suits(pool).is_none()) {
        families(finds, lab, entry, pool);
        return;
    }
    match (entry.raw, lab.pools.first()) {
        (None, None) => {}
        (None, Some(first)) => finds.warn(first.name.place(), Problem::NoPool { first: (*first.name).clone() }),
        (Some(_), _) => {
            let may = |pool: &&Pool| {
                service.suits(pool).is_some() && pool.allocation.as_ref().is_none_or(|own| own.takes(service))
            };
            let pools = pools.iter().filter(may).map(|pool| pool.name.clone()).collect();
            finds.add(entry.place(lab), ServiceProblem::NoPool { service: service.name.clone(), pools }.into());
        }
    }
}

/// Checks that the pool that a service asks for takes it.
fn admitted(finds: &mut Finds, lab: &RawLab, entry: &Entry<'_>, pool: &Pool) {
    let service = &entry.service;
    if let Some(own) = pool.allocation.as_ref().filter(|own| !own.takes(service)) {
        let takes_namespace = own.takes_namespace(service);
        let list = |all: Vec<String>| all.join(" or ");
        let allowed = match takes_namespace {
            true => format!(
                "labels that {} selects",
                list(own.service_selectors.iter().map(|one| format!("`{one}`")).collect())
            ),
            false if own.namespaces.is_empty() => "a namespace that its selectors select".to_owned(),
            false => list(own.namespaces.iter().map(|name| format!("namespace = \"{name}\"")).collect()),
        };
        let (service, pool) = (service.name.clone(), pool.name.clone());
        let problem = ServiceProblem::NotTaken { service, pool, takes_namespace, allowed };
        let asked = entry.raw.and_then(|raw| raw.pool.as_ref());
        finds.add(asked.map_or_else(|| entry.place(lab), At::place), problem.into());
    } else if service.suits(pool).is_none() {
        families(finds, lab, entry, pool);
    }
}

/// Says that a pool lacks a family that the service needs.
fn families(finds: &mut Finds, lab: &RawLab, entry: &Entry<'_>, pool: &Pool) {
    let needs = match entry.service.stack {
        Stack::Single(Family::Ipv4) => "needs IPv4",
        Stack::Single(Family::Ipv6) => "needs IPv6",
        Stack::Prefer(_) | Stack::OfItsPool | Stack::Require(_) => "requires both families",
    };
    let has = Family::ALL.into_iter().find(|family| pool.addresses(*family).next().is_some()).unwrap_or(Family::Ipv4);
    let raw =
        entry.raw.and_then(|raw| raw.ip_family_policy.as_ref().map(At::place).or(raw.families.as_ref().map(At::place)));
    let problem = ServiceProblem::Families { service: entry.service.name.clone(), needs, pool: pool.name.clone(), has };
    finds.add(raw.unwrap_or_else(|| entry.place(lab)), problem.into());
}

/// Finds addresses that two services ask for and MetalLB gives to one.
fn shared(finds: &mut Finds, lab: &RawLab, entries: &[Entry<'_>]) {
    let fixed = |entry: &Entry<'_>| match &entry.service.asks {
        Asks::Addresses(all) => all.clone(),
        Asks::Nothing | Asks::Pool(_) => Vec::new(),
    };
    for (index, second) in entries.iter().enumerate() {
        for address in fixed(second) {
            let first = entries
                .iter()
                .take(index)
                .find(|first| fixed(first).contains(&address) && why_not(&first.service, &second.service).is_some());
            let Some(first) = first else { continue };
            let Some(why) = why_not(&first.service, &second.service) else { continue };
            let problem = ServiceProblem::NotShared { address, first: first.service.name.clone(), why };
            finds.add(second.place_of(address, lab), problem.into());
        }
    }
}

/// Returns the reason why two services cannot share an address. MetalLB compares the labels by which they select pods,
/// which may be equal in two namespaces; the pods never are.
fn why_not(first: &Service, second: &Service) -> Option<Unshared> {
    let local = |service: &Service| service.external_traffic_policy == TrafficPolicy::Local;
    if !first.agrees_with(second) {
        return Some(Unshared::Key { own: second.sharing_key.clone(), other: first.sharing_key.clone() });
    }
    if local(first) || local(second) {
        return Some(Unshared::Pods);
    }
    first.common_port(second).map(|port| Unshared::Port(port.to_string()))
}

/// Finds addresses that a service asks for and another one may have got before it.
fn taken(finds: &mut Finds, lab: &RawLab, entries: &[Entry<'_>], draw: &Draw<'_>) {
    let reach = draw.reach();
    for (place, service, address) in draw.fixed.iter().filter(|(_, _, address)| reach.contains(address)) {
        let by = draw.by.iter().find(|(_, by)| !by.shares_with(service));
        if let (Some((_, by)), Some(entry)) = (by, entries.get(*place)) {
            let (by, pool) = (by.name.clone(), draw.pool().name.clone());
            finds.add(entry.place_of(*address, lab), ServiceProblem::Taken { address: *address, by, pool }.into());
        }
    }
}
