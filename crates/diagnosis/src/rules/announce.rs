//! Announcements, and how their next hops are reached.

use std::net::IpAddr;

use frrconf::views::{Family, Recursion};
use ipnet::IpNet;

use super::pair::{ends, reload, set};
use crate::check::{Check, Topic};
use crate::evidence::{Evidence, Frr};
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::Subject;
use labfile::compose::NextHops;

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
        Found::new(
            format!("{node} announces {prefix}, though load balancing leaves it out: it is not to be a next hop"),
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
fn learners(e: &Evidence) -> impl Iterator<Item = (&str, IpNet, &NextHops, &Frr)> {
    e.expected.tables.iter().filter_map(|entry| {
        let router = entry.router.as_str();
        Some((router, entry.prefix, &entry.next_hops, e.frr(router)?))
    })
}

fn other_protocol(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(router, prefix, _, frr): (&str, IpNet, &NextHops, &Frr)| {
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
            let meant = e.next_hop(router, hop);
            let off = default || in_use.iter().any(gateway);
            // Where packets go as they should and the table is wrong, that is another finding.
            if !off && (!stale || meant.is_some_and(|meant| in_use.contains(&meant))) {
                continue;
            }
            let via = in_use.first().map_or_else(String::new, |via| format!(" ({via})"));
            let way = match in_use.first() {
                _ if off => format!("its default gateway{via}"),
                Some(via) => via.to_string(),
                None => "nothing".to_owned(),
            };
            let meant = meant.map_or_else(String::new, |via| format!(", not by {via}"));
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

/// A session is up and both families are exchanged, and a prefix that its node announces is not there.
fn not_passed_on(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for (router, prefix, next_hops, frr) in learners(e) {
        let NextHops::All(wanted) = next_hops else { continue };
        let subject = Subject::prefix(router, prefix);
        if !open.iter().any(|check| check.is(Topic::Table, &subject)) {
            continue;
        }
        let has: Vec<IpAddr> = hops(prefix, frr).into_iter().map(|(hop, _)| hop).collect();
        for hop in wanted.iter().filter(|hop| !has.contains(hop)) {
            let Some(node) = e.place_at(*hop) else { continue };
            let end = ends(e).find(|end| end.near.name == node && end.far.name == router);
            let up = end.and_then(|end| end.state()).is_some_and(|state| state.state.to_string() == "Established");
            let own = e
                .frr(node)
                .and_then(|frr| frr.bgp.get(&family(prefix)))
                .is_some_and(|table| !table.paths(prefix).is_empty());
            if up && own {
                all.push(
                    Found::new(
                        format!(
                            "{node} announces {prefix}, its session with {router} is up, and {router} did not take it"
                        ),
                        [Break::Prefix(router.to_owned(), prefix)],
                    )
                    .seen(format!(
                        "show bgp {} unicast on {node}: {prefix}; on {router}: none by {hop}",
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
