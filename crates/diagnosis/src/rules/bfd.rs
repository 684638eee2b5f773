//! BFD: on at both ends, of one kind, not held down; and the deadlock of FRR 10.2 and later.

use frrconf::change::OwnSession;
use frrconf::running::{Running, RunningNeighbor, RunningProfile};
use frrconf::views::{BfdStatus, NeighborBfd};

use super::pair::{End, back, ends, reload, set, set_profile};
use crate::check::{Check, Topic};
use crate::evidence::Evidence;
use crate::finding::{Found, Layer};
use crate::rule::Rule;
use labfile::compose::BfdHops;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("bfd-off", Layer::Bfd, off),
    Rule::proof("bfd-profile-missing", Layer::Bfd, profile_missing),
    Rule::proof("bfd-shutdown", Layer::Bfd, shutdown),
    Rule::proof("bfd-passive", Layer::Bfd, passive),
    Rule::proof("bfd-ttl", Layer::Bfd, ttl),
    Rule::proof("bfd-hops-differ", Layer::Bfd, hops),
    Rule::inference("bfd-deadlock", Layer::Bfd, deadlock),
    Rule::inference("bfd-unheard", Layer::Bfd, unheard),
];

/// Ends that should have BFD, with what they are configured as.
fn watched(e: &Evidence) -> impl Iterator<Item = (End<'_>, &RunningNeighbor)> {
    let ends = ends(e).filter(|end| end.session.bfd.is_some());
    ends.filter_map(|end| Some((end, end.configured()?.1)))
}

/// Returns the values that a session goes by: its profile's, or FRR's defaults.
fn profile<'a>(end: &End<'a>, neighbor: &RunningNeighbor) -> Option<(&'a str, &'a RunningProfile)> {
    let profiles = &end.frr.running.as_ref()?.bfd.profiles;
    profiles.get_key_value(neighbor.bfd_profile.as_ref()?).map(|(name, profile)| (name.as_str(), profile))
}

fn off(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(end, neighbor): (End<'_>, &RunningNeighbor)| {
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        (!neighbor.bfd).then(|| {
            Found::new(format!("{near} does not use BFD with {far}, and {far} waits for it"), [end.without_bfd()])
                .seen(format!("show running-config on {near}: neighbor {address} without bfd"))
                .remedy(if e.meant.contains_key(near) {
                    reload(near)
                } else {
                    "name the BFD profile in the BGPPeer: bfdProfile".to_owned()
                })
        })
    };
    watched(e).filter_map(found).collect()
}

fn profile_missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(end, neighbor): (End<'_>, &RunningNeighbor)| {
        let name = neighbor.bfd_profile.as_deref()?;
        let known = end.frr.running.as_ref()?.bfd.profiles.contains_key(name);
        let (near, far) = (&end.near.name, &end.far.name);
        (!known && end.frr.bfd.is_some()).then(|| {
            Found::new(
                format!("{near} watches {far} by the BFD profile {name}, which it does not have: FRR's defaults hold"),
                [end.without_bfd()],
            )
            .seen(format!("show running-config on {near}: no profile {name}"))
            .remedy(if e.meant.contains_key(near) {
                reload(near)
            } else {
                format!("make the BFDProfile {name}: ⌘ deploy-metallb")
            })
        })
    };
    watched(e).filter_map(found).collect()
}

fn shutdown(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for (end, neighbor) in watched(e) {
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        let by_profile = profile(&end, neighbor).filter(|(_, profile)| profile.shutdown).map(|(name, _)| name);
        let session =
            end.frr.bfd.iter().flat_map(|bfd| bfd.to(address)).any(|session| session.status == BfdStatus::AdminDown);
        let configured = end
            .frr
            .running
            .iter()
            .flat_map(|running| &running.bfd.peers)
            .any(|peer| peer.peer == address && peer.own.shutdown);
        let (seen, remedy) = match by_profile {
            Some(name) => (
                format!("show running-config on {near}: bfd profile {name} with shutdown"),
                set_profile(near, name, "no shutdown"),
            ),
            None if session || configured => {
                (format!("show bfd peers on {near}: the session to {address} is shut down"), reload(near))
            }
            None => continue,
        };
        let ours = e.meant.contains_key(near);
        let remedy = if ours { remedy } else { "see the BFDProfile".to_owned() };
        all.push(
            Found::new(format!("BFD with {far} is shut down on {near}"), [end.without_bfd()]).seen(seen).remedy(remedy),
        );
    }
    all
}

/// Both ends wait for the other's first packet.
fn passive(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(end, neighbor): (End<'_>, &RunningNeighbor)| {
        let other = end.other(e).filter(|_| end.near == &end.session.answerer)?;
        let (_, there) = other.configured()?;
        let (name, own) = profile(&end, neighbor)?;
        let (_, theirs) = profile(&other, there)?;
        let (near, far) = (&end.near.name, &end.far.name);
        (own.passive && theirs.passive).then(|| {
            Found::new(
                format!("both {near} and {far} are passive in BFD: each waits for the other's first packet"),
                [end.without_bfd()],
            )
            .seen(format!("show running-config on {near} and on {far}: bfd profile {name} with passive-mode"))
            .remedy(set_profile(near, name, "no passive-mode"))
        })
    };
    watched(e).filter_map(found).collect()
}

/// Multihop packets arrive with 255 less one for each router between.
fn ttl(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for end in ends(e).filter(|end| end.session.bfd == Some(BfdHops::Multi)) {
        let routers = e.distance(&end.near.name, end.far.address);
        let arrives = 255 - u8::try_from(routers).unwrap_or(255);
        let sessions = end.frr.bfd.iter().flat_map(|bfd| bfd.to(end.far.address));
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        for least in sessions.filter(|session| session.multihop).filter_map(|session| session.minimum_ttl) {
            if least > arrives {
                all.push(
                    Found::new(format!("{near} drops the BFD packets of {far}: they arrive with TTL {arrives}, and it takes no less than {least}"), [end.without_bfd()])
                        .seen(format!("show bfd peers on {near}: session to {address} with minimum-ttl {least}; routers between: {routers}"))
                        .remedy(format!("a second router between needs minimum-ttl 253 or less: {}", back(e, near))),
                );
            }
        }
    }
    all
}

/// One end takes the other for a neighbor on its link, the other does not.
fn hops(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for end in ends(e) {
        let Some(wanted) = end.session.bfd else { continue };
        let multi = wanted == BfdHops::Multi;
        let has: Vec<_> = end.frr.bfd.iter().flat_map(|bfd| bfd.to(end.far.address)).collect();
        if has.is_empty() || has.iter().any(|session| session.multihop == multi) {
            continue;
        }
        let word = |multi: bool| if multi { "multihop (UDP 4784)" } else { "single-hop (UDP 3784)" };
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        let ttl = end
            .configured()
            .and_then(|(_, neighbor)| neighbor.ebgp_multihop)
            .map(|ttl| format!(", ebgp-multihop {ttl}"));
        all.push(
            Found::new(
                format!(
                    "{near} speaks {} BFD to {far}, which speaks {}: they never hear each other",
                    word(!multi),
                    word(multi)
                ),
                [end.without_bfd()],
            )
            .seen(format!("show bfd peers on {near}: {address} is {}{}", word(!multi), ttl.unwrap_or_default()))
            .remedy(back(e, near)),
        );
    }
    all
}

/// FRR #17452, #17751, #18761: BGP waits for a BFD session that the other side makes only once BGP is up.
fn deadlock(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let fails = |end: &End<'_>| end.is_among(open, Topic::Bgp);
    let found = |end: End<'_>| {
        let state = end.state()?;
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        let (bgp, neighbor) = end.configured()?;
        let source = neighbor.update_source.as_ref();
        // The other end has no session of its own to answer with.
        let alone = end
            .other(e)
            .is_none_or(|other| other.frr.bfd.as_ref().is_none_or(|bfd| bfd.to(end.near.address).next().is_none()));
        let release = end.frr.running.as_ref().and_then(|running| running.version);
        (state.waits_for_bfd(release) && alone).then(|| {
            let multihop = state.bfd.as_ref().is_some_and(NeighborBfd::multihop);
            let by_hand = if e.meant.contains_key(far) {
                let running = end.other(e).and_then(|other| other.frr.running.as_ref());
                let local = multihop.then_some(address);
                let session = OwnSession::to(end.near.address, local, running.unwrap_or(&Running::default()));
                let (add, remove) = (session.add(), session.remove());
                format!(", or docker exec {far} {add} and, once BGP is up, docker exec {far} {remove}")
            } else if e.meant.contains_key(near) {
                let remove = set(near, bgp.asn, &[&format!("no neighbor {address}")]);
                format!(", or {remove}, then {}", reload(near))
            } else {
                String::new()
            };
            let why = source.map_or_else(String::new, |source| format!(" (update-source {source} makes it so from the start)"));
            Found::new(
                format!("BGP on {near} waits for its BFD session to {far}, and {far} makes its own only once BGP is up: the deadlock of FRR 10.2 and later{why}"),
                [end.without_bfd()],
            )
            .seen(format!("show bgp neighbors on {near}: {address} is {}, its BFD session is down", state.state))
            .seen(format!("show bfd peers on {far}: no session to {}", end.near.address))
            // Taking BFD off and putting it on again is not enough: its session would be there before BGP's once more.
            .remedy(format!(
                "⌘ repair{by_hand}\nclear bgp does not help; FRR 8.4 and 10.7 recover by themselves (FRR #18761, #17452, #17751)"
            ))
        })
    };
    ends(e).filter(fails).filter_map(found).collect()
}

/// Nothing of the other side arrives, although BGP's packets do.
fn unheard(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let fails = |end: &End<'_>| end.is_among(open, Topic::Bfd);
    let found = |end: End<'_>| {
        let session = end.frr.bfd.as_ref()?.to(end.far.address).find(|session| session.status == BfdStatus::Down)?;
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        let port = if session.multihop { 4784 } else { 3784 };
        let there =
            end.other(e).and_then(|other| other.frr.bfd.as_ref().map(|bfd| bfd.to(end.near.address).next().is_some()));
        let cause = match there {
            Some(true) => format!(
                "{near} does not hear BFD from {far}, which has its session too: UDP {port} is dropped on the way"
            ),
            Some(false) => format!("{near} waits for BFD from {far}, which has no session to it"),
            None => format!("{near} does not hear BFD from {far}"),
        };
        let mut found = Found::new(cause, [end.without_bfd()]);
        if let Some(why) = &session.diagnostic {
            found = found.seen(format!("show bfd peers on {near}: {address} is down ({why})"));
        }
        Some(found.remedy(format!("follow it: ⌘ capture --session {near}-{far} --bfd --seconds 10")))
    };
    ends(e).filter(fails).filter_map(found).collect()
}

#[cfg(test)]
mod tests;
