//! Announcements, and how their next hops are reached.

use std::net::IpAddr;

use frrconf::views::{BgpState, Family, Recursion};
use ipnet::IpNet;

use super::pair::{End, ends, reload, set};
use crate::check::{Check, Topic};
use crate::evidence::{Evidence, Frr};
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::Subject;
use labfile::compose::{Announced, NextHops, TableEntry};

pub(super) const RULES: &[Rule] = &[
    Rule::proof("not-announced", Layer::Announcement, not_announced),
    Rule::proof("import-check", Layer::Announcement, import_check),
    Rule::proof("foreign-announcement", Layer::Announcement, excluded),
    Rule::proof("route-of-another", Layer::Announcement, other_protocol),
    Rule::proof("next-hop-unresolved", Layer::Announcement, unresolved),
    Rule::proof("next-hop-by-default", Layer::Announcement, by_default),
    Rule::inference("not-passed-on", Layer::Announcement, not_passed_on),
];

fn family(prefix: IpNet) -> Family {
    Family::of(prefix.addr())
}

/// Nodes of ours with a prefix that they have to announce, or must not, with `true` if they are configured to.
fn announcers(e: &Evidence, by: bool) -> impl Iterator<Item = (&str, IpNet, &Frr, bool)> {
    let all = e.expected.announced.iter().filter(move |entry| entry.by == by);
    all.filter_map(|entry| {
        let frr = e.frr(&entry.node).filter(|_| e.meant.contains_key(&entry.node))?;
        let configured = frr.instance()?.networks.contains(&entry.prefix);
        Some((entry.node.as_str(), entry.prefix, frr, configured))
    })
}

fn not_announced(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(node, prefix, frr, _): (&str, IpNet, &Frr, bool)| {
        let asn = frr.instance().map_or(0, |bgp| bgp.asn);
        Found::new(
            format!("{node} does not announce {prefix}: it is not configured to"),
            [Break::Announced(node.to_owned(), prefix)],
        )
        .seen(format!(
            "show running-config on {node}: no `network {prefix}` in address-family {} unicast",
            family(prefix).word()
        ))
        .remedy(set(
            node,
            asn,
            &[&format!("address-family {} unicast", family(prefix).word()), &format!("network {prefix}")],
        ))
    };
    announcers(e, true).filter(|(.., configured)| !configured).map(found).collect()
}

/// With the check on, only what is in the routing table is announced.
fn import_check(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for (node, prefix, frr, configured) in announcers(e, true) {
        let checks = frr.instance().is_some_and(|bgp| bgp.import_check);
        let has = frr.routes.get(&family(prefix)).is_some_and(|table| table.routes.contains_key(&prefix));
        let asn = frr.instance().map_or(0, |bgp| bgp.asn);
        let own = frr.bgp.get(&family(prefix)).is_some_and(|table| table.paths(prefix).iter().any(|path| path.valid));
        if configured && checks && !has && !own {
            all.push(
                Found::new(
                    format!("{node} does not announce {prefix}, for it has no route to it: the check of imported networks is on"),
                    [Break::Announced(node.to_owned(), prefix)],
                )
                .seen(format!("show running-config on {node}: router bgp {asn} without `no bgp network import-check`"))
                .remedy(set(node, asn, &["no bgp network import-check"])),
            );
        }
    }
    all
}

fn excluded(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(node, prefix, ..): (&str, IpNet, &Frr, bool)| {
        let mut all = e.expected.announced.iter();
        let entry = all.find(|entry| entry.node == node && entry.prefix == prefix);
        let who = entry.map_or("the lab leaves", Announced::leaves_out);
        Found::new(
            format!("{node} announces {prefix}, though {who} it out: it is not to be a next hop"),
            e.expected
                .tables
                .iter()
                .filter(|entry| entry.prefix == prefix)
                .map(|entry| Break::Prefix(entry.router.to_string(), prefix))
                .chain([Break::Announced(node.to_owned(), prefix)]),
        )
        .seen(format!("show running-config on {node}: network {prefix}"))
        .remedy(reload(node))
    };
    announcers(e, false).filter(|(.., configured)| *configured).map(found).collect()
}

/// Routers that have to know a prefix, with their tables.
fn learners(e: &Evidence) -> impl Iterator<Item = (&str, IpNet, &TableEntry, &Frr)> {
    e.expected.tables.iter().filter_map(|entry| {
        let router = entry.router.as_str();
        Some((router, entry.prefix, entry, e.frr(router)?))
    })
}

fn other_protocol(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(router, prefix, _, frr): (&str, IpNet, &TableEntry, &Frr)| {
        let route = frr.routes.get(&family(prefix))?.selected(prefix)?;
        let protocol = route.protocol.as_str();
        (protocol != "bgp").then(|| {
            Found::new(
                format!("{router} reaches {prefix} by a {protocol} route instead of what the nodes announce: it does not follow them"),
                [Break::Prefix(router.to_owned(), prefix)],
            )
            .seen(format!("show {} route on {router}: {prefix} from {protocol}, distance {}", if prefix.addr().is_ipv4() { "ip" } else { "ipv6" }, route.distance))
            .remedy(match protocol {
                "static" => format!("{} takes FRR back to its file", reload(router)),
                _ => format!("docker exec {router} ip route delete {prefix}"),
            })
        })
    };
    learners(e).filter_map(found).collect()
}

/// The next hops that BGP learned, by router and prefix.
fn hops(prefix: IpNet, frr: &Frr) -> Vec<(IpAddr, bool)> {
    let paths = frr.bgp.get(&family(prefix)).map(|table| table.paths(prefix)).unwrap_or_default();
    let mut hops: Vec<(IpAddr, bool)> = paths.iter().filter_map(|path| Some((path.used()?, path.valid))).collect();
    hops.sort_unstable();
    hops.dedup();
    hops
}

fn unresolved(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for (router, prefix, _, frr) in learners(e) {
        for (hop, _) in hops(prefix, frr).into_iter().filter(|(hop, valid)| !valid && !hop.is_unspecified()) {
            all.push(
                Found::new(
                    format!("{router} learned {prefix} from next hop {hop}, and has no way to {hop}: the next hop is not resolved"),
                    [Break::Prefix(router.to_owned(), prefix)],
                )
                .seen(format!("show bgp {} unicast on {router}: the path by {hop} is not valid", family(prefix).word()))
                .remedy(format!("give {router} the route to {hop}: ⌘ lab-up; or let the default route count: ip nht resolve-via-default")),
            );
        }
    }
    all
}

/// A next hop that only the default route leads to, or that packets reach by it nevertheless: off the lab, to the engine's
/// machine. Or another way than the table says.
fn by_default(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let gateway = |address: &IpAddr| e.lab.networks.iter().any(|n| n.gateways().iter().any(|own| own == *address));
    let mut all: Vec<Found> = Vec::new();
    for (router, prefix, _, frr) in learners(e) {
        let Some(table) = frr.routes.get(&family(prefix)) else { continue };
        if table.selected(prefix).is_none_or(|route| route.protocol != "bgp") {
            continue;
        }
        for recursion in table.recursions(prefix) {
            let (default, stale) = (recursion.is_by_default_route(), recursion.is_stale());
            let Recursion { hop, in_use, .. } = recursion;
            let meant = e.next_hops(router, hop);
            let off = default || in_use.iter().any(gateway);
            // Where packets go as they should and the table is wrong, that is another finding.
            if !off && (!stale || meant.iter().any(|meant| in_use.contains(meant))) {
                continue;
            }
            let via = in_use.first().map_or_else(String::new, |via| format!(" ({via})"));
            let way = match in_use.first() {
                _ if off => format!("its default gateway{via}"),
                Some(via) => via.to_string(),
                None => "nothing".to_owned(),
            };
            let meant: Vec<_> = meant.iter().map(ToString::to_string).collect();
            let meant = if meant.is_empty() { String::new() } else { format!(", not by {}", meant.join(" and ")) };
            let end = if off { "packets leave the lab" } else { "its table says otherwise" };
            all.push(
                Found::new(
                    format!("{router} reaches the next hop {hop} of {prefix} by {way}{meant}: {end}"),
                    [Break::Prefix(router.to_owned(), prefix)],
                )
                .seen(format!("show {} route {prefix} on {router}: {hop} (recursive){via}", if prefix.addr().is_ipv4() { "ip" } else { "ipv6" }))
                .remedy(format!("FRR keeps what it resolved before the route was there: {}, or remove and add the neighbor (clear bgp does not help)", reload(router))),
            );
        }
    }
    all
}

/// A session is up and both families are exchanged, and a prefix that the neighbor has to pass on is not there.
fn not_passed_on(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for (router, prefix, entry, frr) in learners(e).filter(|(.., entry, _)| matches!(entry.next_hops, NextHops::All(_)))
    {
        let subject = Subject::prefix(router, prefix);
        if !open.iter().any(|check| check.is(Topic::Table, &subject)) {
            continue;
        }
        let paths = frr.bgp.get(&family(prefix)).map(|table| table.paths(prefix)).unwrap_or_default();
        for source in &entry.learned_from {
            let ends = ends(e).filter(|end| end.near.name == *source && end.far.name == router);
            let came = |end: &End<'_>| paths.iter().any(|path| path.from == Some(end.near.address));
            let ends: Vec<End<'_>> = ends.collect();
            if ends.iter().any(came) {
                continue;
            }
            let is_up = |end: &End<'_>| end.state().is_some_and(|state| state.state == BgpState::Established);
            let up = ends.iter().any(is_up);
            let own = e
                .frr(source)
                .and_then(|frr| frr.bgp.get(&family(prefix)))
                .is_some_and(|table| !table.paths(prefix).is_empty());
            if up && own {
                all.push(
                    Found::new(
                        format!(
                            "{source} announces {prefix}, its session with {router} is up, and {router} did not take it"
                        ),
                        [Break::Prefix(router.to_owned(), prefix)],
                    )
                    .seen(format!(
                        "show bgp {} unicast on {source}: {prefix}; on {router}: none of {source}",
                        family(prefix).word()
                    ))
                    .remedy(format!(
                        "see what is filtered: docker exec {router} vtysh -c 'show route-map' -c 'show {} prefix-list'",
                        if prefix.addr().is_ipv4() { "ip" } else { "ipv6" }
                    )),
                );
            }
        }
    }
    all
}

#[cfg(test)]
mod tests;
