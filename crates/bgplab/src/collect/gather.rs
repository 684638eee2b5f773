//! Gathering the archive's entries. Whatever cannot be had leaves its reason in its place.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::time::{Duration, SystemTime};

use frrconf::ask::Question;
use frrconf::views::Family;
use frrconf::vty::Daemon;
use futures::future::join_all;
use netlab::{Docker, Engine, Observed};

use super::Entry;
use crate::checks::Report;
use crate::context::Context;
use crate::diagnose::{inside_script, own};
use crate::failure::Failure;
use crate::process::Cmd;
use crate::router::Routers;
use crate::scene::Scene;
use labfile::{DOCUMENTED, Provider, compose};
use metallb::facts::DumpScope;
use metallb::spec::NAMESPACE;

/// The period of the engine's events.
const PAST: Duration = Duration::from_secs(3600);
/// The number of lines of each log, the last ones.
const LINES: usize = 1000;

/// Gathers every entry, and the checks.
pub(super) async fn entries(ctx: &Context, scene: &Scene) -> (Vec<Entry>, Result<Report, Failure>) {
    let (report, docker, machine, cluster) =
        futures::join!(scene.report(), of_docker(scene), of_machine(), of_cluster(scene));
    (of_lab(ctx, scene).into_iter().chain(docker).chain(machine).chain(cluster).collect(), report)
}

fn or_why<E: Display>(text: Result<String, E>) -> String {
    text.unwrap_or_else(|error| format!("not to be had: {error}\n"))
}

/// The lab file, and the files that are made of it.
fn of_lab(ctx: &Context, scene: &Scene) -> Vec<Entry> {
    let file = match &ctx.source.file {
        Some(path) => or_why(fs_err::read_to_string(path)),
        None => DOCUMENTED.to_owned(),
    };
    let mut all = vec![("lab.toml".to_owned(), file)];
    match compose::files(&scene.lab) {
        Ok(files) => all.extend(files.into_iter().map(|(path, text)| (format!("rendered/{path}"), text))),
        Err(error) => all.push(("rendered.txt".into(), format!("not to be had: {error}\n"))),
    }
    all
}

/// Names that the lab gives, without those that somebody else's containers and networks have.
struct Own {
    /// Each with `true` if FRR runs in it.
    containers: Vec<(String, bool)>,
    nodes: Vec<String>,
    networks: Vec<String>,
}

impl Own {
    fn of(scene: &Scene, observed: &Observed) -> Self {
        let is_free = |name: &str| observed.container(name).is_none() || own(&scene.lab, observed, name).is_some();
        let containers = scene.topology.containers().iter().map(|spec| (spec.name.to_string(), true));
        let guests = scene.topology.guests().iter().map(|spec| (spec.name.to_string(), false));
        // Of a node that was removed, the engine may still know how it went.
        let nodes = scene.lab.cluster.node_names().map(|(name, _)| name);
        let nodes = nodes.filter(|_| scene.lab.cluster.provider == Provider::Kind).filter(|name| is_free(name));
        let is_ours = |name: &str| {
            let foreign = observed.networks.iter().any(|network| network.name == name);
            !foreign || observed.network_of(scene.topology.name(), name).is_some()
        };
        Self {
            containers: containers.chain(guests).filter(|(name, _)| is_free(name)).collect(),
            nodes: nodes.collect(),
            networks: scene.topology.networks().iter().map(|n| n.name.to_string()).filter(|n| is_ours(n)).collect(),
        }
    }
}

async fn of_docker(scene: &Scene) -> Vec<Entry> {
    let Some(docker) = &scene.docker else { return Vec::new() };
    let observed = match netlab::observe(docker, &scene.topology).await {
        Ok(observed) => observed,
        Err(error) => return vec![("docker.txt".into(), format!("not to be had: {error}\n"))],
    };
    let own = Own::of(scene, &observed);
    let routers = Routers::new(docker);
    let (nodes, networks) = (texts(&own.nodes), texts(&own.networks));
    let (containers, networks, events) =
        futures::join!(
            join_all(own.containers.iter().map(|(name, frr)| container(docker, &routers, name, *frr))),
            join_all(own.networks.iter().map(async |name| {
                (format!("docker/network-{name}.json"), or_why(docker.network_json(name).await))
            })),
            docker.history(SystemTime::now() - PAST, scene.topology.name(), (&nodes, &networks)),
        );
    let mut all: Vec<Entry> = containers.concat();
    all.extend(networks);
    all.push(("docker/events.jsonl".into(), or_why(events.map(|lines| lines.join("\n")))));
    all.push(("docker/version.txt".into(), format!("{:#?}\n", observed.engine)));
    all.push(("plan.txt".into(), plan(scene, &observed)));
    all
}

fn texts(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

/// The plan of `lab-up` for networks, containers and routes.
fn plan(scene: &Scene, observed: &Observed) -> String {
    match netlab::plan(&scene.topology, observed) {
        Ok(plan) => {
            let lines: Vec<String> = plan.steps().map(|step| format!("{step}\n")).collect();
            if lines.is_empty() { "nothing to do\n".to_owned() } else { lines.concat() }
        }
        Err(refused) => format!("refused: {refused}\n"),
    }
}

const QUESTIONS: [(Question, &str); 9] = [
    (Question::Running(Daemon::Bgpd), "running-bgpd.conf"),
    (Question::Running(Daemon::Bfdd), "running-bfdd.conf"),
    (Question::BgpSummary, "bgp-summary.json"),
    (Question::BgpNeighbors, "bgp-neighbors.json"),
    (Question::BfdPeers, "bfd-peers.json"),
    (Question::BgpTable(Family::Ipv4), "bgp-ipv4.json"),
    (Question::BgpTable(Family::Ipv6), "bgp-ipv6.json"),
    (Question::Routes(Family::Ipv4), "ip-route.json"),
    (Question::Routes(Family::Ipv6), "ipv6-route.json"),
];

async fn container(docker: &Docker, routers: &Routers<'_>, name: &str, frr: bool) -> Vec<Entry> {
    let at = |file: &str| format!("containers/{name}/{file}");
    let script = inside_script();
    let argv = ["sh", "-c", script.as_str()];
    let answers = async {
        if !frr {
            return Vec::new();
        }
        let questions = QUESTIONS.map(|(question, _)| question);
        routers.ask_each(name, &questions).await.unwrap_or_else(|error| vec![Err(error)])
    };
    let (inspected, log, inside, answers) =
        futures::join!(docker.container_json(name), docker.logs(name, Some(LINES)), docker.exec(name, &argv), answers);
    let mut all = vec![
        (at("inspect.json"), or_why(inspected)),
        (at("log.txt"), or_why(log)),
        (at("inside.txt"), or_why(inside.map(|output| output.stdout.replace('\u{1e}', "\n=== ")))),
    ];
    all.extend(QUESTIONS.iter().zip(answers).map(|((_, file), answer)| (at(file), or_why(answer))));
    all
}

/// The machine's own words, as far as this user may read them.
async fn of_machine() -> Vec<Entry> {
    let commands: [(&str, &[&str]); 6] = [
        ("uname", &["-a"]),
        ("ip", &["address"]),
        ("ip", &["route"]),
        ("iptables-save", &[]),
        ("ip6tables-save", &[]),
        ("kind", &["version"]),
    ];
    let said = commands.map(async |(program, args)| {
        let name = format!("machine/{}.txt", [&[program], args].concat().join("-"));
        (name, or_why(Cmd::new(program).args(args.iter().copied()).read().await))
    });
    let mut all = join_all(said).await;
    let settings = [
        "net/ipv4/ip_forward",
        "net/bridge/bridge-nf-call-iptables",
        "fs/inotify/max_user_instances",
        "fs/inotify/max_user_watches",
    ];
    let line = |name: &str| format!("{name} {}", or_why(fs_err::read_to_string(format!("/proc/sys/{name}"))).trim());
    all.push(("machine/settings.txt".into(), settings.map(line).join("\n")));
    all
}

/// Objects and logs of the cluster; what holds secrets is not asked for.
async fn of_cluster(scene: &Scene) -> Vec<Entry> {
    let Some((cluster, seen)) = &scene.cluster else { return Vec::new() };
    let mut by_namespace: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for service in &scene.lab.services {
        by_namespace.entry(service.namespace.as_str()).or_default().push(service.name.as_str());
    }
    let apps =
        by_namespace.iter().map(|(namespace, names)| cluster.dump(DumpScope::Applications { namespace, names }, LINES));
    let (own, apps, speakers) = futures::join!(
        cluster.dump(DumpScope::Namespace(NAMESPACE), LINES),
        join_all(apps),
        join_all(seen.pods.nodes().map(async |node| {
            let questions = QUESTIONS.map(|(question, _)| question);
            let answers = seen.pods.ask_each(node, &questions).await.unwrap_or_else(|error| vec![Err(error)]);
            let named = QUESTIONS.iter().zip(answers);
            named
                .map(|((_, file), answer)| (format!("cluster/speaker-{node}/{file}"), or_why(answer)))
                .collect::<Vec<_>>()
        }))
    );
    own.into_iter()
        .chain(apps.into_iter().flatten())
        .map(|(path, text)| (format!("cluster/{path}"), text))
        .chain(speakers.concat())
        .collect()
}
