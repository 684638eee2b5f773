//! The configuration of the two ends of a BGP session: here, there, and as the lab says.

use frrconf::running::RunningBgp;

use super::cluster::DEPLOY;
use super::pair::{End, back, ends};
use crate::check::Check;
use crate::evidence::Evidence;
use crate::finding::{Found, Layer};
use crate::rule::Rule;
use labfile::BGP_PORT;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("neighbor-missing", Layer::Bgp, missing),
    Rule::proof("neighbor-shutdown", Layer::Bgp, shutdown),
    Rule::proof("as-differs", Layer::Bgp, asn),
    Rule::proof("router-id-shared", Layer::Bgp, router_id),
    Rule::proof("multihop-missing", Layer::Bgp, multihop),
    Rule::proof("ttl-security", Layer::Bgp, ttl_security),
    Rule::proof("nobody-connects", Layer::Bgp, nobody_connects),
    Rule::proof("port-differs", Layer::Bgp, port),
    Rule::proof("update-source", Layer::Bgp, update_source),
];

fn where_said(end: &End<'_>) -> String {
    format!("show running-config on {}", end.near.name)
}

fn missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let missing = |end: &End<'_>| {
        // What a speaker knows its peers by is looked at where it comes from. Without any neighbor the whole configuration is
        // missing, which is another cause.
        e.meant.contains_key(&end.near.name)
            && end
                .frr
                .instance()
                .is_some_and(|bgp| !bgp.neighbors.is_empty() && !bgp.neighbors.contains_key(&end.far.address))
    };
    let found = |end: End<'_>| {
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        Found::new(format!("{near} does not know {far} as a BGP neighbor"), [end.broken()])
            .seen(format!("{}: no neighbor {address}", where_said(&end)))
            .remedy(back(e, near))
    };
    ends(e).filter(missing).map(found).collect()
}

fn shutdown(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |end: End<'_>| {
        let (bgp, neighbor) = end.configured()?;
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        let (what, line) = match (neighbor.shutdown, bgp.shutdown) {
            (true, _) => {
                (format!("the session with {far} is shut down on {near}"), format!("no neighbor {address} shutdown"))
            }
            (_, true) => (format!("all of BGP is shut down on {near}"), "no bgp shutdown".to_owned()),
            _ => return None,
        };
        let found = Found::new(what, [end.broken()]);
        Some(
            found
                .seen(format!("{}: {}", where_said(&end), line.trim_start_matches("no ")))
                .remedy(end.set(e, &[&line])),
        )
    };
    ends(e).filter_map(found).collect()
}

fn own_as(bgp: &RunningBgp, local_as: Option<u32>) -> u32 {
    local_as.unwrap_or(bgp.asn)
}

fn asn(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |end: End<'_>| {
        let (bgp, neighbor) = end.configured()?;
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        let is = end.other(e).and_then(|other| {
            let (bgp, neighbor) = other.configured()?;
            Some(own_as(bgp, neighbor.local_as))
        });
        let is = is.unwrap_or(end.far.asn);
        let expects = bgp.remote_as(neighbor)?;
        (expects != is && neighbor.remote_as.as_deref() != Some("external")).then(|| {
            let wrong = if expects == end.far.asn {
                format!("{far} is in AS {is} instead")
            } else {
                let who = if e.without_lab.is_some() { "its BGPPeer" } else { "the lab" };
                format!("{who} says {}", end.far.asn)
            };
            Found::new(format!("{near} expects {far} in AS {expects}, and it is in AS {is}: {wrong}"), [end.broken()])
                .seen(format!("{}: neighbor {address} remote-as {expects}", where_said(&end)))
                .seen(format!("show running-config on {far}: AS {is}"))
                .remedy(match (expects == end.far.asn, e.meant.contains_key(far)) {
                    (true, true) => format!("put {far} back into AS {expects}: ⌘ lab-up"),
                    (true, false) => format!("put {far} back into AS {expects} (myASN of the BGPPeer): {DEPLOY}"),
                    (false, _) => back(e, near),
                })
        })
    };
    ends(e).filter_map(found).collect()
}

/// Two speakers of one identifier refuse each other within an AS (RFC 4271, section 6.2; RFC 6286).
fn router_id(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |end: End<'_>| {
        let (bgp, _) = end.configured()?;
        let other = end.other(e)?;
        let (theirs, _) = other.configured()?;
        let id = bgp.router_id.filter(|id| theirs.router_id == Some(*id) && bgp.asn == theirs.asn)?;
        let (near, far) = (&end.near.name, &end.far.name);
        let own = e.meant.get(near).and_then(|meant| meant.bgp.as_ref()).and_then(|bgp| bgp.router_id);
        let wrong = if own == Some(id) { far } else { near };
        (own != Some(id) || end.near == &end.session.answerer).then(|| {
            Found::new(
                format!("{near} and {far} have the same BGP identifier {id}, and refuse each other"),
                [end.broken()],
            )
            .seen(format!("show running-config on {near} and on {far}: bgp router-id {id}"))
            .remedy(back(e, wrong))
        })
    };
    let mut all: Vec<Found> = Vec::new();
    for found in ends(e).filter_map(found) {
        if !all.iter().any(|known| known.breaks == found.breaks) {
            all.push(found);
        }
    }
    all
}

/// Between two AS, a session whose ends share no network needs `ebgp-multihop`.
fn multihop(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |end: End<'_>| {
        let (bgp, neighbor) = end.configured()?;
        let external = bgp.remote_as(neighbor)? != bgp.asn && end.near.asn != end.far.asn;
        let routers = e.between(&end.near.name, end.far.address);
        let hops = u8::try_from(e.distance(&end.near.name, end.far.address)).unwrap_or(u8::MAX).saturating_add(1);
        let allowed = neighbor.ebgp_multihop.unwrap_or(1).max(neighbor.ttl_security.unwrap_or(1));
        (external && allowed < hops).then(|| {
            let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
            let has = neighbor
                .ebgp_multihop
                .map_or_else(|| "no ebgp-multihop".to_owned(), |ttl| format!("ebgp-multihop {ttl}"));
            Found::new(
                format!(
                    "{near} takes {far} for a neighbor on its own network, and {} is between: ebgp-multihop is missing",
                    routers.join(", ")
                ),
                [end.broken()],
            )
            .seen(format!("{}: neighbor {address} with {has}", where_said(&end)))
            .remedy(if end.near.is_node && !e.meant.contains_key(near) {
                "set ebgpMultiHop: true on the BGPPeer".to_owned()
            } else {
                back(e, near)
            })
        })
    };
    ends(e).filter_map(found).collect()
}

fn ttl_security(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |end: End<'_>| {
        let (_, neighbor) = end.configured()?;
        let hops = neighbor.ttl_security?;
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        let between = e.distance(near, address);
        let own = end.other(e).and_then(|other| other.configured()).and_then(|(_, there)| there.ttl_security);
        let far_away = usize::from(hops) <= between;
        // The other end sends with TTL 255 only if it has the same setting.
        (far_away || own.is_none()).then(|| {
            let why = if far_away {
                format!("{between} between are more than it allows")
            } else {
                format!("{far} does not send with TTL 255, having no ttl-security itself")
            };
            Found::new(format!("{near} drops the BGP packets of {far} by their TTL: {why}"), [end.broken()])
                .seen(format!("{}: neighbor {address} ttl-security hops {hops}", where_said(&end)))
                .remedy(back(e, near))
        })
    };
    ends(e).filter_map(found).collect()
}

/// One end waits and the other never connects.
fn nobody_connects(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |end: End<'_>| {
        if end.near != &end.session.opener {
            return None;
        }
        let (_, neighbor) = end.configured()?;
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        neighbor.passive.then(|| {
            Found::new(
                format!("{near} waits for {far} to connect, and has to connect itself: it is passive"),
                [end.broken()],
            )
            .seen(format!("{}: neighbor {address} passive", where_said(&end)))
            .remedy(end.set(e, &[&format!("no neighbor {address} passive")]))
        })
    };
    ends(e).filter_map(found).collect()
}

fn port(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |end: End<'_>| {
        let (_, neighbor) = end.configured()?;
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        let (port, listens) = (neighbor.port.unwrap_or(BGP_PORT), e.lab.port(far));
        if port == listens {
            return None;
        }
        let no = if listens == BGP_PORT { "no " } else { "" };
        Some(
            Found::new(
                format!("{near} connects to {far} on TCP port {port}, and BGP listens on {listens}"),
                [end.broken()],
            )
            .seen(format!("{}: neighbor {address} port {port}", where_said(&end)))
            .remedy(end.set(e, &[&format!("{no}neighbor {address} port {listens}")])),
        )
    };
    ends(e).filter_map(found).collect()
}

/// A source address by which the other end does not know us.
fn update_source(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |end: End<'_>| {
        let (_, neighbor) = end.configured()?;
        let source = neighbor.update_source.as_deref()?;
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        let inside = e.inside.get(near)?;
        let right = match source.parse::<std::net::IpAddr>() {
            Ok(ip) => end.near.address == ip,
            Err(_) => inside.link_with(end.near.address).is_some_and(|link| link.name == source),
        };
        (!right).then(|| {
            Found::new(
                format!("{near} speaks to {far} from {source}, and {far} knows it as {}", end.near.address),
                [end.broken()],
            )
            .seen(format!("{}: neighbor {address} update-source {source}", where_said(&end)))
            .remedy(end.set(e, &[&format!("no neighbor {address} update-source")]))
        })
    };
    ends(e).filter_map(found).collect()
}

#[cfg(test)]
pub(super) mod tests;
