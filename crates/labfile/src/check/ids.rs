//! The routers' BGP identifiers.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
};

use super::{
    super::{
        Name, RawLab,
        family::Addresses,
        identity::{FIRST_RESERVED, identifier},
        problem::Problem,
        raw::RawRouter,
        router::Role,
    },
    Finds,
    routers::Entry,
};

/// Returns an identifier that bgpd takes.
///
/// # Errors
/// The expected form.
pub(super) fn fit(id: IpAddr) -> Result<Ipv4Addr, &'static str> {
    match id {
        IpAddr::V4(v4) if v4.is_unspecified() || v4.octets()[0] >= FIRST_RESERVED => {
            Err("four octets that a host can have, such as \"10.0.1.9\"")
        }
        IpAddr::V4(v4) => Ok(v4),
        IpAddr::V6(_) => Err("an IPv4 address, such as \"10.0.1.9\""),
    }
}

/// Returns the identifier of the router with this number: the file's, which counts up, or the one that it has without.
pub(super) fn of_router(raw: &RawRouter, name: &Name, number: u16, attachments: &[(Name, Addresses)]) -> Ipv4Addr {
    let given = raw.router_id.as_ref().and_then(|id| fit(id.0).ok());
    let counted = given.map(|first| Ipv4Addr::from_bits(first.to_bits().saturating_add(u32::from(number) - 1)));
    counted.unwrap_or_else(|| identifier(name.as_str(), attachments.iter().map(|(_, addresses)| addresses)))
}

/// Finds identifiers that bgpd does not take, and those that two routers of one AS have.
pub(super) fn check(finds: &mut Finds, raw: &RawLab, routers: &[Entry]) {
    for id in raw.routers.iter().filter_map(|router| router.router_id.as_ref()) {
        if let Err(expected) = fit(id.0) {
            finds.add(id.place(), Problem::Unfit { value: format!("router id {}", **id), expected });
        }
    }
    let (mut seen, mut reported) = (BTreeMap::new(), None);
    for Entry { router, source } in routers {
        let Role::Speaker(asn) = router.role else { continue };
        let first = seen.insert((asn.get(), router.id), router.name.clone());
        // A counted entry is reported once.
        if let Some(first) = first.filter(|_| reported != Some(*source)) {
            reported = Some(*source);
            let place = raw
                .routers
                .get(*source)
                .map_or(0..0, |raw| raw.router_id.as_ref().map_or_else(|| raw.name.place(), super::super::At::place));
            finds.add(place, Problem::SameId { id: router.id, first, second: router.name.clone() });
        }
    }
}
