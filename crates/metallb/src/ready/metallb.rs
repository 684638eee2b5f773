//! What the operator says about its MetalLB resource.

use kube::ResourceExt;
use settle::Verdict;

use super::World;
use crate::Error;

/// Whether the operator reports the resource available, for its newest generation, and not degraded.
pub(super) fn available(world: &World, name: &str) -> Verdict<(), Error> {
    let Some(all) = &world.metallbs else { return Verdict::NotYet("MetalLB resources not seen yet".to_owned()) };
    let Some(found) = all.iter().find(|metallb| metallb.name_any() == name) else {
        return Verdict::NotYet(format!("there is no MetalLB resource {name}"));
    };
    let conditions = found.status.clone().unwrap_or_default().conditions;
    // An operator that does not tell which generation it speaks of is taken at its word.
    let current: Vec<_> = conditions
        .into_iter()
        .filter(|condition| condition.observed_generation.is_none_or(|seen| Some(seen) >= found.metadata.generation))
        .collect();
    let holds = |kind: &str| current.iter().find(|condition| condition.type_ == kind && condition.status == "True");
    if let Some(degraded) = holds("Degraded") {
        let message = [&degraded.reason, &degraded.message].map(String::as_str).join(": ");
        return Verdict::Failed(Error::Degraded { name: name.to_owned(), message });
    }
    if holds("Available").is_some() {
        return Verdict::Ready(());
    }
    let progress = holds("Progressing").map(|condition| condition.message.as_str()).filter(|text| !text.is_empty());
    let because = progress.map(|text| format!(": {text}")).unwrap_or_default();
    Verdict::NotYet(format!("the operator does not call MetalLB resource {name} available yet{because}"))
}
