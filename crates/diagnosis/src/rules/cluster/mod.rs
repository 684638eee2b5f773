//! The cluster: nodes, MetalLB's parts, its resources, the service.

mod differs;
#[cfg(test)]
pub(super) mod fixture;
mod foreign;
mod nodes;
mod parts;
mod pods;
mod resources;
mod service;
#[cfg(test)]
mod tests;
mod words;

use std::net::IpAddr;

use ipnet::IpNet;

use crate::check::Topic;
use crate::evidence::{ClusterEvidence, Evidence};
use crate::finding::Break;
use crate::rule::Rule;
use crate::subject::{Component, Subject};
use labfile::compose::{ServiceAddress, service_addresses};
use labfile::{Assigned, Service};
use metallb::ServiceView;
use metallb::facts::Application;

/// Every rule, from the nodes in to the service.
pub(super) const RULES: [&[Rule]; 8] = [
    nodes::RULES,
    parts::RULES,
    pods::RULES,
    foreign::RULES,
    differs::RULES,
    resources::RULES,
    words::RULES,
    service::RULES,
];

/// The verb that sets MetalLB and its resources as the lab says.
pub(super) const DEPLOY: &str = "⌘ deploy-metallb";

/// The cluster, where anything of MetalLB is there, or was.
fn with_metallb(e: &Evidence) -> Option<&ClusterEvidence> {
    let there =
        |c: &&ClusterEvidence| c.installed.is_some() || !c.facts.resources.is_empty() || !c.facts.pools.is_empty();
    e.cluster.as_ref().filter(there)
}

/// A service of the lab, and what the cluster shows of it.
struct Served<'a> {
    service: &'a Service,
    view: &'a Result<ServiceView, String>,
    application: &'a Application,
    assigned: Assigned,
    /// The name by which people know it.
    title: String,
}

impl Served<'_> {
    /// Returns the service's addresses as the lab says.
    fn addresses(&self) -> Vec<IpAddr> {
        self.assigned.possible().collect()
    }

    /// Returns its answers, broken.
    fn answers(&self) -> impl Iterator<Item = Break> {
        self.addresses().into_iter().map(Break::Answer)
    }

    /// Returns its prefixes.
    fn prefixes(&self, e: &Evidence) -> Vec<IpNet> {
        let own = |address: &ServiceAddress| self.assigned.possible().any(|one| one == address.address);
        let all = service_addresses(&e.lab).into_iter().filter(own).flat_map(|address| address.prefixes);
        all.map(|advertised| advertised.prefix).collect()
    }

    /// Returns its announcements by all nodes, broken.
    fn announcements(&self, e: &Evidence) -> Vec<Break> {
        let of = |prefix: IpNet| e.nodes.iter().map(move |node| Break::Announced(node.name.clone(), prefix));
        self.prefixes(e).into_iter().flat_map(of).collect()
    }

    /// Returns the controller's last word on an address that it does not give.
    fn refused(&self) -> Option<&String> {
        self.application.words.iter().rev().find(|words| words.contains("AllocationFailed"))
    }
}

/// The services of the lab, in a cluster.
fn served<'a>(e: &'a Evidence, cluster: &'a ClusterEvidence) -> impl Iterator<Item = Served<'a>> {
    let seen = cluster.services.iter().zip(&cluster.facts.applications);
    let own = e.lab.services.iter().zip(e.lab.assigned()).zip(seen);
    own.map(|((service, assigned), (view, application))| {
        let title = e.lab.title(service);
        Served { service, view, application, assigned, title }
    })
}

/// The addresses of all services as the lab says.
fn addresses(e: &Evidence) -> Vec<IpAddr> {
    service_addresses(&e.lab).into_iter().map(|service| service.address).collect()
}

/// The prefixes that the lab advertises of a family, or of both.
fn prefixes(e: &Evidence, v6_only: bool) -> Vec<IpNet> {
    let all =
        service_addresses(&e.lab).into_iter().flat_map(|service| service.prefixes).map(|advertised| advertised.prefix);
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
