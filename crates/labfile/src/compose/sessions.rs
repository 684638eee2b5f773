//! The parts of an FRR configuration that both ends of a session need: profiles, timers, static routes.

use std::{collections::BTreeMap, sync::Arc};

use frrconf::{
    model::{BfdProfile, Echo, StaticRoute},
    values::{self, BfdInterval, ConnectTime, DetectMultiplier, MinimumTtl, Port},
};

use super::ComposeError;
use crate::{Lab, Name, Session, session::BGP_PORT};

/// The end of a session that a profile is for: only nodes wait for the other side.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Node,
    Router,
}

/// Returns the profiles of some sessions, each once.
pub(super) fn profiles<'a>(
    sessions: impl Iterator<Item = &'a Session>,
    end: End,
) -> Result<Vec<BfdProfile>, ComposeError> {
    let profiles: BTreeMap<&Name, &Arc<crate::BfdProfile>> =
        sessions.filter_map(|session| session.bfd.as_ref()).map(|bfd| (&bfd.profile().name, bfd.profile())).collect();
    profiles.into_values().map(|profile| bfd_profile(profile, end)).collect()
}

fn bfd_profile(profile: &crate::BfdProfile, end: End) -> Result<BfdProfile, ComposeError> {
    let interval = |time: std::time::Duration| BfdInterval::new(u32::try_from(time.as_millis()).unwrap_or(u32::MAX));
    Ok(BfdProfile {
        name: name(profile.name.as_str())?,
        receive: Some(interval(profile.receive_interval)?),
        transmit: Some(interval(profile.transmit_interval)?),
        detect_multiplier: Some(DetectMultiplier::new(profile.detect_multiplier)?),
        echo: match profile.echo {
            Some(time) => Echo::On { interval: Some(interval(time)?) },
            None => Echo::Off { interval: None },
        },
        passive: profile.passive && end == End::Node,
        minimum_ttl: Some(MinimumTtl::new(profile.minimum_ttl)?),
    })
}

/// Returns the profile's name in FRR, if the session has BFD.
pub(super) fn profile_name(session: &Session) -> Result<Option<values::Name>, ComposeError> {
    session.bfd.as_ref().map(|bfd| name(bfd.profile().name.as_str())).transpose()
}

/// Converts a name for FRR.
pub(super) fn name(text: &str) -> Result<values::Name, ComposeError> {
    Ok(values::Name::new(text)?)
}

/// Returns the session's timers.
pub(super) fn timers(session: &Session) -> Result<Option<values::Timers>, ComposeError> {
    let timers = session.timers.keepalive_hold.map(|(keepalive, hold)| values::Timers::new(keepalive, hold));
    Ok(timers.transpose()?)
}

/// Converts the interval at which the session's active end tries to connect.
pub(super) fn connect(seconds: Option<u16>) -> Result<Option<ConnectTime>, ComposeError> {
    Ok(seconds.map(ConnectTime::new).transpose()?)
}

/// Converts a router's port, where it is not BGP's own.
pub(super) fn port(port: u16) -> Result<Option<Port>, ComposeError> {
    Ok(Some(port).filter(|port| *port != BGP_PORT).map(Port::new).transpose()?)
}

/// Returns the static routes of a container, both families. Several next hops of one destination are one route of FRR's.
pub(super) fn static_routes(lab: &Lab, name: &str) -> Result<Vec<StaticRoute>, ComposeError> {
    let ways = lab.routes_at(name).flat_map(crate::Route::ways);
    let each = ways.flat_map(|(to, hops)| hops.into_iter().map(move |hop| StaticRoute::new(to, hop)));
    Ok(each.collect::<Result<_, _>>()?)
}

/// Converts an address into a router's identifier.
pub(super) fn router_id(address: std::net::Ipv4Addr) -> Result<values::RouterId, ComposeError> {
    Ok(values::RouterId::new(address)?)
}
