//! Pods that do not come up, by what keeps them.

use metallb::ready::{PodTrouble, Trouble};

use super::{component, is_pod_of, speaker, with_metallb};
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
    // A crash that waiting does not help is one of a flag.
    let crash =
        |trouble: &&PodTrouble| matches!(trouble.trouble, Trouble::Crashing { .. }) && trouble.is_final() == by_flag;
    once(troubles.filter(crash).map(|trouble| found(e, trouble)))
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
    let app = e.lab.workload.name.as_str();
    let mine = is_pod_of(pod, app);
    let on = with_metallb(e).and_then(|cluster| cluster.speakers.iter().find(|speaker| speaker.name == *pod));
    let breaks: Vec<Break> = match (mine, on) {
        (true, _) => super::answers(e).collect(),
        (false, Some(pod)) => speaker(&pod.node).into_iter().chain([component(Component::Speakers)]).collect(),
        (false, None) => super::answers(e).chain([Break::Metallb]).collect(),
    };
    let remedy = match &trouble.trouble {
        Trouble::NeverPulled { .. } => "⌘ deploy-metallb loads the image, and sets imagePullPolicy to IfNotPresent".to_owned(),
        Trouble::NotPulled { image, .. } => format!("bring {image} to this machine (⌘ images list, images load FILE), then ⌘ deploy-metallb"),
        Trouble::Unconfigured { .. } => "wait for the operator, which makes it; else ⌘ deploy-metallb".to_owned(),
        Trouble::Crashing { .. } if trouble.is_final() => "pin operator and MetalLB to one release: [metallb] version, and the checkout or manifest that belongs to it".to_owned(),
        Trouble::Crashing { .. } => format!("kubectl -n {} logs {pod} -c {} --previous", if mine { e.lab.workload.namespace.as_str() } else { "metallb-system" }, trouble.container),
        Trouble::Unschedulable { .. } => "see the nodes' taints and what the pod asks for: kubectl describe nodes".to_owned(),
    };
    Found::new(trouble.to_string(), breaks).seen(format!("kubectl get pod {pod}: not ready")).remedy(remedy)
}
