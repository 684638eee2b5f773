//! The applications and their services.

use std::collections::BTreeMap;

use metallb::workload::{IpFamilyPolicy, TrafficPolicy, Workload};

use super::{ComposeError, metallb::name};
use crate::{Asks, Assigned, Family, Lab, Service, Stack, Version, selector::Labels};

/// Composes every service with its application.
pub(super) fn all(lab: &Lab) -> Result<Vec<Workload>, ComposeError> {
    lab.services.iter().zip(lab.assigned()).map(|(own, assigned)| workload(lab, own, &assigned)).collect()
}

fn workload(lab: &Lab, own: &Service, assigned: &Assigned) -> Result<Workload, ComposeError> {
    let families = assigned.families();
    let dual = lab.cluster.services.families() == Family::ALL;
    let word = |family: Family| family.to_string();
    let (family_policy, families_of_service) = match own.stack {
        // A dual-stack service would wait forever for an address that no pool has.
        Stack::OfItsPool if families.contains(&Family::Ipv6) => (IpFamilyPolicy::PreferDualStack, Vec::new()),
        Stack::OfItsPool => (IpFamilyPolicy::SingleStack, Vec::new()),
        Stack::Single(family) => (IpFamilyPolicy::SingleStack, vec![word(family)]),
        Stack::Prefer(first) => (IpFamilyPolicy::PreferDualStack, in_order(first, dual)),
        Stack::Require(first) => (IpFamilyPolicy::RequireDualStack, in_order(first, dual)),
    };
    Ok(Workload {
        one_address: family_policy == IpFamilyPolicy::PreferDualStack && families.len() < 2,
        family_policy,
        families: families_of_service,
        annotations: annotations(lab, own),
        labels: texts(&own.labels),
        node_selector: texts(&own.node_selector),
        replicas: own.replicas,
        ports: own.ports.iter().map(|port| port.0).collect(),
        external_traffic: policy(own.external_traffic_policy),
        internal_traffic: policy(own.internal_traffic_policy),
        ..Workload::agnhost(name(&own.name)?, name(&own.namespace)?, lab.images.workload.as_str())
    })
}

/// Returns both families, or nothing where the cluster's own order is the wanted one: the lab's has IPv4 first.
fn in_order(first: Family, dual: bool) -> Vec<String> {
    match (first, dual) {
        (Family::Ipv6, true) => [Family::Ipv6, Family::Ipv4].map(|family| family.to_string()).into(),
        _ => Vec::new(),
    }
}

fn texts(labels: &Labels) -> BTreeMap<String, String> {
    labels.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

const fn policy(own: crate::TrafficPolicy) -> TrafficPolicy {
    match own {
        crate::TrafficPolicy::Cluster => TrafficPolicy::Cluster,
        crate::TrafficPolicy::Local => TrafficPolicy::Local,
    }
}

/// Returns everything that a service asks MetalLB for. It asks for its pool also where the file names none, so that it gets
/// no address of a pool that somebody else has in the cluster.
fn annotations(lab: &Lab, own: &Service) -> BTreeMap<String, String> {
    let prefix = prefix(&lab.metallb.version);
    let mut all = BTreeMap::new();
    match (&own.asks, own.candidates(&lab.pools).as_slice()) {
        (Asks::Addresses(addresses), _) => {
            let list: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            all.insert(format!("{prefix}/loadBalancerIPs"), list.join(","));
        }
        (Asks::Nothing | Asks::Pool(_), [pool]) => {
            all.insert(format!("{prefix}/address-pool"), pool.name.to_string());
        }
        (Asks::Nothing | Asks::Pool(_), _) => {}
    }
    if let Some(key) = &own.sharing_key {
        all.insert(format!("{prefix}/allow-shared-ip"), key.clone());
    }
    all
}

/// Returns the prefix of MetalLB's annotations, which 0.14.9 renamed.
fn prefix(version: &Version) -> &'static str {
    if version.numbers() < (0, 14, 9) { "metallb.universe.tf" } else { "metallb.io" }
}
