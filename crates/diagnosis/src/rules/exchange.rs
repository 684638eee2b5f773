//! The content of a session: families, passwords, policies, limits.

use frrconf::running::{RunningExchange, RunningNeighbor};
use frrconf::views::BgpState;

use super::pair::{End, back, ends, reload};
use crate::check::{Check, Topic};
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use labfile::Family;
use labfile::compose::service_addresses;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("password-differs", Layer::Bgp, password),
    Rule::proof("family-inactive", Layer::Bgp, family),
    Rule::proof("prefix-limit", Layer::Policy, limit),
    Rule::proof("policy-missing", Layer::Policy, requires_policy),
    Rule::proof("policy-denies", Layer::Policy, denies),
    Rule::proof("reflector-client-missing", Layer::Policy, reflector),
];

fn password(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for end in ends(e).filter(|end| end.near == &end.session.answerer) {
        let (Some((_, here)), Some(other)) = (end.configured(), end.other(e)) else { continue };
        let Some((_, there)) = other.configured() else { continue };
        if here.password == there.password {
            continue;
        }
        let (router, node) = (&end.near.name, &end.far.name);
        let is_meant = |name: &str, address, has: &RunningNeighbor| {
            let meant = e.meant.get(name).and_then(|meant| meant.bgp.as_ref())?.neighbors.get(&address)?;
            Some(meant.password == has.password)
        };
        let wrong = match is_meant(router, end.far.address, here) {
            Some(false) => end,
            _ => other,
        };
        let what = match (here.password.is_some(), there.password.is_some()) {
            (true, true) => format!("{router} and {node} sign their session with different passwords"),
            (true, false) => format!("{router} signs its session with {node} by a password, and {node} has none"),
            _ => format!("{node} signs its session with {router} by a password, and {router} has none"),
        };
        let says = |end: &End<'_>, has: &RunningNeighbor| {
            let word = if has.password.is_some() { "password (not shown)" } else { "no password" };
            format!("show running-config on {}: neighbor {} with {word}", end.near.name, end.far.address)
        };
        all.push(Found::new(what, [end.broken()]).seen(says(&end, here)).seen(says(&other, there)).remedy(
            if e.meant.contains_key(&wrong.near.name) {
                reload(&wrong.near.name)
            } else {
                "⌘ deploy-metallb sets the Secret of the BGPPeer".to_owned()
            },
        ));
    }
    all
}

/// The prefixes of a family that either end learns from the other, broken.
fn prefixes(e: &Evidence, end: &End<'_>, family: Family) -> Vec<Break> {
    let mut all = Vec::new();
    for (learner, source) in [(end.near, end.far), (end.far, end.near)] {
        let learns = e.expected.tables.iter().filter(|entry| {
            let is = entry.router.as_str() == learner.name && entry.learned_from.contains(&source.name);
            is && Family::of(entry.prefix.addr()) == family
        });
        all.extend(learns.map(|entry| Break::Prefix(learner.name.clone(), entry.prefix)));
    }
    all
}

fn family(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for end in ends(e) {
        let Some((bgp, neighbor)) = end.configured() else { continue };
        for family in end.session.families.iter().filter(|family| !bgp.exchanges(neighbor, **family)) {
            let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
            let word = family.word();
            let lines = [format!("address-family {word} unicast"), format!("neighbor {address} activate")];
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            // What a BGPPeer asks for is read from it.
            if !e.meant.contains_key(near) {
                continue;
            }
            all.push(
                Found::new(
                    format!("{near} does not exchange {family} with {far}: the address family is not activated"),
                    prefixes(e, &end, *family).into_iter().chain([end.broken()]),
                )
                .seen(format!(
                    "show running-config on {near}: no `neighbor {address} activate` in address-family {word} unicast"
                ))
                .remedy(end.set(e, &lines)),
            );
        }
    }
    all
}

fn limit(e: &Evidence, _: &[Check]) -> Vec<Found> {
    // Only the summary, which the check shows, distinguishes this idle state from others.
    let idle = BgpState::IdlePrefixCount.to_string();
    let found = |end: End<'_>| {
        let subject = end.subject();
        let held = e.failed.iter().any(|check| check.is(Topic::Bgp, &subject) && check.seen.contains(&idle));
        let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
        let limit =
            end.configured().and_then(|(_, n)| n.families.values().find_map(|exchange| exchange.maximum_prefix));
        // Where what the node announces is more than the limit, the session does not stay.
        let announced = end.session.advertised.as_ref().and_then(|all| all.values().max().copied()).unwrap_or(0);
        let over = limit.is_some_and(|limit| u64::from(limit) < announced);
        (held || over).then(|| {
            let limit = limit.map_or_else(|| "a limit".to_owned(), |limit| format!("maximum-prefix {limit}"));
            Found::new(
                format!("{near} holds its session with {far} back: it sends more prefixes than {near} takes"),
                [end.broken()],
            )
            .seen(format!("show running-config on {near}: neighbor {address} with {limit}"))
            .remedy(match e.meant.contains_key(near) {
                true => format!("{}, then docker exec {near} vtysh -c 'clear bgp {address}'", reload(near)),
                false => back(e, near),
            })
        })
    };
    ends(e).filter_map(found).collect()
}

/// Between two AS nothing is exchanged without a policy, unless that is turned off.
fn requires_policy(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for end in ends(e) {
        let Some((bgp, neighbor)) = end.configured() else { continue };
        let external = bgp.remote_as(neighbor).is_some_and(|asn| asn != bgp.asn);
        if !external || !bgp.requires_policy {
            continue;
        }
        // Nodes only announce, and get nothing announced.
        let without = |exchange: &RunningExchange| {
            let sends = exchange.map_out.is_none() && exchange.list_out.is_none();
            let takes = exchange.map_in.is_none() && exchange.list_in.is_none();
            !end.far.is_node && sends || !end.near.is_node && takes
        };
        let is_without = |family: &&Family| neighbor.families.get(family).is_none_or(without);
        let families: Vec<&Family> = end.session.families.iter().filter(is_without).collect();
        let breaks = families.iter().flat_map(|family| prefixes(e, &end, **family));
        let (near, far) = (&end.near.name, &end.far.name);
        if !families.is_empty() {
            let (verb, asn) = (if end.near.is_node { "announces nothing to" } else { "accepts nothing from" }, bgp.asn);
            all.push(
                Found::new(
                    format!("{near} {verb} {far}: between two AS it requires a policy, and has none"),
                    breaks.chain([end.broken()]),
                )
                .seen(format!("show running-config on {near}: router bgp {asn} without `no bgp ebgp-requires-policy`"))
                .remedy(end.set(e, &["no bgp ebgp-requires-policy"])),
            );
        }
    }
    all
}

/// A route map or prefix list that lets nothing pass, or that does not exist, which is the same.
fn denies(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for end in ends(e) {
        let (Some((_, neighbor)), Some(running)) = (end.configured(), end.frr.running.as_ref()) else { continue };
        for family in &end.session.families {
            let Some(exchange) = neighbor.families.get(family) else { continue };
            let (near, far, address) = (&end.near.name, &end.far.name, end.far.address);
            let map = |name: &String| running.route_maps.get(name).is_none_or(|map| map.denies_all());
            let list = |name: &String| running.prefix_lists.get(name).is_none_or(|list| list.denies_all());
            // Nodes' own `in` policies deny everything, as MetalLB's do.
            let ways: [(&str, &str, &Option<String>, bool); 4] = [
                ("route-map", "in", &exchange.map_in, exchange.map_in.as_ref().is_some_and(map)),
                ("route-map", "out", &exchange.map_out, exchange.map_out.as_ref().is_some_and(map)),
                ("prefix-list", "in", &exchange.list_in, exchange.list_in.as_ref().is_some_and(list)),
                ("prefix-list", "out", &exchange.list_out, exchange.list_out.as_ref().is_some_and(list)),
            ];
            let matters = |way: &str| end.session.peer.is_none() || (way == "in") != end.near.is_node;
            for (kind, way, name, _) in ways.into_iter().filter(|(_, way, _, denies)| *denies && matters(way)) {
                let name = name.as_deref().unwrap_or_default();
                let there = running.route_maps.contains_key(name) || running.prefix_lists.contains_key(name);
                let how = if there { "lets nothing pass" } else { "does not exist, so nothing passes" };
                let to = if way == "in" { "from" } else { "to" };
                all.push(
                    Found::new(
                        format!("{near} passes nothing {to} {far} in {family}: {kind} {name} {how}"),
                        prefixes(e, &end, *family).into_iter().chain([end.broken()]),
                    )
                    .seen(format!("show running-config on {near}: neighbor {address} {kind} {name} {way}"))
                    .remedy(back(e, near)),
                );
            }
        }
    }
    all
}

/// Within an AS, what was learned from one neighbor goes to another only if that is a route reflector's client.
fn reflector(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for link in e.lab.links.iter().filter(|link| link.reflected) {
        let (reflector, client) = (link.to.router.as_str(), &link.from);
        let Some((bgp, neighbor)) = e.frr(reflector).and_then(|frr| frr.configured(client.address)) else { continue };
        for family in Family::ALL {
            let exchange = neighbor.families.get(&family);
            let meant = e
                .meant
                .get(reflector)
                .and_then(|meant| meant.bgp.as_ref()?.neighbors.get(&client.address)?.families.get(&family));
            if meant.is_none_or(|meant| !meant.reflector_client)
                || exchange.is_none_or(|exchange| exchange.reflector_client)
            {
                continue;
            }
            let (name, address) = (&client.router, client.address);
            let own = service_addresses(&e.lab).into_iter().flat_map(|s| s.prefixes).map(|a| a.prefix);
            let own = own.filter(|prefix| Family::of(prefix.addr()) == family);
            all.push(
                Found::new(
                    format!("{reflector} does not pass on to {name} what it learns from the nodes in {family}: {name} is not its route reflector client, so {name} sends packets to the service out of the lab"),
                    own.map(|prefix| Break::Prefix(name.to_string(), prefix)),
                )
                .seen(format!("show running-config on {reflector}: neighbor {address} without route-reflector-client, both in AS {}", bgp.asn))
                .remedy(reload(reflector)),
            );
        }
    }
    all
}

#[cfg(test)]
mod tests;
