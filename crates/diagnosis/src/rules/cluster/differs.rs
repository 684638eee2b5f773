//! MetalLB's resources and the application beside what the lab says, field by field: what differs, what is missing, what
//! the lab no longer has.

use metallb::ObjectRef;
use metallb::plan::{Change, FieldChange, Phase, Plan, Step};
use serde_json::Value;

use super::{DEPLOY, Served, answers, component, parts, prefixes, resources, served, service, with_metallb};
use crate::check::{Check, Topic};
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::{Component, Subject};
use labfile::Peer;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("resource-differs", Layer::Resources, differing),
    Rule::proof("resources-missing", Layer::Resources, missing),
    Rule::proof("resource-left", Layer::Resources, left),
    Rule::inference("resources-unread", Layer::Resources, unread),
];

/// The longest value that is shown whole.
const SHOWN: usize = 160;

/// A rule's look.
type Look = fn(&Evidence, &[Check]) -> Vec<Found>;

/// Fields, by the beginning of their path, that a rule of their own names and explains, where it finds something.
const NAMED: [(&str, &str, Look); 9] = [
    ("BGPPeer", "spec.dualStackAddressFamily", resources::dual_stack),
    ("BGPPeer", "spec.bfdProfile", resources::profile),
    ("MetalLB", "spec.bgpBackend", parts::backend),
    ("Service", "spec.ipFamil", service::single_stack),
    ("Service", "spec.clusterIP", service::single_stack),
    ("Service", "spec.loadBalancerClass", service::class),
    ("Service", "spec.externalTrafficPolicy", service::local),
    ("Service", "spec.healthCheckNodePort", service::local),
    ("Deployment", "spec.replicas", service::endpoints),
];

/// The plan that makes the resources what the lab says.
pub(super) fn plan(e: &Evidence) -> Option<&Plan> {
    with_metallb(e)?.differences.as_ref().ok()
}

fn steps(e: &Evidence) -> impl Iterator<Item = &Step> {
    plan(e).into_iter().flat_map(|plan| &plan.steps)
}

/// The changes of an object's fields that somebody made; what the API derived from them follows.
fn made(changes: &[FieldChange]) -> Vec<&FieldChange> {
    let is_derived = |change: &&FieldChange| change.from.is_some() && change.set_by.is_none();
    let made: Vec<&FieldChange> = changes.iter().filter(|change| !is_derived(change)).collect();
    if made.is_empty() { changes.iter().collect() } else { made }
}

/// Returns what differs in a field, and who made it so, in a line of evidence for the rule that names the field.
pub(super) fn who(e: &Evidence, kind: &str, name: &str, path: &str) -> Option<String> {
    let of = steps(e).filter(|step| step.object.kind == kind && step.object.name == name);
    let mut changes = of.filter_map(|step| match &step.change {
        Change::Update(changes) => Some((&step.object, changes.iter().find(|change| change.path == path)?)),
        _ => None,
    });
    let (object, change) = changes.find(|(_, change)| change.set_by.is_some())?;
    Some(format!("{}: {}", show(object), words(change)))
}

/// A value as JSON, not too long.
fn value(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(&text)),
        None => text,
    }
}

fn words(change: &FieldChange) -> String {
    let path = &change.path;
    let differs = match (&change.from, &change.to) {
        (Some(from), Some(to)) => format!("{path} is {}, and the lab says {}", value(from), value(to)),
        (Some(from), None) => format!("{path} is {}, and should be absent", value(from)),
        (None, Some(to)) => format!("{path} is not set, and the lab says {}", value(to)),
        (None, None) => format!("{path} differs"),
    };
    change.setter().map_or_else(|| differs.clone(), |setter| format!("{differs}; {setter}"))
}

/// The command that shows an object with the managers of its fields.
fn show(object: &ObjectRef) -> String {
    let at = object.namespace.as_ref().map_or_else(String::new, |namespace| format!("-n {namespace} "));
    format!("kubectl {at}get {} {} -o yaml --show-managed-fields", object.kind.to_lowercase(), object.name)
}

fn differing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |step: &Step| {
        let Change::Update(changes) = &step.change else { return None };
        let object = &step.object;
        let is_named = |change: &&&FieldChange| {
            let of = |(kind, path, _): &&(&str, &str, Look)| *kind == object.kind && change.path.starts_with(path);
            let named = |(.., look): &(&str, &str, Look)| look(e, &[]).iter().any(|f| f.cause.contains(&object.name));
            NAMED.iter().filter(of).any(named)
        };
        let changes: Vec<&FieldChange> = made(changes);
        let lines: Vec<String> =
            changes.iter().filter(|change| !is_named(change)).map(|change| words(change)).collect();
        let (first, rest) = lines.split_first()?;
        let more = match rest.len() {
            0 => String::new(),
            1 => " (and another field)".to_owned(),
            n => format!(" (and {n} more fields)"),
        };
        let found = Found::new(format!("{object} is not as the lab says: {first}{more}"), breaks(e, object));
        let seen = lines.iter().map(|line| format!("{}: {line}", show(object)));
        Some(seen.fold(found, Found::seen).remedy(format!("{DEPLOY} puts it back")))
    };
    steps(e).filter_map(found).collect()
}

/// Returns `true` if an object of the lab's is there with other fields below a path: what follows from them is named with
/// it.
pub(super) fn is_changed(e: &Evidence, kind: &str, name: &str, path: &str) -> bool {
    steps(e).filter(|step| step.object.kind == kind && step.object.name == name).any(|step| match &step.change {
        Change::Update(changes) => changes.iter().any(|change| change.path.starts_with(path)),
        _ => false,
    })
}

/// Missing objects of MetalLB's configuration.
pub(super) fn absent(e: &Evidence) -> Vec<&ObjectRef> {
    let is_missing = |step: &&Step| step.phase == Phase::Configuration && step.change == Change::Create;
    steps(e).filter(is_missing).map(|step| &step.object).collect()
}

/// Returns `true` if missing objects are named together, and not one by one.
pub(super) fn are_named_together(e: &Evidence) -> bool {
    let one_by_one = ["IPAddressPool", "BGPAdvertisement", "BGPPeer"];
    match absent(e).as_slice() {
        [] => false,
        [one] => !one_by_one.contains(&one.kind.as_str()),
        _ => true,
    }
}

fn missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    if !are_named_together(e) {
        return Vec::new();
    }
    // Those that a foreign object keeps from being made are named with it.
    let collides =
        |object: &ObjectRef| plan(e).is_some_and(|plan| plan.collisions.iter().any(|c| c.with.kind == object.kind));
    let absent: Vec<&ObjectRef> = absent(e).into_iter().filter(|object| !collides(object)).collect();
    let names = list(&absent);
    let cause = match absent.as_slice() {
        [] => return Vec::new(),
        [_] => format!("{names} is not there"),
        all => format!("{} of MetalLB's resources are not there: {names}", all.len()),
    };
    let breaks: Vec<Break> = absent.iter().flat_map(|object| breaks(e, object)).collect();
    let kinds: Vec<String> = absent.iter().map(|object| format!("{}s", object.kind.to_lowercase())).collect();
    let kinds = kinds.chunk_by(|a, b| a == b).filter_map(|same| same.first().cloned()).collect::<Vec<_>>().join(",");
    let seen = super::kubectl(&format!(
        "get {kinds}: no {}",
        absent.iter().map(|o| o.name.as_str()).collect::<Vec<_>>().join(", ")
    ));
    vec![Found::new(cause, breaks).seen(seen).remedy(DEPLOY)]
}

/// Objects by kind and name, in one line.
pub(super) fn list(objects: &[&ObjectRef]) -> String {
    let names: Vec<String> = objects.iter().map(|object| format!("{} {}", object.kind, object.name)).collect();
    names.join(", ")
}

/// Objects with the lab's label that its file no longer has.
fn left(e: &Evidence, _: &[Check]) -> Vec<Found> {
    // An object that has to be made anew is deleted first, and stays in the plan.
    let again = |step: &Step| steps(e).any(|other| other.object == step.object && other.change != Change::Delete);
    let left = steps(e).filter(|step| step.change == Change::Delete && !again(step));
    let found = |step: &Step| {
        let object = &step.object;
        Found::new(
            format!("{object} carries the lab's label, and the lab file has none of that name"),
            [of_resources()],
        )
        .seen(show(object))
        .remedy(format!("{DEPLOY} removes it"))
    };
    left.map(found).collect()
}

/// A plan that is refused, as for an object of somebody else that has the name of one of ours.
fn unread(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let Some(Err(why)) = with_metallb(e).map(|cluster| &cluster.differences) else { return Vec::new() };
    let subject = Subject::Component(Component::Resources);
    if !open.iter().any(|check| check.is(Topic::Metallb, &subject)) {
        return Vec::new();
    }
    let found = Found::new(format!("the lab's resources cannot be put into the cluster: {why}"), [of_resources()]);
    vec![found.remedy(format!("{DEPLOY} --dry-run says the same, and the rest"))]
}

/// The check of all differences.
pub(super) fn of_resources() -> Break {
    component(Component::Resources)
}

/// Returns everything that an object breaks which is not as it should be.
pub(super) fn breaks(e: &Evidence, object: &ObjectRef) -> Vec<Break> {
    let of_peers = |takes: &dyn Fn(&Peer) -> bool, make: fn(&str, &str) -> Break| {
        let peers = e.lab.peers.iter().filter(|peer| takes(peer));
        peers.flat_map(|peer| e.nodes.iter().map(|node| make(peer.router.as_str(), &node.name))).collect::<Vec<_>>()
    };
    let name = object.name.as_str();
    let announced = || {
        let of = |node: &labfile::Node| {
            let node = node.name.clone();
            prefixes(e, false).into_iter().map(move |prefix| Break::Announced(node.clone(), prefix))
        };
        e.nodes.iter().flat_map(of).collect::<Vec<_>>()
    };
    let is_it = |served: &Served<'_>| {
        served.service.name.as_str() == name && Some(served.service.namespace.as_str()) == object.namespace.as_deref()
    };
    let own: Vec<Served<'_>> = e.cluster.iter().flat_map(|cluster| served(e, cluster)).filter(is_it).collect();
    let uses = |peer: &Peer| peer.session.bfd.as_ref().is_some_and(|bfd| bfd.profile().name.as_str() == name);
    let mut all = match object.kind.as_str() {
        "BGPPeer" | "Secret" => of_peers(&|peer| peer.name.as_str() == name, Break::session),
        "BFDProfile" => of_peers(&uses, Break::bfd_session),
        "BGPAdvertisement" => announced(),
        "IPAddressPool" => answers(e).collect(),
        "Deployment" => own.iter().flat_map(Served::answers).collect(),
        "Service" => own.iter().flat_map(|served| served.answers().chain(served.announcements(e))).collect(),
        "MetalLB" => vec![Break::Metallb],
        _ => Vec::new(),
    };
    // A router that has no session learns nothing.
    if object.kind == "BGPPeer" {
        let routers = e.lab.peers.iter().filter(|peer| peer.name.as_str() == name).map(|peer| peer.router.as_str());
        all.extend(
            routers.flat_map(|router| prefixes(e, false).into_iter().map(|p| Break::Prefix(router.to_owned(), p))),
        );
    }
    all.push(of_resources());
    all
}

#[cfg(test)]
mod tests;
