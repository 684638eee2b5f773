//! A look at what keeps a spec: MetalLB's resources, the suite's routers, the nodes, all at the same time. What does not answer
//! is missing from what was seen, and no error.

use std::net::IpAddr;

use frrconf::ask::Question;
use frrconf::vty::Daemon;
use futures::future::join_all;
use labfile::{Family, Node};
use metallb::spec::NAMESPACE;
use metallb::{Cluster, NamespacedName};
use netlab::{ContainerState, Docker, Engine, RunState};

use super::explain::{NodeSeen, RouterSeen, Seen, reasons};
use super::leftovers::is_container;
use crate::router::{Pods, Routers, read};

/// Everything that FRR is asked.
const QUESTIONS: [Question; 4] = [
    Question::BgpNeighbors,
    Question::BgpTable(Family::Ipv4),
    Question::BgpTable(Family::Ipv6),
    Question::Running(Daemon::Bgpd),
];

/// Prints what a router lacks.
const INSIDE: &str = "command -v wget >/dev/null || echo wget
[ \"$(cat /proc/sys/net/ipv6/conf/all/forwarding)\" = 1 ] || echo forwarding";

/// The places that a look goes to.
#[derive(Debug)]
pub(super) struct Places<'a> {
    /// The engine.
    pub(super) docker: &'a Docker,
    /// The cluster.
    pub(super) cluster: &'a Cluster,
    /// The nodes.
    pub(super) nodes: &'a [Node],
    /// The backend that is installed.
    pub(super) backend: metallb::spec::Backend,
}

/// Looks, and returns the reasons that are seen.
pub(super) async fn look(places: &Places<'_>) -> Vec<String> {
    let mut seen = seen(places).await;
    let pings = seen.pings();
    let answers = join_all(pings.iter().map(|(node, address)| answers(places.docker, node, *address))).await;
    seen.unanswered = pings.into_iter().zip(answers).filter(|(_, answers)| !answers).map(|(ping, _)| ping).collect();
    reasons(&seen)
}

async fn seen(places: &Places<'_>) -> Seen {
    let Places { docker, cluster, .. } = places;
    let (facts, routers, nodes) = futures::join!(cluster.facts(NAMESPACE, &[]), routers(docker), nodes(places));
    let words = facts.services.iter().map(async |service| {
        if service.addresses.len() >= service.families.len() {
            return None;
        }
        let named = NamespacedName { namespace: &service.namespace, name: &service.name };
        cluster.allocation_failure(named).await.ok().flatten()
    });
    let words = join_all(words).await;
    let services = facts.services.into_iter().zip(words).collect();
    Seen { nodes, routers, peers: facts.peers, pools: facts.pools, services, unanswered: Vec::new() }
}

/// The suite's routers that run.
async fn routers(docker: &Docker) -> Vec<RouterSeen> {
    let containers = docker.containers().await.unwrap_or_default();
    let running = containers.into_iter().filter(|c| is_container(&c.name) && c.run == RunState::Running);
    let routers = Routers::new(docker);
    let router = async |container: ContainerState| {
        let name = container.name.as_str();
        let (answers, inside) =
            futures::join!(routers.ask_each(name, &QUESTIONS), docker.exec(name, &["sh", "-c", INSIDE]));
        // One that does not answer is not said to lack anything.
        let lacks = inside.map(|output| output.stdout).unwrap_or_default();
        let addresses = container.endpoints.values().flat_map(|endpoint| endpoint.addresses()).collect();
        let (has_wget, forwards_ipv6) = (!lacks.contains("wget"), !lacks.contains("forwarding"));
        RouterSeen { addresses, frr: read(&QUESTIONS, answers), has_wget, forwards_ipv6, name: container.name }
    };
    join_all(running.map(router)).await
}

/// The nodes.
async fn nodes(places: &Places<'_>) -> Vec<NodeSeen> {
    let pods = Pods::find(places.cluster, Some(places.backend)).await.ok();
    let pods = pods.map(|pods| pods.in_containers_of(places.docker));
    let node = async |node: &Node| {
        let frr = match pods.as_ref().filter(|pods| pods.on(&node.name).is_some()) {
            Some(pods) => Some(read(&QUESTIONS, pods.ask_each(&node.name, &QUESTIONS).await)),
            None => None,
        };
        NodeSeen { name: node.name.clone(), addresses: node.addresses.iter().collect(), frr }
    };
    join_all(places.nodes.iter().map(node)).await
}

/// Returns `true` if a node's ping is answered, or could not be sent.
async fn answers(docker: &Docker, node: &str, address: IpAddr) -> bool {
    let address = address.to_string();
    let sent = docker.exec(node, &["ping", "-c", "2", "-i", "0.3", "-W", "1", &address]).await;
    // 1: no answer; 2: no route, or a ping that does not know an option.
    sent.map_or(true, |output| output.code == 0 || output.code > 2)
}
