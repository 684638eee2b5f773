//! Pods that do not come up, by what keeps them.

use metallb::ready::{PodTrouble, Trouble};

use super::differs::is_changed;
use super::{Served, component, is_pod_of, served, speaker, with_metallb};
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::Component;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("image-never-pulled", Layer::Metallb, |e, _| {
        of(e, |trouble| matches!(trouble, Trouble::NeverPulled { .. }))
    }),
    Rule::proof("image-missing", Layer::Metallb, |e, _| of(e, |trouble| matches!(trouble, Trouble::NotPulled { .. }))),
    Rule::proof("pod-unconfigured", Layer::Metallb, |e, _| {
        of(e, |trouble| matches!(trouble, Trouble::Unconfigured { .. }))
    }),
    Rule::proof("unknown-flag", Layer::Metallb, |e, _| crashing(e, true)),
    Rule::proof("pod-crashing", Layer::Metallb, |e, _| crashing(e, false)),
    Rule::proof("pod-unschedulable", Layer::Metallb, |e, _| {
        of(e, |trouble| matches!(trouble, Trouble::Unschedulable { .. }))
    }),
];

fn crashing(e: &Evidence, by_flag: bool) -> Vec<Found> {
    let troubles = e.cluster.iter().flat_map(|cluster| &cluster.facts.troubles);
    // A crash that waiting does not help is one of a flag; only MetalLB's flags are its versions' matter.
    let flag = |trouble: &PodTrouble| trouble.is_final() && application(e, &trouble.pod).is_none();
    let crash = |trouble: &&PodTrouble| matches!(trouble.trouble, Trouble::Crashing { .. }) && flag(trouble) == by_flag;
    once(troubles.filter(crash).filter(|trouble| !follows(e, trouble)).map(|trouble| found(e, trouble)))
}

/// Returns the service whose application a pod is.
fn application<'a>(e: &'a Evidence, pod: &str) -> Option<Served<'a>> {
    served(e, with_metallb(e)?).find(|served| is_pod_of(pod, served.service.name.as_str()))
}

/// Returns `true` for a pod of a deployment that somebody changed: it does what that says.
fn follows(e: &Evidence, trouble: &PodTrouble) -> bool {
    let changed = |served: Served<'_>| is_changed(e, "Deployment", served.service.name.as_str(), "spec.template");
    application(e, &trouble.pod).is_some_and(changed)
}

fn of(e: &Evidence, kind: fn(&Trouble) -> bool) -> Vec<Found> {
    let troubles = e.cluster.iter().flat_map(|cluster| &cluster.facts.troubles);
    once(troubles.filter(|trouble| kind(&trouble.trouble)).map(|trouble| found(e, trouble)))
}

/// Each cause once, whatever how many pods have it.
fn once(found: impl Iterator<Item = Found>) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for next in found {
        match all.iter_mut().find(|known| known.remedy == next.remedy && known.breaks == next.breaks) {
            Some(known) => known.evidence.extend(next.evidence),
            None => all.push(next),
        }
    }
    all
}

fn found(e: &Evidence, trouble: &PodTrouble) -> Found {
    let pod = &trouble.pod;
    let mine = application(e, pod);
    let on = with_metallb(e).and_then(|cluster| cluster.speakers.iter().find(|speaker| speaker.name == *pod));
    let breaks: Vec<Break> = match (&mine, on) {
        (Some(served), _) => served.answers().collect(),
        (None, Some(pod)) => speaker(&pod.node).into_iter().chain([component(Component::Speakers)]).collect(),
        (None, None) => super::answers(e).chain([Break::Metallb]).collect(),
    };
    let remedy = match &trouble.trouble {
        Trouble::NeverPulled { .. } => "⌘ deploy-metallb loads the image, and sets imagePullPolicy to IfNotPresent".to_owned(),
        Trouble::NotPulled { image, .. } => format!("bring {image} to this machine (⌘ images list, images load FILE), then ⌘ deploy-metallb"),
        Trouble::Unconfigured { .. } => "wait for the operator, which makes it; else ⌘ deploy-metallb".to_owned(),
        Trouble::Crashing { .. } if trouble.is_final() && mine.is_none() => "pin operator and MetalLB to one release: [metallb] version, and the checkout or manifest that belongs to it".to_owned(),
        Trouble::Crashing { .. } => format!("kubectl -n {} logs {pod} -c {} --previous", mine.as_ref().map_or("metallb-system", |served| served.service.namespace.as_str()), trouble.container),
        Trouble::Unschedulable { .. } => "see the nodes' taints and what the pod asks for: kubectl describe nodes".to_owned(),
    };
    let warned = with_metallb(e).into_iter().flat_map(|cluster| &cluster.facts.warned);
    let warned = warned.filter(|warned| warned.kind == "Pod" && warned.name == *pod);
    let cause = match &trouble.trouble {
        Trouble::Crashing { last_log_line: Some(line), .. } if mine.is_some() => {
            format!("pod {pod}, container {} crashes; its last log line: {line}", trouble.container)
        }
        _ => trouble.to_string(),
    };
    Found::new(cause, breaks)
        .seen(format!("kubectl get pod {pod}: not ready"))
        .also(warned.map(|warned| format!("kubectl get events: {}", warned.words)))
        .remedy(remedy)
}
