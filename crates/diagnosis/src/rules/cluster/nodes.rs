//! Nodes: in the API, ready, taking part in load balancing.

use ipnet::IpNet;
use metallb::ready::PodTrouble;
use metallb::{NodeView, PodView};

use crate::check::{Check, Topic};
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::Subject;
use labfile::compose::LeftOutBy;
use labfile::{Family, Provider};

pub(super) const RULES: &[Rule] = &[
    Rule::proof("node-missing", Layer::Nodes, missing),
    Rule::proof("node-not-ready", Layer::Nodes, not_ready),
    Rule::proof("node-excluded", Layer::Nodes, excluded),
    Rule::proof("excluded-announces", Layer::Nodes, announcing),
    Rule::proof("services-unserved", Layer::Nodes, unserved),
    Rule::inference("inotify-limits", Layer::Host, inotify),
];

const EXCLUDED: &str = "node.kubernetes.io/exclude-from-external-load-balancers";

/// The speaker of MetalLB 0.16 that reads a service before it knows its node's labels announces it, and does not look again
/// once it knows them: `nodeLabelsChanged` resyncs peers only (speaker/bgp_controller.go; seen with the backend frr).
fn announcing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let has = |node: &str, prefix: &IpNet| {
        let table = e.frr(node).and_then(|frr| frr.bgp.get(&Family::of(prefix.addr())));
        table.is_some_and(|table| table.paths(*prefix).iter().any(|path| path.from.is_none() && path.valid))
    };
    let found = |speaker: &PodView| {
        let node = speaker.node.as_str();
        let left_out = e
            .expected
            .announced
            .iter()
            .filter(|entry| entry.node == node && !entry.by && entry.left_out_by == LeftOutBy::LoadBalancing);
        let own: Vec<IpNet> = left_out.map(|entry| entry.prefix).filter(|prefix| has(node, prefix)).collect();
        let list = own.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let tables = e.expected.tables.iter().filter(|entry| own.contains(&entry.prefix));
        let breaks = tables.map(|entry| Break::Prefix(entry.router.to_string(), entry.prefix));
        let sessions = e.lab.peers.iter().map(|peer| Break::session(peer.router.as_str(), node));
        let announced = own.iter().map(|prefix| Break::Announced(node.to_owned(), *prefix));
        (!own.is_empty()).then(|| {
            let cause = format!("the speaker on {node} announces {list}, though the node's label leaves it out of load balancing");
            let remedy = format!(
                "kubectl -n metallb-system delete pod {}: a speaker that reads a service before its node's labels keeps on announcing it",
                speaker.name
            );
            let found = Found::new(cause, breaks.chain(sessions).chain(announced).collect::<Vec<_>>());
            found.seen(format!("show bgp on {node}: {list} of its own; kubectl get node {node} --show-labels: {EXCLUDED}")).remedy(remedy)
        })
    };
    let speakers = e.cluster.iter().flat_map(|cluster| &cluster.speakers);
    speakers.filter_map(found).collect()
}

const PROXY: &str = "kube-proxy";
/// The port at which it reports its health, once it has what it needs from the API (kube-proxy, `--healthz-bind-address`).
const PROXY_HEALTH: u16 = 10256;

fn broken(node: &str) -> [Break; 3] {
    [Break::Node(node.to_owned()), Break::Bgp(node.to_owned()), Break::Bfd(node.to_owned())]
}

fn missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = e.cluster.as_ref().filter(|_| e.lab.cluster.provider == Provider::Kind) else {
        return Vec::new();
    };
    let missing = |name: &String| e.is_running(name) && !cluster.nodes.iter().any(|node| node.name == *name);
    let found = |name: String| {
        Found::new(
            format!("node {name} is not in the cluster's API, though its container runs: somebody deleted the object"),
            broken(&name),
        )
        .seen(format!("kubectl get nodes: no {name}"))
        .remedy(format!("docker exec {name} systemctl restart kubelet: it registers again"))
    };
    e.lab.cluster.node_names().map(|(name, _)| name).filter(missing).map(found).collect()
}

fn not_ready(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |node: &NodeView| {
        let (name, why) = (&node.name, node.not_ready_because.as_deref().unwrap_or("no reason given"));
        Found::new(format!("node {name} is not Ready"), broken(name))
            .seen(format!("kubectl describe node {name}: {why}"))
            .remedy(format!("see its kubelet: docker exec {name} journalctl -u kubelet -n 50; docker exec {name} systemctl restart kubelet"))
    };
    e.cluster.iter().flat_map(|cluster| &cluster.nodes).filter(|node| !node.ready).map(found).collect()
}

/// A worker that is labelled as kubeadm labels control planes: its speaker announces nothing (MetalLB 0.14 and later).
fn excluded(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let worker = |name: &str| e.nodes.iter().any(|node| node.name == name && node.role.is_worker());
    // Of an existing cluster, nobody said which nodes should take part.
    let out = |node: &&NodeView| {
        node.excluded_from_load_balancers
            && !node.control_plane
            && worker(&node.name)
            && e.lab.cluster.provider == Provider::Kind
    };
    let found = |node: &NodeView| {
        let name = &node.name;
        let announced = super::prefixes(e, false).into_iter().map(|prefix| Break::Announced(name.clone(), prefix));
        let announced = announced.chain([Break::Check(Topic::Metallb, Subject::Node(name.clone()))]);
        Found::new(
            format!(
                "node {name} is excluded from load balancing by its label: it announces nothing, and is no next hop"
            ),
            announced,
        )
        .seen(format!("kubectl get node {name} --show-labels: {EXCLUDED}"))
        .remedy(format!("kubectl label node {name} {EXCLUDED}-"))
    };
    e.cluster.iter().flat_map(|cluster| &cluster.nodes).filter(out).map(found).collect()
}

/// kube-proxy makes a node lead packets for services to their endpoints. Without it, whoever is on the node has no way to
/// the API's own service: a speaker that starts there ends at once.
fn unserved(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = super::with_metallb(e).filter(|_| e.lab.cluster.provider == Provider::Kind) else {
        return Vec::new();
    };
    let found = |node: &NodeView| {
        let name = &node.name;
        let inside = e.inside.get(name).filter(|inside| !inside.programs.is_empty())?;
        let serves = || inside.tcp.iter().any(|tcp| tcp.is_listening() && tcp.local.port() == PROXY_HEALTH);
        let (why, seen) = match inside.programs.get(PROXY) {
            None => ("does not run", format!("pgrep {PROXY}: no process")),
            Some(true) => ("is stopped by a signal", format!("ps -C {PROXY} -o stat: T")),
            Some(false) if serves() => return None,
            Some(false) => (
                "has not got through to the API since it started",
                format!("ss -ltn: nobody listens on port {PROXY_HEALTH}"),
            ),
        };
        // Node ports are services, too.
        let here = |subject: &&Subject| matches!(subject, Subject::NodePort { node, .. } if node == name);
        let ports = e.failed.iter().map(|check| &check.subject).filter(here);
        let ports = ports.map(|port| Break::Check(Topic::NodePort, port.clone()));
        let breaks = super::speaker(name).into_iter().chain([Break::Metallb]).chain(ports);
        let found = Found::new(format!("services do not work on node {name}: {PROXY} {why}"), breaks)
            .seen(format!("docker exec {name} {seen}"))
            .remedy(format!(
                "docker exec {name} systemctl restart kubelet; kubectl -n kube-system delete pod -l k8s-app={PROXY} \
                 --field-selector spec.nodeName={name} --grace-period=1"
            ));
        Some(found)
    };
    cluster.nodes.iter().filter_map(found).collect()
}

/// Several kind nodes need more inotify instances and watches than many machines allow. Many a cluster lives with fewer:
/// they are a cause only where somebody complains.
fn inotify(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let complains = |words: &str| words.contains("too many open files") || words.contains("inotify");
    let crashed = |trouble: &PodTrouble| complains(&trouble.to_string());
    let suffers = e.cluster.iter().any(|cluster| {
        let nodes = cluster.nodes.iter().filter_map(|node| node.not_ready_because.as_deref());
        cluster.facts.troubles.iter().any(crashed) || nodes.into_iter().any(complains)
    });
    // Without an API, what its nodes wrote last has to do.
    let unreached = e.cluster.is_none() && e.endings.values().any(|(_, words)| complains(words));
    if open.is_empty() || !(suffers || unreached) {
        return Vec::new();
    }
    let found = |(name, is, should): &(&'static str, u64, u64)| {
        let nodes = e.lab.cluster.node_names().map(|(name, _)| Break::Node(name));
        Found::new(
            format!("this machine allows too little of {name} for several kind nodes: {is}"),
            nodes.chain([Break::Metallb]),
        )
        .seen(format!("sysctl {name} = {is}; kind asks for {should}"))
        .remedy(format!("sysctl -w {name}={should} (⌘ doctor --fix)"))
    };
    e.host.low_limits.iter().map(found).collect()
}
