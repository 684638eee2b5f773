//! Prefix lists and route maps by FRR's keywords.

use std::collections::BTreeSet;

use ipnet::IpNet;
use serde::Serialize;

use crate::model::{Changes, Instance, Match, PrefixList, PrefixRule, PrefixRules, RouteMapEntry};
use crate::values::{Name, PrefixMatch, Sequence};

#[derive(Serialize)]
pub(super) struct RuleView<'a> {
    command: &'static str,
    list: &'a Name,
    sequence: usize,
    action: &'static str,
    prefixes: String,
}

#[derive(Serialize)]
pub(super) struct MapView<'a> {
    name: &'a Name,
    action: &'static str,
    sequence: Sequence,
    matches: Option<String>,
    sets: Vec<String>,
    then_next: bool,
}

/// Every rule of every prefix list, numbered in the steps of five that FRR itself takes.
pub(super) fn rules(instance: &Instance) -> Vec<RuleView<'_>> {
    instance
        .prefix_lists
        .iter()
        .flat_map(|list| match &list.rules {
            PrefixRules::Ipv4(rules) => rules_of(&list.name, "ip", rules),
            PrefixRules::Ipv6(rules) => rules_of(&list.name, "ipv6", rules),
        })
        .collect()
}

fn rules_of<'a, N: Copy + Into<IpNet>>(
    list: &'a Name,
    command: &'static str,
    rules: &[PrefixRule<N>],
) -> Vec<RuleView<'a>> {
    let numbered = rules.iter().enumerate();
    numbered
        .map(|(index, rule)| RuleView {
            command,
            list,
            sequence: 5 * (index + 1),
            action: rule.action.as_str(),
            prefixes: prefixes(rule.prefixes),
        })
        .collect()
}

/// FRR wants each bound only where it says something: `length < ge ≤ le`.
fn prefixes<N: Copy + Into<IpNet>>(prefixes: PrefixMatch<N>) -> String {
    let range = match prefixes {
        PrefixMatch::Any => return "any".to_owned(),
        PrefixMatch::Exactly(net) => return net.into().to_string(),
        PrefixMatch::Within(range) => range,
    };
    let net: IpNet = range.net().into();
    let (shortest, longest) = range.lengths();
    let mut text = net.to_string();
    if shortest > net.prefix_len() {
        text.push_str(&format!(" ge {shortest}"));
    }
    if longest > net.prefix_len() {
        text.push_str(&format!(" le {longest}"));
    }
    text
}

/// Every entry of every route map.
pub(super) fn maps(instance: &Instance) -> Vec<MapView<'_>> {
    let entries = instance.route_maps.iter().flat_map(|map| map.entries.iter().map(move |entry| (&map.name, entry)));
    entries.map(|(name, entry)| map(instance, name, entry)).collect()
}

fn map<'a>(instance: &'a Instance, name: &'a Name, entry: &'a RouteMapEntry) -> MapView<'a> {
    MapView {
        name,
        action: entry.action.as_str(),
        sequence: entry.sequence,
        matches: entry.matches.as_ref().and_then(|Match::PrefixList(list)| {
            let list = instance.prefix_lists.iter().find(|candidate| candidate.name == *list)?;
            Some(format!("{} address prefix-list {}", family(list), list.name))
        }),
        sets: sets(&entry.set),
        then_next: entry.then_next,
    }
}

const fn family(list: &PrefixList) -> &'static str {
    match list.rules {
        PrefixRules::Ipv4(_) => "ip",
        PrefixRules::Ipv6(_) => "ipv6",
    }
}

/// The `set` lines of an entry; all communities in one, or the last would replace the others.
fn sets(changes: &Changes) -> Vec<String> {
    let preference = changes.local_preference.map(|preference| format!("local-preference {preference}"));
    let communities = added("community", &changes.add_communities);
    let large = added("large-community", &changes.add_large_communities);
    let prefer_global = changes.prefer_global.then(|| "ipv6 next-hop prefer-global".to_owned());
    [preference, communities, large, prefer_global].into_iter().flatten().collect()
}

fn added<T: ToString>(kind: &str, communities: &BTreeSet<T>) -> Option<String> {
    let communities: Vec<String> = communities.iter().map(ToString::to_string).collect();
    (!communities.is_empty()).then(|| format!("{kind} {} additive", communities.join(" ")))
}
