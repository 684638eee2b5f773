//! Looking: all of it at the same time. What does not answer is missing from the evidence, and no error.

use std::collections::BTreeMap;

use diagnosis::Evidence;
use diagnosis::evidence::{Frr, Inside, inside, meant, own};
use frrconf::ask::Question;
use frrconf::vty::Daemon;
use futures::future::join_all;
use netlab::{Docker, Engine, Observed, RunState};

use super::{cluster, host};
use crate::failure::Failure;
use crate::process::Cmd;
use crate::router::{Pods, Routers, read};
use crate::scene::Scene;
use crate::tapping;
use labfile::Family;

/// Everything that FRR is asked.
const QUESTIONS: [Question; 8] = [
    Question::BgpNeighbors,
    Question::BgpTable(Family::Ipv4),
    Question::BgpTable(Family::Ipv6),
    Question::Running(Daemon::Bgpd),
    Question::BfdPeers,
    Question::Running(Daemon::Bfdd),
    Question::Routes(Family::Ipv4),
    Question::Routes(Family::Ipv6),
];

/// Looks at everything.
///
/// # Errors
/// If the engine cannot be asked at all.
pub async fn gather(scene: &Scene) -> Result<Evidence, Failure> {
    let pods = scene.cluster.as_ref().map(|(_, seen)| &seen.pods);
    let around = async {
        let Some(docker) = &scene.docker else { return Ok::<_, Failure>(None) };
        let observed = netlab::observe(docker, &scene.topology).await?;
        let running = running(scene, &observed);
        let (endings, inside, frr, host) = futures::join!(
            endings(docker, scene, &observed),
            insides(docker, &running),
            routers(docker, scene, &observed),
            host::look(docker, scene, &observed),
        );
        Ok(Some((observed, endings, inside, frr, host)))
    };
    let on_nodes = async {
        match pods {
            Some(pods) => speakers(pods).await,
            None => BTreeMap::new(),
        }
    };
    let (report, around, on_nodes, cluster) = futures::join!(scene.report(), around, on_nodes, cluster::look(scene));
    let (docker, endings, inside, mut frr, host) = match around? {
        Some((observed, endings, inside, frr, host)) => (Some(observed), endings, inside, frr, host),
        None => Default::default(),
    };
    frr.extend(on_nodes);
    Ok(Evidence {
        lab: scene.lab.clone(),
        topology: scene.topology.clone(),
        expected: scene.expected.clone(),
        nodes: scene.nodes.clone(),
        failed: report?.failed().cloned().collect(),
        docker,
        endings,
        host,
        inside,
        frr,
        meant: meant(&scene.topology),
        cluster,
    })
}

/// Names of the lab's containers and nodes that run.
fn running(scene: &Scene, observed: &Observed) -> Vec<String> {
    let containers = scene.topology.containers().iter().map(|spec| spec.name.to_string());
    let all = containers.chain(scene.topology.guests().iter().map(|spec| spec.name.to_string()));
    all.filter(|name| is_running(scene, observed, name)).collect()
}

fn is_running(scene: &Scene, observed: &Observed, name: &str) -> bool {
    own(&scene.lab, observed, name).is_some_and(|state| state.run == RunState::Running)
}

/// Returns the endings of the containers that do not run, with the end of their logs.
async fn endings(docker: &Docker, scene: &Scene, observed: &Observed) -> BTreeMap<String, (netlab::Ending, String)> {
    let names = scene.topology.containers().iter().map(|spec| spec.name.as_str());
    let all = names.chain(scene.topology.guests().iter().map(|spec| spec.name.as_str()));
    let ended = |name: &&str| own(&scene.lab, observed, name).is_some_and(|state| state.run != RunState::Running);
    let one = async |name: &str| {
        let (ending, words) = futures::join!(docker.ending(name), docker.log_tail(name));
        Some((name.to_owned(), (ending.ok()?, words.unwrap_or_default())))
    };
    join_all(all.filter(ended).map(one)).await.into_iter().flatten().collect()
}

async fn insides(docker: &Docker, names: &[String]) -> BTreeMap<String, Inside> {
    let script = inside::script();
    let one = async |name: &String| {
        let output = docker.exec(name, &["sh", "-c", &script]).await.ok()?;
        let mut inside = inside::parse(&output.stdout);
        if inside.filters.is_empty() {
            let [four, six] = filters_from_outside(docker, name).await;
            inside.add_filters(&four, Family::Ipv4);
            inside.add_filters(&six, Family::Ipv6);
        }
        Some((name.clone(), inside))
    };
    join_all(names.iter().map(one)).await.into_iter().flatten().collect()
}

/// Reads a container's packet filters by the machine's own programs, IPv4 first: images of FRR have none.
async fn filters_from_outside(docker: &Docker, name: &str) -> [String; 2] {
    let Ok(network) = tapping::network_of(docker, name).await else { return Default::default() };
    let read =
        || ["iptables-save", "ip6tables-save"].map(|program| Cmd::new(program).read_blocking().unwrap_or_default());
    network.run(read).await.unwrap_or_default()
}

/// Asks FRR in the lab's containers.
async fn routers(docker: &Docker, scene: &Scene, observed: &Observed) -> BTreeMap<String, Frr> {
    let routers = Routers::new(docker);
    let names = scene.topology.containers().iter().map(|spec| spec.name.as_str());
    let running = |name: &&str| is_running(scene, observed, name);
    let one = async |name: &str| (name.to_owned(), read(&QUESTIONS, routers.ask_each(name, &QUESTIONS).await));
    join_all(names.filter(running).map(one)).await.into_iter().collect()
}

/// Asks FRR on a cluster's nodes.
async fn speakers(pods: &Pods) -> BTreeMap<String, Frr> {
    let one = async |node: &str| {
        let answers = pods.ask_each(node, &QUESTIONS).await.ok()?;
        Some((node.to_owned(), read(&QUESTIONS, Ok(answers))))
    };
    join_all(pods.nodes().map(one)).await.into_iter().flatten().collect()
}
