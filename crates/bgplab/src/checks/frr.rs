//! Checks of FRR: sessions, and the advertised prefixes in the routers' tables.

use std::collections::BTreeSet;
use std::net::IpAddr;

use diagnosis::evidence::Frr;
use frrconf::views::{BgpPath, BgpTable, Recursion};
use frrconf::vty::Daemon;

use super::views::Views;
use super::{Check, Subject, Topic};
use labfile::Family;
use labfile::compose::{Announced, BareBfd, BfdHops, NextHops, SessionState, Side, TableEntry};

/// A check for each end of each session that can be asked, and the same for BFD.
pub(crate) fn sessions(sessions: &[SessionState], views: &Views) -> Vec<Check> {
    let mut checks = Vec::new();
    for session in sessions {
        for (end, far) in [(&session.answerer, &session.opener), (&session.opener, &session.answerer)] {
            let Some(view) = views.get(&end.name) else { continue };
            let subject = || Subject::session(&end.name, &far.name);
            checks.push(Check::of(Topic::Bgp, subject(), bgp(session, end, far, view)).expecting("Established"));
            if let Some(hops) = session.bfd {
                checks.push(Check::of(Topic::Bfd, subject(), bfd(hops, far, view)).expecting("BFD up"));
            }
        }
    }
    checks
}

/// A check for each end of each BFD session that no BGP asked for.
pub(crate) fn bare_bfd(pairs: &[BareBfd], views: &Views) -> Vec<Check> {
    let mut checks = Vec::new();
    for pair in pairs {
        for (end, far) in [(&pair.router, &pair.node), (&pair.node, &pair.router)] {
            let Some(view) = views.get(&end.name) else { continue };
            let subject = Subject::session(&end.name, &far.name);
            checks.push(Check::of(Topic::Bfd, subject, bfd(pair.hops, far, view)).expecting("BFD up"));
        }
    }
    checks
}

fn bgp(session: &SessionState, near: &Side, far: &Side, view: &Frr) -> Result<String, String> {
    let all = view.summary.as_ref().ok_or_else(|| view.why(Daemon::Bgpd))?;
    let state = all.state(far.address);
    let state = state.ok_or_else(|| format!("no neighbor {}, expected one in AS {}", far.address, far.asn))?;
    if !all.established(far.address) {
        return Err(format!("{} is {state}, expected Established", far.address));
    }
    let mut families = Vec::new();
    for family in &session.families {
        let summary = all.family(*family).ok_or_else(|| format!("established without {family}"))?;
        if summary.local_as != near.asn {
            return Err(format!("local AS {}, expected {}", summary.local_as, near.asn));
        }
        let peer = summary.peers.get(&far.address).ok_or_else(|| format!("{} without {family}", far.address))?;
        if peer.remote_as != far.asn {
            return Err(format!("{} is in AS {}, expected {}", far.address, peer.remote_as, far.asn));
        }
        if peer.messages_received == 0 || peer.messages_sent == 0 {
            return Err(format!("{}: no messages in one direction", far.address));
        }
        let (received, sent) = (peer.prefixes_received.unwrap_or(0), peer.prefixes_sent.unwrap_or(0));
        let wanted = session.advertised.as_ref().and_then(|advertised| advertised.get(family));
        let (verb, count) = if near.is_node { ("sent", sent) } else { ("received", received) };
        if let Some(wanted) = wanted.filter(|wanted| **wanted != count) {
            return Err(format!("{}: {count} {family} prefixes {verb}, expected {wanted}", far.address));
        }
        families.push(format!("{family} {received} received {sent} sent"));
    }
    Ok(format!("{} Established, {}", far.address, families.join(", ")))
}

fn bfd(hops: BfdHops, far: &Side, view: &Frr) -> Result<String, String> {
    let multihop = hops == BfdHops::Multi;
    let kind = if multihop { "multihop" } else { "single-hop" };
    let all = view.bfd.as_ref().ok_or_else(|| view.why(Daemon::Bfdd))?;
    let session = all.to(far.address).find(|session| session.multihop == multihop);
    let session = session.ok_or_else(|| format!("no {kind} session to {}", far.address))?;
    if !all.up(far.address) {
        let why = session.diagnostic.as_deref().unwrap_or("no reason given");
        return Err(format!("{} is {} ({why}), expected up", far.address, session.status));
    }
    Ok(match session.detection_time() {
        Some(time) => format!("{} up, {kind}, loss noticed within {} ms", far.address, time.as_millis()),
        None => format!("{} up, {kind}", far.address),
    })
}

/// A check for each prefix that a node announces, or must not, in its own BGP table.
pub(crate) fn announced(entries: &[Announced], views: &Views) -> Vec<Check> {
    let one = |entry: &Announced| {
        let view = views.get(&entry.node)?;
        let table = view.bgp.get(&Family::of(entry.prefix.addr())).ok_or_else(|| view.why(Daemon::Bgpd));
        let seen = table.and_then(|table| own_path(entry, table));
        Some(Check::of(Topic::Table, Subject::prefix(&entry.node, entry.prefix), seen))
    };
    entries.iter().filter_map(one).collect()
}

fn own_path(entry: &Announced, table: &BgpTable) -> Result<String, String> {
    // Its own path has no neighbor that it came from.
    let is_own = |path: &BgpPath| path.valid && path.from.is_none_or(|ip| ip.is_unspecified());
    let who = entry.leaves_out();
    match (entry.by, table.paths(entry.prefix).iter().any(is_own)) {
        (true, true) => Ok("announced".to_owned()),
        (false, false) => Ok(format!("not announced, as {who} this node out")),
        (true, false) => Err("not in its BGP table, expected its own".to_owned()),
        (false, true) => Err(format!("announced, though {who} this node out")),
    }
}

/// A check for each prefix in each router's table, with its next hops and how they are reached.
pub(crate) fn tables(entries: &[TableEntry], views: &Views) -> Vec<Check> {
    let one = |entry: &TableEntry| {
        let view = views.get(entry.router.as_str());
        let seen = view.map_or_else(|| Err("not asked".to_owned()), |view| table(entry, view));
        Check::of(Topic::Table, Subject::prefix(entry.router.as_str(), entry.prefix), seen)
            .expecting(wanted(&entry.next_hops))
    };
    entries.iter().map(one).collect()
}

fn table(entry: &TableEntry, view: &Frr) -> Result<String, String> {
    let table = view.routes.get(&Family::of(entry.prefix.addr())).ok_or_else(|| view.why(Daemon::Zebra))?;
    let route = table.selected(entry.prefix).ok_or("not in the table")?;
    if route.protocol != "bgp" {
        return Err(format!("from {}, expected bgp", route.protocol));
    }
    let hops = &table.unresolved_next_hops_of(entry.prefix);
    let resolved: BTreeSet<IpAddr> = table.next_hops_of(entry.prefix).iter().filter_map(|hop| hop.ip).collect();
    if !entry.next_hops.are(hops) {
        return Err(format!("next hops {}, expected {}", list(hops), wanted(&entry.next_hops)));
    }
    if resolved.is_empty() {
        return Err(format!("next hops {} are not resolved, or the kernel does not have the route", list(hops)));
    }
    // A next hop that is reached by the default route leaves the lab.
    let leaving = hops.iter().find(|hop| table.lookup(**hop).is_none_or(|(prefix, _)| prefix.prefix_len() == 0));
    if let Some(hop) = leaving {
        return Err(format!("next hop {hop} is reached by the default route only, so packets leave the lab"));
    }
    if let Some(stale) = table.recursions(entry.prefix).into_iter().find(Recursion::is_stale) {
        let Recursion { hop, in_use, by_table, .. } = stale;
        return Err(format!(
            "next hop {hop} is reached by {}, though the table leads by {}",
            list(&in_use),
            list(&by_table)
        ));
    }
    let via = if *hops == resolved { String::new() } else { format!(", reached by {}", list(&resolved)) };
    Ok(format!("next hops {}{via}", list(hops)))
}

/// Returns the next hops that should be, in words.
pub(crate) fn wanted(hops: &NextHops) -> String {
    match hops {
        NextHops::All(all) => list(all),
        NextHops::AnyOf(some) => format!("some of {}", list(some)),
    }
}

/// Returns addresses in words.
pub(crate) fn list(addresses: &BTreeSet<IpAddr>) -> String {
    if addresses.is_empty() {
        return "none".to_owned();
    }
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
