//! The rules, a file a layer; the order within a file is that in which they are asked.

mod absent;
mod address;
mod announce;
mod bare;
mod bfd;
mod bgp;
mod cluster;
mod container;
mod daemon;
mod drops;
mod duplicate;
mod exchange;
mod extra;
mod files;
mod flap;
mod forwarding;
mod limits;
pub(super) mod lines;
mod link;
mod network;
mod next_hop;
mod own;
mod pair;
pub(super) mod remedies;
mod route;
mod setting;
mod staticd;
#[cfg(test)]
pub(crate) mod tests;
mod transport;

use super::rule::Rule;
use crate::evidence::Evidence;

/// The rules that hold of a cluster that no lab file describes: those that go by what its resources and daemons say, and by
/// nothing that a lab file would add.
const WITHOUT_LAB: [&str; 42] = [
    "peer-absent",
    "secret-missing",
    "address-pending",
    "node-not-ready",
    "namespace-stuck",
    "operator-missing",
    "metallb-resource-missing",
    "deployment-missing",
    "scaled-to-nothing",
    "backend-differs",
    "speaker-missing",
    "webhook-down",
    "image-never-pulled",
    "image-missing",
    "pod-unconfigured",
    "unknown-flag",
    "pod-crashing",
    "pod-unschedulable",
    "advertisement-missing",
    "bfd-profile-unknown",
    "configuration-refused",
    "not-advertised",
    "endpoints-missing",
    "neighbor-shutdown",
    "as-differs",
    "router-id-shared",
    "ttl-security",
    "nobody-connects",
    "port-differs",
    "password-differs",
    "prefix-limit",
    "policy-missing",
    "policy-denies",
    "bfd-off",
    "bfd-profile-missing",
    "bfd-shutdown",
    "bfd-passive",
    "bfd-hops-differ",
    "bfd-deadlock",
    "bfd-unheard",
    "tcp-unanswered",
    "inotify-limits",
];

/// The rules that evidence is looked at by.
pub(super) fn of(e: &Evidence) -> Vec<Rule> {
    let mut rules = all();
    match e.without_lab {
        Some(_) => rules.retain(|rule| WITHOUT_LAB.contains(&rule.id)),
        None => rules.retain(|rule| !bare::RULES.iter().any(|bare| bare.id == rule.id)),
    }
    rules
}

/// Every rule, from outside in.
fn all() -> Vec<Rule> {
    let there = [absent::RULES, container::RULES, limits::RULES, network::RULES];
    let around = [extra::RULES, address::RULES, duplicate::RULES, link::RULES];
    let inside =
        [route::RULES, next_hop::RULES, forwarding::RULES, setting::RULES, files::RULES, daemon::RULES, staticd::RULES];
    let between = [drops::RULES, flap::RULES, transport::RULES];
    let routing = [bgp::RULES, exchange::RULES, bfd::RULES, announce::RULES];
    [
        bare::RULES.to_vec(),
        there.concat(),
        around.concat(),
        inside.concat(),
        between.concat(),
        routing.concat(),
        cluster::RULES.concat(),
        own::RULES.to_vec(),
    ]
    .concat()
}
