//! Looking: all of it at the same time. What does not answer is missing from the evidence, and no error.

use std::collections::BTreeMap;

use diagnosis::Evidence;
use diagnosis::evidence::{Frr, Inside, inside, meant, own};
use frrconf::ask::Question;
use frrconf::vty::Daemon;
use futures::FutureExt;
use futures::future::join_all;
use netlab::{Docker, Engine, Limits, Observed, RunState};

use super::{cluster, host};
use crate::failure::Failure;
use crate::process::Cmd;
use crate::router::{Pods, Routers, read};
use crate::scene::Scene;
use crate::tapping;
use labfile::Family;

/// Everything that FRR is asked.
pub(super) const QUESTIONS: [Question; 10] = [
    Question::BgpNeighbors,
    Question::BgpTable(Family::Ipv4),
    Question::BgpTable(Family::Ipv6),
    Question::Running(Daemon::Bgpd),
    Question::BfdPeers,
    Question::BfdCounters,
    Question::Running(Daemon::Bfdd),
    Question::Running(Daemon::Zebra),
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
        // First, as they show what a look inside would take.
        let limits = limits(docker, &running).await;
        let seen = futures::join!(
            endings(docker, scene, &observed),
            insides(docker, running.iter().filter(|name| !limits.get(*name).is_some_and(is_slow))),
            routers(docker, scene, &observed),
            host::look(docker, scene, &observed),
        );
        Ok(Some((observed, limits, seen)))
    };
    let on_nodes = async {
        match pods {
            Some(pods) => speakers(pods).await,
            None => BTreeMap::new(),
        }
    };
    // The checks and the rules go by the same plan, which takes a request an object.
    let differences = scene.differences().shared();
    let (report, around, on_nodes, cluster) =
        futures::join!(scene.report_with(differences.clone()), around, on_nodes, cluster::look(scene, differences));
    let (docker, limits, (endings, inside, mut frr, host)) = match around? {
        Some((observed, limits, seen)) => (Some(observed), limits, seen),
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
        limits,
        host,
        inside,
        frr,
        meant: meant(&scene.topology),
        cluster,
        without_lab: None,
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

pub(super) async fn limits(docker: &Docker, names: &[String]) -> BTreeMap<String, Limits> {
    let one = async |name: &String| Some((name.clone(), docker.limits(name).await.ok()?));
    join_all(names.iter().map(one)).await.into_iter().flatten().collect()
}

/// Returns `true` if a command in a container would take many seconds: a look takes a tenth of a second of processor time.
pub(super) fn is_slow(limits: &Limits) -> bool {
    limits.cpu.is_some_and(|limit| limit.processors() < 0.05)
}

pub(super) async fn insides(docker: &Docker, names: impl Iterator<Item = &String>) -> BTreeMap<String, Inside> {
    let script = inside::script();
    let one = async |name: &String| {
        let output = docker.exec(name, &["sh", "-c", &script]).await.ok()?;
        let mut inside = inside::parse(&output.stdout);
        let lacks = inside::SPARE.into_iter().filter(|(section, _)| inside.lacks(section)).collect();
        for (section, printed) in from_outside(docker, name, lacks).await {
            inside.take(section, &printed);
        }
        Some((name.clone(), inside))
    };
    join_all(names.map(one)).await.into_iter().flatten().collect()
}

/// A section of the look inside, and the command that prints it.
type Spare = (&'static str, &'static [&'static str]);

/// Runs the machine's own programs in a container's network, for the sections that its image has no program for.
async fn from_outside(docker: &Docker, name: &str, lacks: Vec<Spare>) -> Vec<(&'static str, String)> {
    let Ok(network) = tapping::network_of(docker, name).await else { return Vec::new() };
    let read = |(section, command): Spare| {
        let (program, args) = command.split_first()?;
        Some((section, Cmd::new(*program).args(args.iter().copied()).read_blocking().ok()?))
    };
    network.run(move || lacks.into_iter().filter_map(read).collect()).await.unwrap_or_default()
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
