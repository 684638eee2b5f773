//! Pods: the problems that keep them from coming up, and the selection of those that count.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ContainerStatus, Pod, PodSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kube::ResourceExt;

use super::World;
use crate::ready::{PodTrouble, Trouble};

/// The problems of a pod and its containers.
pub(crate) fn troubles(pod: &Pod, last_log_line: &BTreeMap<(String, String), String>) -> Vec<PodTrouble> {
    let name = pod.name_any();
    let status = pod.status.clone().unwrap_or_default();
    let unscheduled =
        status.conditions.into_iter().flatten().find(|c| c.type_ == "PodScheduled" && c.status == "False");
    let own = unscheduled.map(|condition| PodTrouble {
        pod: name.clone(),
        container: String::new(),
        trouble: Trouble::Unschedulable { message: condition.message.unwrap_or_default() },
    });
    let init = status.init_container_statuses.into_iter().flatten();
    let containers = init.chain(status.container_statuses.into_iter().flatten()).filter_map(|container| {
        let words = last_log_line.get(&(name.clone(), container.name.clone())).cloned();
        let trouble = trouble(&container, words)?;
        Some(PodTrouble { pod: name.clone(), container: container.name, trouble })
    });
    own.into_iter().chain(containers).collect()
}

fn trouble(container: &ContainerStatus, last_log_line: Option<String>) -> Option<Trouble> {
    let waiting = container.state.as_ref()?.waiting.as_ref()?;
    let image = container.image.clone();
    let message = waiting.message.clone().unwrap_or_default();
    match waiting.reason.as_deref()? {
        "ErrImageNeverPull" => Some(Trouble::NeverPulled { image }),
        "ErrImagePull" | "RegistryUnavailable" => Some(Trouble::NotPulled { image, message, given_up: false }),
        "ImagePullBackOff" | "InvalidImageName" => Some(Trouble::NotPulled { image, message, given_up: true }),
        "CreateContainerConfigError" => Some(Trouble::Unconfigured { message }),
        "CrashLoopBackOff" => Some(Trouble::Crashing { last_log_line, restarts: container.restart_count }),
        _ => None,
    }
}

/// The problems of a pod, without log lines.
pub(crate) fn troubles_of(pod: &Pod) -> Vec<PodTrouble> {
    troubles(pod, &BTreeMap::new())
}

/// Crash-looping containers whose last log line is not known: pod and container.
pub(crate) fn silent_crashes(world: &World) -> Vec<(String, String)> {
    silent(world.pods.iter().flatten(), &world.last_log_line)
}

/// The same of pods that were just listed.
pub(crate) fn silent_crashes_of(pods: &[Pod]) -> Vec<(String, String)> {
    silent(pods.iter(), &BTreeMap::new())
}

fn silent<'a>(
    pods: impl Iterator<Item = &'a Pod>,
    known: &BTreeMap<(String, String), String>,
) -> Vec<(String, String)> {
    let crashes = pods
        .flat_map(|pod| troubles(pod, known))
        .filter(|trouble| matches!(trouble.trouble, Trouble::Crashing { last_log_line: None, .. }));
    crashes.map(|trouble| (trouble.pod, trouble.container)).collect()
}

/// The pods of the newest revision that a selector selects: those of an older one are on their way out.
pub(crate) fn newest<'a>(world: &'a World, selector: &LabelSelector) -> Vec<&'a Pod> {
    newest_of(selected(world, selector))
}

/// The same of the pods that were made as `template` asks now. Right after a change the newest ones are those before
/// it.
pub(crate) fn newest_as<'a>(world: &'a World, selector: &LabelSelector, template: &PodSpec) -> Vec<&'a Pod> {
    newest_of(selected(world, selector).filter(|pod| is_as(pod, template)))
}

fn selected<'a>(world: &'a World, selector: &LabelSelector) -> impl Iterator<Item = &'a Pod> {
    let labels = selector.match_labels.clone().unwrap_or_default();
    world.pods.iter().flatten().filter(move |pod| {
        pod.metadata.deletion_timestamp.is_none()
            && labels.iter().all(|(key, value)| pod.labels().get(key).is_some_and(|has| has == value))
    })
}

fn newest_of<'a>(pods: impl Iterator<Item = &'a Pod>) -> Vec<&'a Pod> {
    let pods: Vec<&Pod> = pods.collect();
    let revision = |pod: &Pod| {
        let labels = pod.labels();
        labels.get("pod-template-hash").or_else(|| labels.get("controller-revision-hash")).cloned()
    };
    let newest = pods.iter().max_by_key(|pod| pod.creation_timestamp()).and_then(|pod| revision(pod));
    pods.into_iter().filter(|pod| revision(pod) == newest).collect()
}

/// `true` if a pod's containers have the images and pull policies of a template; it may have further containers.
fn is_as(pod: &Pod, template: &PodSpec) -> bool {
    let containers = pod.spec.as_ref().map(|spec| spec.containers.as_slice()).unwrap_or_default();
    let given = |wanted: &Option<String>, has: &Option<String>| wanted.is_none() || wanted == has;
    template.containers.iter().all(|wanted| {
        let same = containers.iter().find(|has| has.name == wanted.name);
        same.is_some_and(|has| {
            given(&wanted.image, &has.image) && given(&wanted.image_pull_policy, &has.image_pull_policy)
        })
    })
}
