//! MetalLB's parts: namespace, operator, resource, deployments, speakers, webhooks.

use metallb::facts::{NamespaceState, WebhookView, Workload};
use metallb::spec::Backend;

use super::{DEPLOY, component, kubectl, speaker, with_metallb};
use crate::check::Check;
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::Component;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("namespace-stuck", Layer::Metallb, namespace),
    Rule::proof("operator-missing", Layer::Metallb, operator),
    Rule::proof("metallb-resource-missing", Layer::Metallb, resource),
    Rule::proof("deployment-missing", Layer::Metallb, deployment_missing),
    Rule::proof("scaled-to-nothing", Layer::Metallb, scaled),
    Rule::proof("backend-differs", Layer::Metallb, backend),
    Rule::proof("speaker-missing", Layer::Metallb, speaker_missing),
    Rule::proof("webhook-native", Layer::Metallb, webhook_native),
    Rule::proof("webhook-down", Layer::Metallb, webhook_down),
    Rule::proof("image-floating", Layer::Difference, floating),
];

/// The operator's deployment that serves the webhooks of MetalLB's resources.
const WEBHOOK_SERVER: &str = "metallb-operator-webhook-server";

fn namespace(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(NamespaceState::Terminating(why)) = e.cluster.as_ref().map(|c| &c.facts.namespace) else {
        return Vec::new();
    };
    let hooks = if why.contains("webhook") {
        ": its resources can only be deleted through a webhook that went with it"
    } else {
        ""
    };
    vec![
        Found::new(format!("namespace metallb-system is being deleted and stuck{hooks}"), [Break::Metallb])
            .seen(format!("kubectl get namespace metallb-system: Terminating: {why}"))
            .remedy("⌘ undeploy-metallb ends that"),
    ]
}

fn operator(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = e.cluster.as_ref() else { return Vec::new() };
    if cluster.installed.operator || cluster.facts.resources.is_empty() {
        return Vec::new();
    }
    let names: Vec<&str> = cluster.facts.resources.iter().map(|(name, _)| name.as_str()).collect();
    vec![
        Found::new("MetalLB's operator is not there: nobody acts on the MetalLB resource", [Break::Metallb])
            .seen(kubectl("get deployment: no metallb-operator-controller-manager"))
            .seen(kubectl(&format!("get metallb: {}", names.join(", "))))
            .remedy(DEPLOY),
    ]
}

fn resource(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = e.cluster.as_ref().filter(|cluster| cluster.installed.operator) else { return Vec::new() };
    let names: Vec<&str> = cluster.facts.resources.iter().map(|(name, _)| name.as_str()).collect();
    let cause = match names.as_slice() {
        [] => "there is no MetalLB resource, so the operator deploys nothing".to_owned(),
        names if names.contains(&"metallb") => return Vec::new(),
        names => format!(
            "the MetalLB resource is named {}, and the operator takes one by the name metallb only",
            names.join(", ")
        ),
    };
    vec![
        Found::new(cause, [Break::Metallb])
            .seen(kubectl(&format!(
                "get metallb: {}",
                if names.is_empty() { "none".to_owned() } else { names.join(", ") }
            )))
            .remedy(DEPLOY),
    ]
}

fn deployment_missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    // Without operator or resource, that is the cause.
    let explained = !operator(e, &[]).is_empty() || !resource(e, &[]).is_empty();
    let mut all = Vec::new();
    if cluster.facts.deployment("controller").is_none() && !explained {
        all.push(
            Found::new(
                "MetalLB's controller is not there: no service gets an address",
                super::answers(e).chain([Break::Metallb]),
            )
            .seen(kubectl("get deployment: no controller"))
            .remedy(DEPLOY),
        );
    }
    if cluster.facts.daemon_set("speaker").is_none() && !explained {
        let nodes = e.nodes.iter().flat_map(|node| speaker(&node.name));
        all.push(
            Found::new("MetalLB's speakers are not there: nothing is announced", nodes.chain([Break::Metallb]))
                .seen(kubectl("get daemonset: no speaker"))
                .remedy(DEPLOY),
        );
    }
    all
}

fn scaled(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    let found = |deployment: &Workload| {
        let name = &deployment.name;
        let breaks = super::answers(e).chain([Break::Metallb]);
        Found::new(format!("deployment {name} is scaled to 0"), breaks)
            .seen(kubectl(&format!("get deployment {name}: replicas 0")))
            .remedy(kubectl(&format!("scale deployment {name} --replicas=1")))
    };
    cluster.facts.deployments.iter().filter(|deployment| deployment.wanted == 0).map(found).collect()
}

pub(super) fn backend(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    let Some(runs) = cluster.installed.backend else { return Vec::new() };
    let differs = cluster
        .facts
        .resources
        .iter()
        .filter_map(|(name, asks)| asks.filter(|asks| *asks != runs).map(|asks| (name, asks)));
    let found = |(name, asks): (&String, Backend)| {
        Found::new(
            format!("the MetalLB resource asks for backend {asks}, and the speakers run {runs}"),
            [Break::Metallb],
        )
        .seen(kubectl(&format!("get metallb {name}: bgpBackend {asks}")))
        .remedy("see the operator's log: kubectl -n metallb-system logs deployment/metallb-operator-controller-manager")
    };
    differs.map(found).collect()
}

fn speaker_missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    let Some(set) = cluster.facts.daemon_set("speaker") else { return Vec::new() };
    // Without a lab file, those that the DaemonSet leaves out are nobody's fault.
    let should = |node: &&metallb::NodeView| e.without_lab.is_none() || e.nodes.iter().any(|own| own.name == node.name);
    let has = |node: &&metallb::NodeView| cluster.speakers.iter().any(|pod| pod.node == node.name);
    let without = cluster.nodes.iter().filter(should).filter(|node| !has(node));
    let found = |node: &metallb::NodeView| {
        let why = match set
            .node_selector
            .iter()
            .filter(|label| *label != "kubernetes.io/os=linux")
            .collect::<Vec<_>>()
            .as_slice()
        {
            [] => "its taints keep it away, or it is just being made".to_owned(),
            labels => format!(
                "the DaemonSet wants nodes with {}",
                labels.iter().map(|label| label.as_str()).collect::<Vec<_>>().join(", ")
            ),
        };
        Found::new(format!("node {} has no speaker: {why}", node.name), speaker(&node.name))
            .seen(kubectl(&format!(
                "get pods -o wide: no speaker on {}; the DaemonSet has {} of {}",
                node.name, set.ready, set.wanted
            )))
            .remedy("see nodeSelector and speakerTolerations of the MetalLB resource; ⌘ deploy-metallb")
    };
    without.map(found).collect()
}

/// The server of the webhooks validates by its own variable, whatever the backend is.
fn webhook_native(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    if cluster.installed.backend.is_none_or(|backend| backend == Backend::Native) {
        return Vec::new();
    }
    let webhooks = &cluster.facts.webhooks;
    let of =
        |name: &str, service: &str| service.strip_prefix(name).is_some_and(|rest| ["", "-service"].contains(&rest));
    // The operator's server of the webhooks is not named after their service.
    let serves = |name: &str| {
        name == WEBHOOK_SERVER && !webhooks.is_empty() || webhooks.iter().any(|hook| of(name, &hook.service))
    };
    let found = |deployment: &Workload| {
        let name = &deployment.name;
        Found::new(
            format!("the webhooks of {name} validate for the native backend: they refuse IPv6 pools, BFD profiles and BGP timers"),
            [component(Component::Resources)],
        )
        .seen(kubectl(&format!("get deployment {name}: METALLB_BGP_TYPE is native")))
        .remedy(kubectl(&format!("set env deployment/{name} METALLB_BGP_TYPE={} (or {DEPLOY})", cluster.installed.backend.map_or("frr", |b| b.as_str()))))
    };
    let native = |deployment: &&Workload| deployment.bgp_type.as_deref() == Some("native") && serves(&deployment.name);
    cluster.facts.deployments.iter().filter(native).map(found).collect()
}

fn webhook_down(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    // A deployment without pods is named as such.
    let explained =
        cluster.facts.deployments.iter().any(|deployment| deployment.wanted == 0) || !cluster.facts.troubles.is_empty();
    let found = |hook: &WebhookView| {
        let WebhookView { configuration, service, .. } = hook;
        Found::new(
            format!("webhook {configuration} has nobody to answer: every change of MetalLB's resources is refused"),
            [component(Component::Resources)],
        )
        .seen(kubectl(&format!("get endpointslices: no ready endpoint of service {service}")))
        .remedy(kubectl("get pods: see why the pods behind it are not ready"))
    };
    // Nodes that do not run are named as such, and what runs on them has nobody to answer either.
    let lies = |hook: &WebhookView| !hook.nodes.is_empty() && hook.nodes.iter().all(|node| !e.node_runs(node));
    cluster.facts.webhooks.iter().filter(|hook| !hook.answers && !explained && !lies(hook)).map(found).collect()
}

/// An image whose content changes under its name: tomorrow's run is another one.
fn floating(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    let all = cluster.facts.deployments.iter().chain(&cluster.facts.daemon_sets);
    let images = all.flat_map(|workload| workload.images.iter().map(move |image| (&workload.name, image)));
    let floats = |image: &str| image.ends_with(":main") || image.ends_with(":latest");
    let found = |(name, image): (&String, &String)| {
        Found::new(format!("{name} runs image {image}, whose content changes under its name"), [])
            .seen(kubectl(&format!("get pods: image {image}")))
            .remedy("pin a release in the manifest")
    };
    images.filter(|(_, image)| floats(image)).map(found).collect()
}
