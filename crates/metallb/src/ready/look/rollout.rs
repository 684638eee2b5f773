//! The rollout of Deployments and DaemonSets.

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment};
use k8s_openapi::api::core::v1::{Node, NodeSelectorTerm, Pod, PodSpec, Taint, Toleration};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kube::ResourceExt;
use settle::Verdict;

use super::World;
use super::pods::{newest, newest_as, troubles};
use crate::Error;
use crate::spec::FRR_CONTAINER as FRR;

/// Ready if a deployment's newest generation runs completely, and nothing older does.
pub(super) fn deployment(world: &World, name: &str) -> Verdict<(), Error> {
    let Some(all) = &world.deployments else { return Verdict::NotYet("deployments not seen yet".to_owned()) };
    let Some(found) = all.iter().find(|deployment| deployment.name_any() == name) else {
        return Verdict::NotYet(format!("there is no deployment {name}"));
    };
    if found.status.as_ref().and_then(|status| status.observed_generation) < found.metadata.generation {
        // The present pods' problems say nothing about those to come.
        return Verdict::NotYet(format!("deployment {name}: its latest change has not been observed yet"));
    }
    let spec = found.spec.clone().unwrap_or_default();
    let template = spec.template.spec.unwrap_or_default();
    rolled_out(found).map_or(Verdict::Ready(()), |missing| because(world, &spec.selector, &template, missing))
}

/// The missing part of a deployment's rollout.
fn rolled_out(deployment: &Deployment) -> Option<String> {
    let name = deployment.name_any();
    let wanted = deployment.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
    let status = deployment.status.clone().unwrap_or_default();
    let (updated, available) = (status.updated_replicas.unwrap_or(0), status.available_replicas.unwrap_or(0));
    if updated < wanted || available < wanted {
        return Some(format!("deployment {name}: {} of {wanted} pods available", available.min(updated)));
    }
    if wanted == 0 {
        return Some(format!("deployment {name} is scaled to 0"));
    }
    (status.replicas.unwrap_or(0) > updated).then(|| format!("deployment {name}: an old pod has not ended yet"))
}

/// Ready if a DaemonSet's newest generation has a ready pod on every eligible node.
pub(super) fn daemon_set(world: &World, name: &str, frr: Option<bool>) -> Verdict<(), Error> {
    let (Some(all), Some(nodes), Some(_)) = (&world.daemon_sets, &world.nodes, &world.pods) else {
        return Verdict::NotYet("DaemonSets, nodes and pods not seen yet".to_owned());
    };
    let Some(found) = all.iter().find(|set| set.name_any() == name) else {
        return Verdict::NotYet(format!("there is no DaemonSet {name}"));
    };
    let status = found.status.clone().unwrap_or_default();
    if status.observed_generation < found.metadata.generation {
        return Verdict::NotYet(format!("DaemonSet {name}: its latest change has not been observed yet"));
    }
    let spec = found.spec.clone().unwrap_or_default();
    let pods = newest(world, &spec.selector);
    let mut missing = Vec::new();
    let (updated, desired) = (status.updated_number_scheduled.unwrap_or(0), status.desired_number_scheduled);
    if updated < desired {
        missing.push(format!("DaemonSet {name}: {updated} of {desired} pods have its latest change"));
    }
    let template = spec.template.spec.unwrap_or_default();
    let has_frr = template.containers.iter().any(|container| container.name == FRR);
    if frr.is_some_and(|wanted| wanted != has_frr) {
        let (has, wanted) = if has_frr { ("a", "none") } else { ("no", "one") };
        missing.push(format!("DaemonSet {name} has {has} container {FRR}, but should have {wanted}"));
    }
    let eligible: Vec<&Node> = nodes.iter().filter(|node| is_eligible(node, found)).collect();
    if eligible.is_empty() {
        missing.push(format!("DaemonSet {name}: no node is eligible"));
    }
    for node in eligible.iter().map(|node| node.name_any()) {
        let on_node = |pod: &&&Pod| pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref()) == Some(node.as_str());
        match pods.iter().find(on_node) {
            None => missing.push(format!("DaemonSet {name}: no pod on {node}")),
            Some(pod) if !is_ready(pod) => {
                missing.push(format!("DaemonSet {name}: {} on {node} is not ready", ready_count(pod)))
            }
            Some(_) => {}
        }
    }
    if missing.is_empty() { Verdict::Ready(()) } else { because(world, &spec.selector, &template, missing.join("; ")) }
}

/// Adds the pods' problems to what is missing; failed if such a problem is final.
fn because(world: &World, selector: &LabelSelector, template: &PodSpec, missing: String) -> Verdict<(), Error> {
    let pods = newest_as(world, selector, template).into_iter();
    let found: Vec<_> = pods.flat_map(|pod| troubles(pod, &world.last_log_line)).collect();
    if let Some(hopeless) = found.iter().find(|trouble| trouble.is_final()) {
        return Verdict::Failed(Error::PodStuck(hopeless.clone()));
    }
    let hints = found.first().map(|trouble| format!(" ({trouble})")).unwrap_or_default();
    Verdict::NotYet(missing + &hints)
}

/// `true` if a pod's condition `Ready` is.
pub(crate) fn is_ready(pod: &Pod) -> bool {
    let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_ref());
    conditions.into_iter().flatten().any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

/// `true` if a pod is at its end, well or badly.
pub(crate) fn has_ended(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    matches!(phase, Some("Succeeded" | "Failed"))
}

/// A pod's ready containers out of all, as `3/4`.
fn ready_count(pod: &Pod) -> String {
    let statuses = pod.status.as_ref().and_then(|status| status.container_statuses.as_ref());
    let ready = statuses.into_iter().flatten().filter(|status| status.ready).count();
    let all = pod.spec.as_ref().map_or(0, |spec| spec.containers.len());
    format!("{} ({ready}/{all})", pod.name_any())
}

/// `true` if a node is eligible: the DaemonSet's selector and required affinity match, and every taint is tolerated.
fn is_eligible(node: &Node, set: &DaemonSet) -> bool {
    let template = set.spec.as_ref().and_then(|spec| spec.template.spec.clone()).unwrap_or_default();
    let selector = template.node_selector.unwrap_or_default();
    let tolerations = template.tolerations.unwrap_or_default();
    let taints = node.spec.as_ref().and_then(|spec| spec.taints.clone()).unwrap_or_default();
    let affinity = template.affinity.and_then(|affinity| affinity.node_affinity);
    let required = affinity.and_then(|affinity| affinity.required_during_scheduling_ignored_during_execution);
    selector.iter().all(|(key, value)| node.labels().get(key).is_some_and(|has| has == value))
        && required.is_none_or(|required| required.node_selector_terms.iter().any(|term| matches(term, node)))
        && taints.iter().filter(|taint| taint.effect != "PreferNoSchedule").all(|taint| {
            // The DaemonSet controller itself tolerates what concerns a node's own state.
            taint.key.starts_with("node.kubernetes.io/") || tolerations.iter().any(|t| tolerates(t, taint))
        })
}

/// `true` if a node's labels satisfy every expression of a term; expressions about fields are left to the scheduler.
fn matches(term: &NodeSelectorTerm, node: &Node) -> bool {
    term.match_expressions.iter().flatten().all(|expression| {
        let values = expression.values.as_deref().unwrap_or_default();
        let has = node.labels().get(&expression.key);
        match expression.operator.as_str() {
            "In" => has.is_some_and(|value| values.contains(value)),
            "NotIn" => has.is_none_or(|value| !values.contains(value)),
            "Exists" => has.is_some(),
            "DoesNotExist" => has.is_none(),
            // `Gt` and `Lt` compare numbers.
            _ => true,
        }
    })
}

fn tolerates(toleration: &Toleration, taint: &Taint) -> bool {
    let exists = toleration.operator.as_deref() == Some("Exists");
    let key = toleration.key.as_deref().unwrap_or_default();
    let effect = toleration.effect.as_deref().unwrap_or_default();
    (effect.is_empty() || effect == taint.effect)
        && ((key.is_empty() && exists) || (key == taint.key && (exists || toleration.value == taint.value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn eligible(term: &serde_json::Value) -> bool {
        let node = json!({"metadata": {"name": "kind-worker", "labels": {"kubernetes.io/hostname": "kind-worker"}}});
        let affinity = json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
            "nodeSelectorTerms": [{"matchExpressions": [term]}]}}});
        let template = json!({"spec": {"containers": [], "affinity": affinity}});
        let set = json!({"spec": {"selector": {}, "template": template}});
        is_eligible(&serde_json::from_value(node).unwrap(), &serde_json::from_value(set).unwrap())
    }

    #[test]
    fn a_node_that_the_affinity_leaves_out_gets_no_pod() {
        let on = |operator, values: &[&str]| {
            eligible(&json!({"key": "kubernetes.io/hostname", "operator": operator, "values": values}))
        };
        assert!(on("In", &["kind-worker", "kind-worker2"]) && !on("In", &["kind-worker2"]));
        assert!(on("NotIn", &["kind-worker2"]) && !on("NotIn", &["kind-worker"]));
        assert!(on("Exists", &[]) && !on("DoesNotExist", &[]));
    }
}
