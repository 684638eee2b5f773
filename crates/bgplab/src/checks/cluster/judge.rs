//! Judges MetalLB and the services.

use std::net::IpAddr;

use metallb::{Installed, NodeView, PodView, ServiceView};

use super::super::{Check, Component, Subject, Topic};
use super::Facts;
use labfile::{Assigned, Backend, Lab, Protocol, Provider, Service, TrafficPolicy};

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
    // Of an existing cluster nobody said which nodes should take part.
    let should = |node: &NodeView| {
        lab.cluster.provider == Provider::Kind
            && lab.cluster.placement.iter().any(|own| own.name == node.name && own.announces())
    };
    let excluded = nodes.iter().filter(|node| !node.announces()).map(|node| {
        let why = "excluded from load balancing by its label: no next hop of any service";
        let end = if should(node) { Err(why.to_owned()) } else { Ok(why.to_owned()) };
        Check::of(Topic::Metallb, Subject::Node(node.name.clone()), end)
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

/// `true` if a node announces a service: its label and, where the policy is Local, an endpoint decide.
pub(super) fn announces(nodes: &[NodeView], service: Option<&ServiceView>, node: &str) -> bool {
    let takes = nodes.iter().any(|view| view.name == node && view.announces());
    takes && service.is_none_or(|service| !service.local || service.endpoint_nodes.contains(node))
}

/// Of each service: addresses of every family, endpoints and traffic policy.
pub(super) fn services(lab: &Lab, seen: &[Result<ServiceView, String>]) -> Vec<Check> {
    let all = lab.services.iter().zip(lab.assigned()).zip(seen);
    all.flat_map(|((own, assigned), seen)| service(lab, own, &assigned, seen)).collect()
}

fn service(lab: &Lab, own: &Service, assigned: &Assigned, seen: &Result<ServiceView, String>) -> Vec<Check> {
    let title = lab.title(own);
    let service = match seen {
        Ok(service) => service,
        Err(why) => return vec![Check::failed(Topic::Service, Subject::Service(title), why)],
    };
    let mut checks: Vec<Check> = assigned
        .known()
        .map(|address| {
            let subject = Subject::ServiceAddress { service: title.clone(), address };
            Check::of(
                Topic::Service,
                subject,
                has(own, service, &[address]).map(|_| format!("assigned, {}", ports(own))),
            )
        })
        .collect();
    // Which one it is, MetalLB decides; that it is one of them is known.
    let open: Vec<&[IpAddr]> = assigned.open().collect();
    if !open.is_empty() {
        let each: Result<Vec<String>, String> = open.iter().map(|possible| has(own, service, possible)).collect();
        let assigned = each.map(|all| format!("{} assigned, {}", all.join(" "), ports(own)));
        checks.push(Check::of(Topic::Service, Subject::Service(title.clone()), assigned));
    }
    let nodes = service.endpoint_nodes.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let endpoints = if nodes.is_empty() { Err("no ready endpoint".to_owned()) } else { Ok(format!("on {nodes}")) };
    checks.push(Check::of(Topic::Service, Subject::Endpoints { service: title.clone() }, endpoints));
    checks.push(Check::of(Topic::Service, Subject::TrafficPolicy { service: title }, policy(own, service)));
    checks
}

/// Returns the address that a service has of the possible ones.
fn has(own: &Service, service: &ServiceView, possible: &[IpAddr]) -> Result<String, String> {
    let list = |all: &[IpAddr]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    match service.addresses.iter().find(|address| possible.contains(address)) {
        Some(address) => Ok(address.to_string()),
        None if service.addresses.is_empty() => Err("no address assigned".to_owned()),
        None if possible.len() > 1 => {
            Err(format!("none of {} assigned; service {} has {}", list(possible), own.name, list(&service.addresses)))
        }
        None => Err(format!("not assigned; the service has {}", list(&service.addresses))),
    }
}

/// Names the ports of a service; one that is not TCP with its protocol.
fn ports(own: &Service) -> String {
    let one = |port: &labfile::Port| match port.0.protocol {
        Protocol::Tcp => port.0.number.to_string(),
        Protocol::Udp => port.to_string(),
    };
    let all: Vec<String> = own.ports.iter().map(one).collect();
    format!("port{} {}", if all.len() > 1 { "s" } else { "" }, all.join(", "))
}

fn policy(own: &Service, service: &ServiceView) -> Result<String, String> {
    let wanted_local = own.external_traffic_policy == TrafficPolicy::Local;
    let word = |local| if local { "Local" } else { "Cluster" };
    match (service.local, wanted_local) {
        (is, wanted) if is != wanted => Err(format!("{}, expected {}", word(is), word(wanted))),
        (true, _) => Ok("Local: only nodes with an endpoint are next hops".to_owned()),
        (false, _) => Ok("Cluster: every node that announces is a next hop".to_owned()),
    }
}

#[cfg(test)]
mod tests;
