//! Names are defined once and not empty; route maps refer to defined lists.

use super::{Owner, Problem, repeated};
use crate::model::{Instance, Match, PrefixList, PrefixRules};
use crate::values::{Name, PrefixMatch};
use ipnet::IpNet;

pub(super) fn check(instance: &Instance, problems: &mut Vec<Problem>) {
    once("BFD profile", instance.bfd_profiles.iter().map(|profile| &profile.name), problems);
    once("prefix list", instance.prefix_lists.iter().map(|list| &list.name), problems);
    once("route map", instance.route_maps.iter().map(|map| &map.name), problems);
    for list in &instance.prefix_lists {
        check_list(list, problems);
    }
    for map in &instance.route_maps {
        if map.entries.is_empty() {
            problems.push(Problem::Empty { kind: "route map", name: map.name.clone() });
        }
        for sequence in repeated(map.entries.iter().map(|entry| entry.sequence)) {
            problems.push(Problem::Repeated { kind: "route map entry", name: format!("{} {sequence}", map.name) });
        }
        for entry in &map.entries {
            let Some(Match::PrefixList(name)) = &entry.matches else { continue };
            if !instance.prefix_lists.iter().any(|list| list.name == *name) {
                let owner = Owner::RouteMap(map.name.clone(), entry.sequence);
                problems.push(Problem::Undefined { owner, kind: "prefix list", name: name.clone() });
            }
        }
    }
}

fn once<'a>(kind: &'static str, names: impl Iterator<Item = &'a Name>, problems: &mut Vec<Problem>) {
    problems.extend(repeated(names).into_iter().map(|name| Problem::Repeated { kind, name: name.to_string() }));
}

fn check_list(list: &PrefixList, problems: &mut Vec<Problem>) {
    let prefixes: Vec<Option<IpNet>> = match &list.rules {
        PrefixRules::Ipv4(rules) => rules.iter().map(|rule| net(rule.prefixes)).collect(),
        PrefixRules::Ipv6(rules) => rules.iter().map(|rule| net(rule.prefixes)).collect(),
    };
    if prefixes.is_empty() {
        problems.push(Problem::Empty { kind: "prefix list", name: list.name.clone() });
    }
    let owner = || Owner::PrefixList(list.name.clone());
    problems.extend(prefixes.into_iter().flatten().filter_map(|prefix| Problem::host_bits(owner(), prefix)));
}

fn net<N: Copy + Into<IpNet>>(prefixes: PrefixMatch<N>) -> Option<IpNet> {
    match prefixes {
        PrefixMatch::Any => None,
        PrefixMatch::Exactly(net) => Some(net.into()),
        PrefixMatch::Within(range) => Some(range.net().into()),
    }
}
