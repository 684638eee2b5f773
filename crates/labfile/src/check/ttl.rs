//! The TTL with which BFD packets arrive, by the number of routers on their way.

use std::sync::Arc;

use super::{
    super::{
        RawLab,
        problem::Problem,
        raw::RawBfdProfile,
        session::{BfdProfile, Hops},
    },
    Finds,
    peers::{Context, way},
    routers::Entry,
    sessions::Fields,
};

/// Gives each profile without a minimum TTL the one that the longest way of its sessions takes, and finds those whose
/// minimum drops the packets of a session.
pub(super) fn fit(
    finds: &mut Finds,
    raw: &RawLab,
    context: Context<'_>,
    profiles: Vec<Arc<BfdProfile>>,
) -> Vec<Arc<BfdProfile>> {
    let each = raw.bfd_profiles.iter().zip(profiles).map(|(raw_profile, profile)| {
        let Some(arrives) = arrives(raw, context, raw_profile) else { return profile };
        match &raw_profile.minimum_ttl {
            Some(given) if **given > arrives && **given < u8::MAX => {
                let (profile, given_ttl) = (profile.name.clone(), **given);
                finds.add(given.place(), Problem::MinimumTtl { profile, given: given_ttl, arrives });
            }
            None if profile.minimum_ttl > arrives => {
                return Arc::new(BfdProfile { minimum_ttl: arrives, ..(*profile).clone() });
            }
            _ => {}
        }
        profile
    });
    each.collect()
}

/// Returns the lowest TTL with which packets of a profile's multihop sessions arrive, if it has any: they leave with 255,
/// and each router between takes one.
fn arrives(raw: &RawLab, context: Context<'_>, profile: &RawBfdProfile) -> Option<u8> {
    let its_own = raw.peers.iter().filter(|peer| peer.bfd_profile.as_ref().is_some_and(|own| **own == *profile.name));
    let between = its_own.filter_map(|peer| {
        let fields = Fields::from(&**peer);
        let source = raw.routers.iter().position(|router| *router.name == *peer.router)?;
        let routers = context.routers.iter().filter(|entry| entry.source == source);
        let way = |entry: &Entry| Some(fields.family(|family| way(&entry.router, context, family)).ok()?.1.0);
        let hops = routers.filter_map(|entry| match way(entry)? {
            Hops::Direct => None,
            Hops::Routed(between) => Some(between),
        });
        hops.max()
    });
    Some(u8::MAX - between.max()?)
}
