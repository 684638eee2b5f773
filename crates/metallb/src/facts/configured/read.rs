//! Objects of the API as a configuration.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde_json::Value;

use super::Configured;
use crate::object::Object;
use crate::spec::{BfdProfile, BgpAdvertisement, BgpPeer, IpAddressPool};

/// The objects of a configuration, by kind.
#[derive(Debug, Default)]
pub(super) struct Objects {
    pub(super) peers: Vec<Object>,
    pub(super) pools: Vec<Object>,
    pub(super) advertisements: Vec<Object>,
    pub(super) layer2: Vec<Object>,
    pub(super) profiles: Vec<Object>,
    /// The Secrets of MetalLB's namespace by name, each with what keeps it from holding a password.
    pub(super) secrets: BTreeMap<String, Option<String>>,
}

/// Fields that neither sessions nor prefixes depend on.
const LEFT_OUT: [&str; 6] = ["holdTime", "keepaliveTime", "connectTime", "communities", "localPref", "asPathPrepend"];

/// Fields of a peer that lead to another session than the usual one, with words for it.
const UNUSUAL: [(&str, &str); 2] = [("interface", "is unnumbered"), ("vrf", "is in a VRF")];

impl Configured {
    /// Reads objects.
    pub(super) fn of(objects: &Objects) -> Self {
        let mut all = Self::default();
        let mut beside = Vec::new();
        let labels: BTreeMap<&str, BTreeMap<String, String>> =
            objects.pools.iter().map(|pool| (pool.name(), pool.metadata.labels.clone().unwrap_or_default())).collect();
        let c = &mut all.configuration;
        c.pools =
            objects.pools.iter().filter_map(|o| read(&mut beside, "IPAddressPool", o, IpAddressPool::new)).collect();
        c.bfd_profiles =
            objects.profiles.iter().filter_map(|o| read(&mut beside, "BFDProfile", o, BfdProfile::new)).collect();
        for object in &objects.peers {
            match unusual(object) {
                Some(why) => beside.push(format!("BGPPeer {} {why}", object.name())),
                None => c.peers.extend(read(&mut beside, "BGPPeer", object, BgpPeer::new)),
            }
        }
        for object in &objects.advertisements {
            let (named, selected) = pools(object, &labels);
            let Some(mut own) = read(&mut beside, "BGPAdvertisement", object, BgpAdvertisement::new) else { continue };
            // Selectors that select nothing take no pool; without any, and without names, every pool is taken.
            if selected.as_ref().is_some_and(BTreeSet::is_empty) && named.is_empty() {
                continue;
            }
            own.spec.ip_address_pools.extend(selected.into_iter().flatten().filter_map(|name| name.parse().ok()));
            c.advertisements.push(own);
        }
        for object in &objects.layer2 {
            match pools(object, &labels) {
                (named, None) if named.is_empty() => all.layer2.extend(labels.keys().map(|name| (*name).to_owned())),
                (named, selected) => all.layer2.extend(named.into_iter().chain(selected.into_iter().flatten())),
            }
        }
        all.secrets = c.peers.iter().filter_map(|peer| secretless(peer, &objects.secrets)).collect();
        all.beside = beside;
        all
    }
}

/// A peer's Secret that holds no password.
fn secretless(peer: &BgpPeer, secrets: &BTreeMap<String, Option<String>>) -> Option<(String, String, String)> {
    let secret = peer.spec.password_secret.as_ref()?.name.to_string();
    let why = match secrets.get(&secret) {
        None => "is not there".to_owned(),
        Some(why) => why.clone()?,
    };
    Some((peer.name().to_owned(), secret, why))
}

/// The pools that an advertisement names, and those that it selects, if it selects any by labels.
fn pools(
    object: &Object,
    labels: &BTreeMap<&str, BTreeMap<String, String>>,
) -> (Vec<String>, Option<BTreeSet<String>>) {
    let list = |field: &str| object.data.pointer(&format!("/spec/{field}")).and_then(Value::as_array);
    let named = list("ipAddressPools").into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned));
    let selectors: Vec<LabelSelector> = list("ipAddressPoolSelectors")
        .into_iter()
        .flatten()
        .filter_map(|selector| serde_json::from_value(selector.clone()).ok())
        .collect();
    let selected = labels.iter().filter(|(_, own)| selectors.iter().any(|selector| selects(selector, own)));
    let selected = (!selectors.is_empty()).then(|| selected.map(|(name, _)| (*name).to_owned()).collect());
    (named.collect(), selected)
}

/// `true` if a selector selects what carries these labels; one of an operator that is not known selects nothing.
fn selects(selector: &LabelSelector, labels: &BTreeMap<String, String>) -> bool {
    let equal = selector.match_labels.iter().flatten().all(|(key, value)| labels.get(key) == Some(value));
    let others = selector.match_expressions.iter().flatten().all(|one| {
        let (has, values) = (labels.get(&one.key), one.values.as_deref().unwrap_or_default());
        match one.operator.as_str() {
            "In" => has.is_some_and(|value| values.contains(value)),
            "NotIn" => has.is_none_or(|value| !values.contains(value)),
            "Exists" => has.is_some(),
            "DoesNotExist" => has.is_none(),
            _ => false,
        }
    });
    equal && others
}

fn unusual(object: &Object) -> Option<&'static str> {
    let has = |field: &str| {
        object.data.pointer(&format!("/spec/{field}")).and_then(Value::as_str).is_some_and(|text| !text.is_empty())
    };
    UNUSUAL.iter().find(|(field, _)| has(field)).map(|(_, words)| *words)
}

/// Reads an object's specification, without what clients write where nothing is set.
fn read<S: serde::de::DeserializeOwned, T>(
    beside: &mut Vec<String>,
    kind: &str,
    object: &Object,
    new: fn(&str, S) -> T,
) -> Option<T> {
    let mut spec = object.data.get("spec").cloned().unwrap_or_else(|| Value::Object(Default::default()));
    if let Some(fields) = spec.as_object_mut() {
        let says_nothing = |value: &Value| match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        };
        fields.retain(|name, value| !says_nothing(value) && !LEFT_OUT.contains(&name.as_str()));
    }
    match serde_json::from_value(spec) {
        Ok(spec) => Some(new(object.name(), spec)),
        Err(error) => {
            beside.push(format!("{kind} {} is not understood: {error}", object.name()));
            None
        }
    }
}

#[cfg(test)]
mod tests;
