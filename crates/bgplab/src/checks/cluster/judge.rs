//! Judges MetalLB and the service.

use metallb::{Installed, NodeView, PodView, ServiceView};

use super::super::{Check, Component, Subject, Topic};
use super::Facts;
use labfile::compose::services;
use labfile::{Backend, Lab, TrafficPolicy};

/// Operator, controller, a speaker a node, the backend and the resources.
pub(super) fn metallb(lab: &Lab, installed: &Installed, nodes: &[NodeView], facts: &Facts) -> Vec<Check> {
    let part = |(name, end): &(Component, Result<(), String>)| {
        Check::of(Topic::Metallb, Subject::Component(*name), end.clone().map(|()| "ready".to_owned()))
    };
    let mut checks: Vec<Check> = facts.parts.iter().map(part).collect();
    checks.push(Check::of(Topic::Metallb, Subject::Component(Component::Backend), backend(lab, installed)));
    let speakers = nodes.iter().map(|node| {
        let on_node = facts.speakers.as_ref().map_err(Clone::clone).and_then(|pods| speaker(&node.name, pods));
        Check::of(Topic::Metallb, Subject::Speaker { node: node.name.clone() }, on_node)
    });
    checks.extend(speakers);
    checks.push(Check::of(Topic::Metallb, Subject::Component(Component::Resources), resources(&facts.changes)));
    let excluded = nodes.iter().filter(|node| !node.announces()).map(|node| {
        let why = "excluded from load balancing by its label: no next hop of any service";
        Check::passed(Topic::Metallb, Subject::Node(node.name.clone()), why)
    });
    checks.extend(excluded);
    checks
}

fn backend(lab: &Lab, installed: &Installed) -> Result<String, String> {
    let installed = installed.backend.ok_or("there are no speakers")?;
    let wanted = match lab.metallb.backend {
        Backend::Frr => "frr",
        Backend::FrrK8s => "frr-k8s",
        Backend::Native => "native",
    };
    match installed.as_str() {
        "native" if wanted == "native" => {
            Ok("native: no BFD, no IPv6, and nothing to ask on the nodes; the routers' side is checked".to_owned())
        }
        word if word == wanted || word.strip_suffix("-external") == Some(wanted) => Ok(word.to_owned()),
        word => Err(format!("{word}, expected {wanted}")),
    }
}

/// One speaker, and it is ready.
fn speaker(node: &str, pods: &[PodView]) -> Result<String, String> {
    let here: Vec<&PodView> = pods.iter().filter(|pod| pod.node == node).collect();
    match here.as_slice() {
        [] => Err("no speaker: does it tolerate the node's taints?".to_owned()),
        [pod] if pod.ready => Ok(format!("{} ready", pod.name)),
        [pod] => Err(format!("{} is not ready", pod.name)),
        several => Err(format!("{} speakers, expected one", several.len())),
    }
}

fn resources(changes: &Result<Vec<String>, String>) -> Result<String, String> {
    match changes.as_ref().map_err(Clone::clone)?.as_slice() {
        [] => Ok("as the lab says".to_owned()),
        [one] => Err(format!("not as the lab says: {one}")),
        [first, rest @ ..] => Err(format!("not as the lab says: {first} (and {} more)", rest.len())),
    }
}

/// `true` if a node announces the service: its label and, where the policy is Local, an endpoint decide.
pub(super) fn announces(nodes: &[NodeView], service: Option<&ServiceView>, node: &str) -> bool {
    let takes = nodes.iter().any(|view| view.name == node && view.announces());
    takes && service.is_none_or(|service| !service.local || service.endpoint_nodes.contains(node))
}

/// Addresses of every family, endpoints and traffic policy.
pub(super) fn service(lab: &Lab, seen: &Result<ServiceView, String>) -> Vec<Check> {
    let name = lab.workload.name.as_str();
    let service = match seen {
        Ok(service) => service,
        Err(why) => return vec![Check::failed(Topic::Service, Subject::Service(name.to_owned()), why)],
    };
    let has = service.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let mut checks: Vec<Check> = services(lab)
        .into_iter()
        .map(|wanted| {
            let assigned = match service.addresses.contains(&wanted.address) {
                true => Ok(format!("assigned, port {}", service.port)),
                false if has.is_empty() => Err("no address assigned".to_owned()),
                false => Err(format!("not assigned; the service has {has}")),
            };
            let subject = Subject::ServiceAddress { service: name.to_owned(), address: wanted.address };
            Check::of(Topic::Service, subject, assigned)
        })
        .collect();
    let nodes = service.endpoint_nodes.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let endpoints = if nodes.is_empty() { Err("no ready endpoint".to_owned()) } else { Ok(format!("on {nodes}")) };
    checks.push(Check::of(Topic::Service, Subject::Endpoints { service: name.to_owned() }, endpoints));
    let subject = Subject::TrafficPolicy { service: name.to_owned() };
    checks.push(Check::of(Topic::Service, subject, policy(lab, service)));
    checks
}

fn policy(lab: &Lab, service: &ServiceView) -> Result<String, String> {
    let wanted_local = lab.workload.external_traffic_policy == TrafficPolicy::Local;
    let word = |local| if local { "Local" } else { "Cluster" };
    match (service.local, wanted_local) {
        (is, wanted) if is != wanted => Err(format!("{}, expected {}", word(is), word(wanted))),
        (true, _) => Ok("Local: only nodes with an endpoint are next hops".to_owned()),
        (false, _) => Ok("Cluster: every node that announces is a next hop".to_owned()),
    }
}

#[cfg(test)]
mod tests;
