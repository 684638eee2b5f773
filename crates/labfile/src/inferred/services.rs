//! Pools, advertisements, and the services that have addresses.

use std::collections::BTreeSet;

use metallb::facts::Balanced;
use metallb::k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::Known;
use crate::{
    Advertisement, Asks, LabelKey, LabelValue, Name, Pool, Port, Requirement, Selector, Service, Stack, TrafficPolicy,
    text::parse,
};

/// Converts a selector; one that cannot be read selects nothing.
pub(super) fn selector(of: &LabelSelector) -> Selector {
    let label = |(key, value): (&String, &String)| Some((LabelKey::new(key).ok()?, LabelValue::new(value).ok()?));
    let requirement = |one: &metallb::k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelectorRequirement| {
        let key = LabelKey::new(&one.key).ok()?;
        let values = one.values.iter().flatten().filter_map(|value| LabelValue::new(value).ok());
        let values: BTreeSet<LabelValue> = values.collect();
        Some(match one.operator.as_str() {
            "In" => Requirement::In(key, values),
            "NotIn" => Requirement::NotIn(key, values),
            "Exists" => Requirement::Exists(key),
            _ => Requirement::DoesNotExist(key),
        })
    };
    Selector {
        labels: of.match_labels.iter().flatten().filter_map(label).collect(),
        requirements: of.match_expressions.iter().flatten().filter_map(requirement).collect(),
    }
}

/// Returns the pools that are announced by BGP, or by nobody; those that ARP and NDP announce are no matter of sessions.
pub(super) fn pools(known: &Known<'_>, unseen: &mut Vec<String>) -> Vec<Pool> {
    let c = &known.configured.configuration;
    let by_bgp = |name: &str| {
        c.advertisements.iter().any(|own| {
            own.spec.ip_address_pools.is_empty() || own.spec.ip_address_pools.iter().any(|pool| pool.as_str() == name)
        })
    };
    let mut all = Vec::new();
    for pool in &c.pools {
        let Ok(name) = parse::<Name>(pool.name()) else {
            unseen.push(format!("IPAddressPool {}: its name is none that is followed here", pool.name()));
            continue;
        };
        if !by_bgp(pool.name()) && known.configured.layer2.contains(pool.name()) {
            continue;
        }
        all.push(Pool {
            name,
            ranges: pool.spec.addresses.clone(),
            auto_assign: pool.spec.auto_assign != Some(false),
            avoid_buggy_ips: pool.spec.avoid_buggy_ips,
            allocation: None,
        });
    }
    all
}

/// Returns the advertisements.
pub(super) fn advertisements(known: &Known<'_>, unseen: &mut Vec<String>) -> Vec<Advertisement> {
    let names = |all: &[metallb::value::Name]| {
        all.iter().map(|name| parse::<Name>(name.as_str())).collect::<Result<Vec<_>, _>>()
    };
    let mut all = Vec::new();
    for own in &known.configured.configuration.advertisements {
        let spec = &own.spec;
        let read: Result<(Name, Vec<Name>, Vec<Name>), _> =
            parse(own.name()).and_then(|name| Ok((name, names(&spec.ip_address_pools)?, names(&spec.peers)?)));
        let Ok((name, pools, peers)) = read else {
            unseen.push(format!("BGPAdvertisement {}: it has names that are not followed here", own.name()));
            continue;
        };
        all.push(Advertisement {
            name,
            pools,
            peers,
            nodes: spec.node_selectors.iter().map(selector).collect(),
            services: spec.service_selectors.iter().map(selector).collect(),
            aggregation_length: spec.aggregation_length.unwrap_or(32),
            aggregation_length_v6: spec.aggregation_length_v6.unwrap_or(128),
            local_preference: None,
            communities: Vec::new(),
        });
    }
    all
}

/// Returns the services that have addresses of the pools: they have what they have.
pub(super) fn services(known: &Known<'_>, pools: &[Pool], unseen: &mut Vec<String>) -> Vec<Service> {
    let mut all = Vec::new();
    for service in known.services {
        let own: Vec<_> = service.addresses.iter().copied().filter(|a| pools.iter().any(|p| p.contains(*a))).collect();
        if own.is_empty() {
            continue;
        }
        match one(service, own) {
            Some(service) => all.push(service),
            None => unseen.push(format!(
                "service {}/{}: its name is none that is followed here",
                service.namespace, service.name
            )),
        }
    }
    all
}

fn one(service: &Balanced, addresses: Vec<std::net::IpAddr>) -> Option<Service> {
    let label = |(key, value): (&String, &String)| Some((LabelKey::new(key).ok()?, LabelValue::new(value).ok()?));
    let policy = |local| if local { TrafficPolicy::Local } else { TrafficPolicy::Cluster };
    Some(Service {
        name: parse(&service.name).ok()?,
        namespace: parse(&service.namespace).ok()?,
        labels: service.labels.iter().filter_map(label).collect(),
        ports: vec![Port::http(80)],
        stack: Stack::OfItsPool,
        asks: Asks::Addresses(addresses),
        sharing_key: None,
        external_traffic_policy: policy(service.local),
        internal_traffic_policy: TrafficPolicy::Cluster,
        replicas: 1,
        node_selector: Default::default(),
    })
}
