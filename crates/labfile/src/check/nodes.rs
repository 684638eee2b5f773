//! The labels of nodes, and the selectors of nodes.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        At, Selector,
        model::{Cluster, Provider},
        node::{Node, usual_labels},
        problem::{Problem, What},
        raw::{RawLab, RawNode, RawOperator, RawRequirement, RawSelector},
        selector::{LabelValue, Labels, Requirement},
    },
    Finds, names,
};

/// Returns the labels of the cluster's nodes by their names: those that Kubernetes sets, and the file's own.
pub(super) fn labels(finds: &mut Finds, raw: &[At<RawNode>], cluster: &Cluster) -> BTreeMap<String, Labels> {
    names::unique(finds, What::Node, raw.iter().map(|node| &node.name));
    let mut all: BTreeMap<String, Labels> =
        cluster.node_names().map(|(name, role)| (name.clone(), usual_labels(&name, role))).collect();
    let known: Vec<String> = cluster.node_names().map(|(name, _)| name).collect();
    for raw in raw {
        for key in raw.labels.keys().filter(|key| !is_free(key.as_str())) {
            let expected = "a label of your own, such as rack, or topology.kubernetes.io/zone: the kubelet sets no other one of kubernetes.io and k8s.io";
            finds.add(key.place(), Problem::Unfit { value: format!("label `{}`", **key), expected });
        }
        match all.get_mut(raw.name.as_str()) {
            Some(labels) => labels.extend(raw.labels.iter().map(|(key, value)| ((**key).clone(), value.clone()))),
            None => finds.add(raw.name.place(), names::unknown(What::Node, raw.name.as_str(), known.iter().cloned())),
        }
    }
    all
}

/// `true` if a kubelet sets a label of its own accord: it takes none of Kubernetes' own, but for a few
/// (Kubernetes' `pkg/apis/core/validation`: `IsKubeletLabel`).
fn is_free(key: &str) -> bool {
    let Some((prefix, _)) = key.split_once('/') else { return true };
    let is_in = |domain: &str| prefix == domain || prefix.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    let own = is_in("kubernetes.io") || is_in("k8s.io");
    !own || is_in("node.kubernetes.io")
        || is_in("kubelet.kubernetes.io")
        || ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"].contains(&key)
}

/// Checks selectors; MetalLB refuses one that is there twice.
pub(super) fn selectors(finds: &mut Finds, raw: &[At<RawSelector>]) -> Vec<Selector> {
    let mut all: Vec<Selector> = Vec::new();
    for raw in raw {
        let mut selector = Selector { labels: raw.labels.clone(), ..Selector::default() };
        for raw in &raw.match_expressions {
            let Some(requirement) = requirement(finds, raw) else { continue };
            if selector.requirements.contains(&requirement) {
                finds.add(raw.place(), Problem::Repeated { what: What::Expression, name: requirement.to_string() });
            }
            selector.requirements.insert(requirement);
        }
        if all.contains(&selector) {
            finds.add(raw.place(), Problem::Repeated { what: What::Selector, name: selector.to_string() });
        }
        all.push(selector);
    }
    all
}

fn requirement(finds: &mut Finds, raw: &At<RawRequirement>) -> Option<Requirement> {
    let values: BTreeSet<LabelValue> = raw.values.iter().cloned().collect();
    if let Some(twice) =
        raw.values.iter().enumerate().find_map(|(at, value)| raw.values[..at].contains(value).then_some(value))
    {
        finds.add(raw.place(), Problem::Repeated { what: What::Value, name: twice.to_string() });
    }
    let key = raw.key.clone();
    let wrong = |value: &str, expected| Problem::Unfit { value: value.to_owned(), expected };
    let requirement = match (raw.operator, values.is_empty()) {
        (RawOperator::In, false) => Ok(Requirement::In(key, values)),
        (RawOperator::NotIn, false) => Ok(Requirement::NotIn(key, values)),
        (RawOperator::Exists, true) => Ok(Requirement::Exists(key)),
        (RawOperator::DoesNotExist, true) => Ok(Requirement::DoesNotExist(key)),
        (RawOperator::In | RawOperator::NotIn, true) => {
            Err(wrong("an operator In or NotIn without values", "values, such as values = [\"a\", \"b\"]"))
        }
        (RawOperator::Exists | RawOperator::DoesNotExist, false) => {
            Err(wrong("an operator Exists or DoesNotExist with values", "no values, or the operator In or NotIn"))
        }
    };
    finds.ok(raw.place(), requirement)
}

/// Refuses selectors that select no node, and warns of those of an advertisement that select none which announces.
pub(super) fn selects_none(finds: &mut Finds, raw: &RawLab, cluster: &Cluster) {
    // The labels of other machines are not known here.
    if matches!(cluster.provider, Provider::Existing { .. }) {
        return;
    }
    let mut check = |raw: &[At<RawSelector>], announces: bool| {
        // Those with a problem of their own were found before.
        let Some(selectors) = Finds::default().gate(|finds| selectors(finds, raw)) else { return };
        for (raw, selector) in raw.iter().zip(&selectors) {
            let selected: Vec<&Node> = cluster.placement.iter().filter(|node| selector.selects(&node.labels)).collect();
            let nodes = selected.iter().map(|node| node.name.clone()).collect();
            let problem = Problem::SelectsNone { selector: selector.to_string(), nodes };
            if selected.is_empty() {
                finds.add(raw.place(), problem);
            } else if announces && !selected.iter().any(|node| node.announces()) {
                finds.warn(raw.place(), problem);
            }
        }
    };
    raw.peers.iter().for_each(|peer| check(&peer.node_selectors, false));
    raw.advertisements.iter().for_each(|advertisement| check(&advertisement.node_selectors, true));
}
