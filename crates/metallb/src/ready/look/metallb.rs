//! The operator's report on a MetalLB resource.

use k8s_openapi::apimachinery::pkg::apis::meta::v1;
use kube::ResourceExt;
use settle::Verdict;

use super::World;
use crate::Error;
use crate::spec::MetalLb;

/// Ready if the operator reports the resource's newest generation as available, and not as degraded.
pub(super) fn available(world: &World, name: &str) -> Verdict<(), Error> {
    let Some(all) = &world.metallbs else { return Verdict::NotYet("MetalLB resources not seen yet".to_owned()) };
    let Some(found) = all.iter().find(|metallb| metallb.name_any() == name) else {
        return Verdict::NotYet(format!("there is no MetalLB resource {name}"));
    };
    if let Some(message) = degraded(world, name) {
        return Verdict::NotYet(format!("the operator calls MetalLB resource {name} degraded: {message}"));
    }
    let current = current(found);
    if holds(&current, "Available").is_some() {
        return Verdict::Ready(());
    }
    let progress = holds(&current, "Progressing").map(|c| c.message.as_str()).filter(|text| !text.is_empty());
    let because = progress.map(|text| format!(": {text}")).unwrap_or_default();
    Verdict::NotYet(format!("the operator does not call MetalLB resource {name} available yet{because}"))
}

/// The operator's reason for calling the resource degraded, if it does. That may concern an earlier state, or one that
/// it is about to try again.
pub(super) fn degraded(world: &World, name: &str) -> Option<String> {
    let found = world.metallbs.iter().flatten().find(|metallb| metallb.name_any() == name)?;
    let current = current(found);
    holds(&current, "Degraded").map(|condition| format!("{}: {}", condition.reason, condition.message))
}

/// The conditions of the newest generation. Conditions without a generation count as current.
fn current(metallb: &MetalLb) -> Vec<v1::Condition> {
    let conditions = metallb.status.clone().unwrap_or_default().conditions.into_iter();
    let is_current = |seen: i64| Some(seen) >= metallb.metadata.generation;
    conditions.filter(|condition| condition.observed_generation.is_none_or(is_current)).collect()
}

fn holds<'a>(conditions: &'a [v1::Condition], kind: &str) -> Option<&'a v1::Condition> {
    conditions.iter().find(|condition| condition.type_ == kind && condition.status == "True")
}
