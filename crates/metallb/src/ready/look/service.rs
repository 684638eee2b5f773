//! Services: addresses of every family, and endpoints.

use std::collections::BTreeSet;
use std::net::IpAddr;

use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::discovery::v1::EndpointSlice;
use kube::ResourceExt;
use settle::Verdict;

use super::World;
use crate::Error;

/// The load balancer's addresses of a service, in the API's order.
pub(crate) fn addresses(service: &Service) -> Vec<IpAddr> {
    let ingress = service.status.as_ref().and_then(|s| s.load_balancer.as_ref()).and_then(|lb| lb.ingress.as_ref());
    ingress.into_iter().flatten().filter_map(|ingress| ingress.ip.as_ref()?.parse().ok()).collect()
}

/// The address families of a service: `IPv4`, `IPv6`.
pub(crate) fn families(service: &Service) -> Vec<String> {
    service.spec.as_ref().and_then(|spec| spec.ip_families.clone()).unwrap_or_default()
}

/// Finds a service, or says that it is not there.
fn found<'a>(world: &'a World, name: &str) -> Result<&'a Service, String> {
    let all = world.services.as_ref().ok_or("services not seen yet")?;
    all.iter().find(|service| service.name_any() == name).ok_or_else(|| format!("there is no service {name}"))
}

/// [`Verdict::Ready`] if a service has a load balancer address.
pub(super) fn has_address(world: &World, name: &str) -> Verdict<(), Error> {
    match found(world, name) {
        Ok(service) if addresses(service).is_empty() => {
            Verdict::NotYet(format!("service {name} has no load balancer address: does a pool have one free?"))
        }
        Ok(_) => Verdict::Ready(()),
        Err(why) => Verdict::NotYet(why),
    }
}

/// [`Verdict::Ready`] if a service has a load balancer address for each of the service's address families.
pub(super) fn has_addresses(world: &World, name: &str) -> Verdict<(), Error> {
    let service = match found(world, name) {
        Ok(service) => service,
        Err(why) => return Verdict::NotYet(why),
    };
    let has = addresses(service);
    let mut families = families(service);
    if families.is_empty() {
        families.push("IPv4".to_owned());
    }
    let missing: Vec<String> = families
        .into_iter()
        .filter(|family| !has.iter().any(|address| address.is_ipv6() == (family == "IPv6")))
        .map(|family| format!("service {name} has no {family} load balancer address: does a pool have one free?"))
        .collect();
    Verdict::all_of(&missing)
}

/// The nodes on which a service's ready endpoints run.
pub(crate) fn endpoint_nodes(slices: &[EndpointSlice], service: &str) -> BTreeSet<String> {
    let of_service =
        |slice: &&EndpointSlice| slice.labels().get("kubernetes.io/service-name").is_some_and(|s| s == service);
    let endpoints = slices.iter().filter(of_service).flat_map(|slice| slice.endpoints.iter());
    endpoints
        .filter(|endpoint| endpoint.conditions.as_ref().and_then(|conditions| conditions.ready).unwrap_or(true))
        .filter_map(|endpoint| endpoint.node_name.clone())
        .collect()
}

/// Ready if a service has a ready endpoint.
pub(super) fn has_endpoints(world: &World, name: &str) -> Verdict<(), Error> {
    let Some(slices) = &world.endpoint_slices else {
        return Verdict::NotYet("endpoint slices not seen yet".to_owned());
    };
    if endpoint_nodes(slices, name).is_empty() {
        return Verdict::NotYet(format!("service {name} has no ready endpoint"));
    }
    Verdict::Ready(())
}
