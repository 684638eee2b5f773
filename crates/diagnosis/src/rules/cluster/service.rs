//! The service behind the address, and what answers for it.

use super::resources::wants_ipv6;
use super::{DEPLOY, answers, component, is_pod_of, prefixes, with_metallb};
use crate::check::{Check, Topic};
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::{Component, Subject};
use labfile::TrafficPolicy;

/// The differences from the lab's objects, as one check.
fn resources() -> Break {
    component(Component::Resources)
}

/// A check of the service, broken.
fn check(subject: Subject) -> Break {
    Break::Check(Topic::Service, subject)
}

pub(super) const RULES: &[Rule] = &[
    Rule::proof("service-missing", Layer::Service, missing),
    Rule::proof("service-single-stack", Layer::Service, single_stack),
    Rule::proof("service-class", Layer::Service, class),
    Rule::proof("endpoints-missing", Layer::Service, endpoints),
    Rule::proof("policy-local", Layer::Service, local),
];

fn missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(Err(why)) = with_metallb(e).map(|cluster| &cluster.service) else { return Vec::new() };
    let (namespace, name) = (&e.lab.workload.namespace, &e.lab.workload.name);
    let itself = check(Subject::Service(name.to_string()));
    vec![
        Found::new(
            format!("service {name} is not there: nothing has the advertised address"),
            answers(e).chain([itself, resources()]),
        )
        .seen(format!("kubectl -n {namespace} get service {name}: {why}"))
        .remedy(DEPLOY),
    ]
}

fn single_stack(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(Ok(service)) = with_metallb(e).map(|cluster| &cluster.service) else { return Vec::new() };
    if !wants_ipv6(e) || service.families.iter().any(|family| family == "IPv6") {
        return Vec::new();
    }
    let name = &e.lab.workload.name;
    let v6 = prefixes(e, true);
    vec![
        Found::new(
            format!("service {name} has IPv4 only, and the lab's pool has IPv6 addresses too"),
            v6.iter().map(|prefix| Break::Answer(prefix.addr())).chain([resources()]),
        )
        .seen(format!("kubectl get service {name}: ipFamilies {}", service.families.join(", ")))
        .remedy(format!("{DEPLOY}; a cluster of one family gives no IPv6 address (kind: ipFamily dual)")),
    ]
}

fn class(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    let (namespace, name) = (e.lab.workload.namespace.as_str(), e.lab.workload.name.as_str());
    let own = cluster.facts.services.iter().find(|service| service.namespace == namespace && service.name == name);
    let Some(class) = own.and_then(|service| service.class.as_ref()) else { return Vec::new() };
    vec![
        Found::new(
            format!("service {name} wants a load balancer of class {class}: MetalLB passes it over"),
            answers(e).chain([resources()]),
        )
        .seen(format!("kubectl -n {namespace} get service {name}: loadBalancerClass {class}"))
        .remedy(format!("kubectl -n {namespace} delete service {name}, then {DEPLOY}: the class cannot be changed")),
    ]
}

fn endpoints(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    let Ok(service) = &cluster.service else { return Vec::new() };
    let (namespace, name) = (&e.lab.workload.namespace, &e.lab.workload.name);
    let crashed = cluster.facts.troubles.iter().any(|trouble| is_pod_of(&trouble.pod, name.as_str()));
    if !service.endpoint_nodes.is_empty() || crashed {
        return Vec::new();
    }
    let (why, remedy) = match &cluster.facts.application {
        None => (format!("deployment {name} is not there"), DEPLOY.to_owned()),
        Some(app) if app.wanted == 0 => (
            format!("deployment {name} is scaled to 0"),
            format!("kubectl -n {namespace} scale deployment {name} --replicas=1"),
        ),
        Some(app) => (
            format!("{} of {} pods are ready", app.ready, app.wanted),
            format!("kubectl -n {namespace} get pods -o wide"),
        ),
    };
    let nodes = e
        .nodes
        .iter()
        .flat_map(|node| prefixes(e, false).into_iter().map(|prefix| Break::Announced(node.name.clone(), prefix)));
    vec![
        Found::new(
            format!("service {name} has no ready endpoint, so nothing is announced and nobody answers: {why}"),
            answers(e).chain(nodes).chain([check(Subject::Endpoints { service: name.to_string() }), resources()]),
        )
        .seen(format!("kubectl -n {namespace} get endpointslices: none ready"))
        .remedy(remedy),
    ]
}

/// With the policy Local, only nodes with an endpoint announce.
fn local(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(Ok(service)) = with_metallb(e).map(|cluster| &cluster.service) else { return Vec::new() };
    if !service.local
        || e.lab.workload.external_traffic_policy == TrafficPolicy::Local
        || service.endpoint_nodes.is_empty()
    {
        return Vec::new();
    }
    let (namespace, name) = (&e.lab.workload.namespace, &e.lab.workload.name);
    let with: Vec<&str> = service.endpoint_nodes.iter().map(String::as_str).collect();
    let without: Vec<&str> =
        e.nodes.iter().map(|node| node.name.as_str()).filter(|node| !with.contains(node)).collect();
    vec![
        Found::new(
            format!(
                "service {name} has externalTrafficPolicy Local: only nodes with an endpoint announce it, {} do not",
                without.join(", ")
            ),
            [check(Subject::TrafficPolicy { service: name.to_string() }), resources()],
        )
        .seen(format!("kubectl -n {namespace} get service {name}: Local; endpoints on {}", with.join(", ")))
        .remedy(format!(
            "kubectl -n {namespace} patch service {name} -p '{{\"spec\":{{\"externalTrafficPolicy\":\"Cluster\"}}}}'"
        )),
    ]
}
