//! The cluster: nodes, MetalLB's parts, its resources, the service.

#[cfg(test)]
mod fixture;
mod nodes;
mod parts;
mod pods;
mod resources;
mod service;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use ipnet::IpNet;

use crate::check::Topic;
use crate::evidence::{ClusterEvidence, Evidence};
use crate::finding::Break;
use crate::rule::Rule;
use crate::subject::{Component, Subject};
use labfile::compose::services;

/// Every rule, from the nodes in to the service.
pub(super) const RULES: [&[Rule]; 5] = [nodes::RULES, parts::RULES, pods::RULES, resources::RULES, service::RULES];

/// The verb that sets MetalLB and its resources as the lab says.
pub(super) const DEPLOY: &str = "⌘ deploy-metallb";

/// The cluster, where anything of MetalLB is there, or was.
fn with_metallb(e: &Evidence) -> Option<&ClusterEvidence> {
    let there =
        |c: &&ClusterEvidence| c.installed.is_some() || !c.facts.resources.is_empty() || !c.facts.pools.is_empty();
    e.cluster.as_ref().filter(there)
}

/// The service's addresses as the lab says.
fn addresses(e: &Evidence) -> Vec<IpAddr> {
    services(&e.lab).into_iter().map(|service| service.address).collect()
}

/// The prefixes that the lab advertises of a family, or of both.
fn prefixes(e: &Evidence, v6_only: bool) -> Vec<IpNet> {
    let all = services(&e.lab).into_iter().flat_map(|service| service.prefixes).map(|advertised| advertised.prefix);
    all.filter(|prefix| !v6_only || prefix.addr().is_ipv6()).collect()
}

/// All answers, broken.
fn answers(e: &Evidence) -> impl Iterator<Item = Break> {
    addresses(e).into_iter().map(Break::Answer)
}

/// Returns the breaks of all that a speaker does on its node.
fn speaker(node: &str) -> [Break; 3] {
    let speaker = Subject::Speaker { node: node.to_owned() };
    [Break::Bgp(node.to_owned()), Break::Bfd(node.to_owned()), Break::Check(Topic::Metallb, speaker)]
}

/// A part of MetalLB, broken.
fn component(component: Component) -> Break {
    Break::Check(Topic::Metallb, Subject::Component(component))
}

/// Returns `true` if a deployment made a pod: `NAME-HASH-ID`.
fn is_pod_of(pod: &str, deployment: &str) -> bool {
    let rest = pod.strip_prefix(deployment).and_then(|rest| rest.strip_prefix('-'));
    rest.is_some_and(|rest| rest.split('-').count() == 2)
}

fn kubectl(rest: &str) -> String {
    format!("kubectl -n metallb-system {rest}")
}
