//! The service behind the address, and what answers for it.

use std::net::IpAddr;

use super::differs::{of_resources, who};
use super::{DEPLOY, Served, is_pod_of, served, with_metallb};
use crate::check::{Check, Topic};
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::Subject;
use labfile::TrafficPolicy;

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

/// Examines each service.
fn each<'a>(e: &'a Evidence, found: impl Fn(&Served<'a>) -> Option<Found>) -> Vec<Found> {
    with_metallb(e).into_iter().flat_map(|cluster| served(e, cluster)).filter_map(|served| found(&served)).collect()
}

fn missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    each(e, |served| {
        let Err(why) = served.view else { return None };
        let (namespace, name, title) = (&served.service.namespace, &served.service.name, &served.title);
        let itself = check(Subject::Service(title.clone()));
        Some(
            Found::new(
                format!("service {title} is not there: nothing has the advertised address"),
                served.answers().chain([itself, of_resources()]),
            )
            .seen(format!("kubectl -n {namespace} get service {name}: {why}"))
            .remedy(DEPLOY),
        )
    })
}

pub(super) fn single_stack(e: &Evidence, _: &[Check]) -> Vec<Found> {
    each(e, |served| {
        let service = served.view.as_ref().ok()?;
        let v6: Vec<IpAddr> = served.addresses().into_iter().filter(IpAddr::is_ipv6).collect();
        if v6.is_empty() || service.families.iter().any(|family| family == "IPv6") {
            return None;
        }
        let (name, title) = (&served.service.name, &served.title);
        Some(
            Found::new(
                format!("service {title} has IPv4 only, and the lab's pool has IPv6 addresses too"),
                v6.into_iter().map(Break::Answer).chain([of_resources()]),
            )
            .seen(format!("kubectl get service {name}: ipFamilies {}", service.families.join(", ")))
            .also(who(e, "Service", name.as_str(), "spec.ipFamilyPolicy"))
            .remedy(format!("{DEPLOY}; a cluster of one family gives no IPv6 address (kind: ipFamily dual)")),
        )
    })
}

pub(super) fn class(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    each(e, |served| {
        let (namespace, name) = (served.service.namespace.as_str(), served.service.name.as_str());
        let mut all = cluster.facts.services.iter();
        let class = all.find(|one| one.namespace == namespace && one.name == name)?.class.as_ref()?;
        Some(
            Found::new(
                format!("service {} wants a load balancer of class {class}: MetalLB passes it over", served.title),
                served.answers().chain([of_resources()]),
            )
            .seen(format!("kubectl -n {namespace} get service {name}: loadBalancerClass {class}"))
            .also(who(e, "Service", name, "spec.loadBalancerClass"))
            .remedy(format!(
                "kubectl -n {namespace} delete service {name}, then {DEPLOY}: the class cannot be changed"
            )),
        )
    })
}

pub(super) fn endpoints(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    each(e, |served| {
        let service = served.view.as_ref().ok()?;
        let (namespace, name, title) = (&served.service.namespace, &served.service.name, &served.title);
        let crashed = cluster.facts.troubles.iter().any(|trouble| is_pod_of(&trouble.pod, name.as_str()));
        if !service.endpoint_nodes.is_empty() || crashed {
            return None;
        }
        let (why, remedy) = match &served.application.deployment {
            None if e.without_lab.is_some() => (
                "no pod that it selects is ready".to_owned(),
                format!("kubectl -n {namespace} describe service {name}"),
            ),
            None => (format!("deployment {name} is not there"), DEPLOY.to_owned()),
            Some(app) if app.wanted == 0 => (
                format!("deployment {name} is scaled to 0"),
                format!("kubectl -n {namespace} scale deployment {name} --replicas={}", served.service.replicas),
            ),
            Some(app) => (
                format!("{} of {} pods are ready", app.ready, app.wanted),
                format!("kubectl -n {namespace} get pods -o wide"),
            ),
        };
        let itself = [check(Subject::Endpoints { service: title.clone() }), of_resources()];
        Some(
            Found::new(
                format!("service {title} has no ready endpoint, so nothing is announced and nobody answers: {why}"),
                served.answers().chain(served.announcements(e)).chain(itself),
            )
            .seen(format!("kubectl -n {namespace} get endpointslices: none ready"))
            .also(who(e, "Deployment", name.as_str(), "spec.replicas"))
            .remedy(remedy),
        )
    })
}

/// With the policy Local, only nodes with an endpoint announce.
pub(super) fn local(e: &Evidence, _: &[Check]) -> Vec<Found> {
    each(e, |served| {
        let service = served.view.as_ref().ok()?;
        let is_wanted = served.service.external_traffic_policy == TrafficPolicy::Local;
        if !service.local || is_wanted || service.endpoint_nodes.is_empty() {
            return None;
        }
        let (namespace, name, title) = (&served.service.namespace, &served.service.name, &served.title);
        let with: Vec<&str> = service.endpoint_nodes.iter().map(String::as_str).collect();
        let without: Vec<&str> =
            e.nodes.iter().map(|node| node.name.as_str()).filter(|node| !with.contains(node)).collect();
        Some(
            Found::new(
                format!(
                    "service {title} has externalTrafficPolicy Local: only nodes with an endpoint announce it, {} do not",
                    without.join(", ")
                ),
                [check(Subject::TrafficPolicy { service: title.clone() }), of_resources()],
            )
            .seen(format!("kubectl -n {namespace} get service {name}: Local; endpoints on {}", with.join(", ")))
            .also(who(e, "Service", name.as_str(), "spec.externalTrafficPolicy"))
            .remedy(format!(
                "kubectl -n {namespace} patch service {name} -p '{{\"spec\":{{\"externalTrafficPolicy\":\"Cluster\"}}}}'"
            )),
        )
    })
}
