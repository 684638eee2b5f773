//! All runs of one command, from the lab as it is found to the findings.

use frrconf::vty::Daemon;
use netlab::Docker;
use serde::Serialize;

use super::breakage::actions;
use super::marks;
use super::outcome::Run;
use super::redeploy;
use super::repeat::{runs, runs_without_bfd};
use super::run::Study;
use super::scenario::{Kind, Notice, Scenario};
use super::summary::{self, Line};
use super::target::{self, Target, Way};
use super::vantage::vantage_points;
use super::watch::client::Question;
use super::watch::recorder::Recorder;
use crate::bringup::running::{Running, name_of, word};
use crate::context::Context;
use crate::failure::Failure;
use crate::router::Routers;
use crate::scene::Scene;
use labfile::Provider;

/// The number of routers with clients: each client costs processor time, which the measured daemons need.
const CLIENTS: usize = 2;

/// The request: a scenario, a target and a number of runs.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The scenario.
    pub scenario: Scenario,
    /// The target's name; `None` for the usual target.
    pub target: Option<String>,
    /// The daemon to kill, for the scenario that kills one.
    pub daemon: Daemon,
    /// The number of runs.
    pub runs: u32,
    /// `true` to repeat the runs without BFD.
    pub without_bfd: bool,
}

impl Asked {
    /// Asks for one run of a scenario, on its usual target.
    #[must_use]
    pub const fn once(scenario: Scenario) -> Self {
        Self { scenario, target: None, daemon: Daemon::Bgpd, runs: 1, without_bfd: false }
    }
}

/// The findings of all runs.
#[derive(Debug, Clone, Serialize)]
pub struct Findings {
    /// The lab's name.
    pub lab: String,
    /// The name of the cluster's provider.
    pub provider: &'static str,
    /// The scenario.
    pub scenario: Scenario,
    /// The explanation that the figures need.
    pub explained: String,
    /// The way in which the others notice the failure.
    pub notice: Notice,
    /// The target.
    pub target: Target,
    /// The clients, with the ways of their packets.
    pub clients: Vec<Asking>,
    /// The runs with BFD as the lab has it, and those without it.
    pub series: Vec<Series>,
    /// `true` if all runs were as predicted.
    pub passed: bool,
}

/// A client.
#[derive(Debug, Clone, Serialize)]
pub struct Asking {
    /// The way that the packets take before the first break.
    pub way: Way,
    /// The question, in words.
    pub question: String,
    /// The interval of the questions, in milliseconds: the error of what the client sees.
    pub every_ms: u128,
    /// The number of runs in which the target was on the way.
    pub runs_through_target: usize,
    /// `true` if it was in all of them.
    pub through_target: bool,
}

/// Runs of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct Series {
    /// `true` if BFD was left on.
    pub bfd: bool,
    /// The figures of all runs together.
    pub summary: Vec<Line>,
    /// The single runs.
    pub runs: Vec<Run>,
}

impl Series {
    fn of(bfd: bool, runs: Vec<Run>) -> Self {
        Self { bfd, summary: summary::lines(&runs), runs }
    }
}

/// Runs a study, and returns its findings.
///
/// # Errors
/// If the lab is not whole, the use is wrong, or something could not be broken, watched or restored.
pub async fn measure(ctx: &Context, asked: &Asked) -> Result<Findings, Failure> {
    if asked.scenario == Scenario::Upgrade && (asked.runs > 1 || asked.without_bfd) {
        return Err(Failure::wrong_use("an upgrade is measured once")
            .because("the lab keeps the new MetalLB: there is nothing to upgrade a second time")
            .next("leave out --runs and --compare"));
    }
    let running = Running::find(ctx).await?;
    let docker = running.docker()?.clone();
    ctx.lock(&running.lab, Some(&docker), "failover")?;
    target::allowed(&running.lab, asked.scenario, asked.scenario.usual()).or_else(|failure| {
        // A target of another kind may be allowed.
        if asked.target.is_some() { Ok(()) } else { Err(failure) }
    })?;
    super::restore_leftovers(ctx, &running.lab, &docker).await?;
    let scene = Scene::set(ctx, running).await?;
    let report = scene.report().await?;
    if !report.passed() {
        return Err(Failure::step("the lab is not whole; nothing was broken")
            .because(report.missing())
            .next("⌘ verify; ⌘ lab-up"));
    }
    let ways = ways(&scene, &docker).await?;
    let only: Vec<Way> = ways.iter().map(|(way, _)| way.clone()).collect();
    let target = match &asked.target {
        Some(name) => target::named(&scene, asked.scenario, name)?,
        None => target::usual(&scene, asked.scenario, &only)?,
    };
    // An impossible request is refused before anything is touched.
    let redeploy = redeploy::of(ctx, &scene, asked.scenario)?;
    actions(&scene, asked.scenario, &target, asked.daemon, redeploy.as_ref())?;
    let questions = questions(ways, asked.scenario, &target);
    let vantage_points = vantage_points(&scene, asked.scenario, &target);
    let routers = Routers::new(&docker);
    let study = Study {
        ctx,
        scene: &scene,
        docker: &docker,
        routers: &routers,
        scenario: asked.scenario,
        target: &target,
        daemon: asked.daemon,
        redeploy: redeploy.as_ref(),
        bfd: true,
        vantage_points: &vantage_points,
        questions: &questions,
    };
    let mut touched: Vec<String> = vantage_points.iter().map(|vantage| vantage.place.clone()).collect();
    touched.extend(is_container(&scene, &target).then(|| target.name.clone()).filter(|name| !touched.contains(name)));
    let marks = marks::put(&docker, &ctx.restores, &touched).await?;
    let mut recorder = Recorder::start(&routers, &docker, &ctx.restores, &vantage_points).await?;
    let mut series = vec![Series::of(true, runs(&study, asked.runs, &mut recorder).await?)];
    if asked.without_bfd {
        series.push(Series::of(
            false,
            runs_without_bfd(&Study { bfd: false, ..study }, asked.runs, &mut recorder).await?,
        ));
    }
    recorder.stop().await?;
    marks.now().await?;
    let all_runs = || series.iter().flat_map(|series| &series.runs);
    let passed = all_runs().all(|run| !run.fails());
    let asking = |(way, question): &(Way, Question)| {
        let through = all_runs().filter(|run| run.passes(&way.from, way.to, &target)).count();
        Asking {
            runs_through_target: through,
            through_target: through == all_runs().count(),
            way: way.clone(),
            question: question.words(),
            every_ms: question.every().as_millis(),
        }
    };
    let provider = name_of(&scene.lab.cluster.provider);
    let mut explained = asked.scenario.explained(provider).to_owned();
    if target.only_endpoint {
        explained
            .push_str(" The service answers from this node alone: until it is back, no route restores the data path.");
    }
    Ok(Findings {
        lab: scene.lab.name.to_string(),
        provider: word(provider),
        scenario: asked.scenario,
        explained,
        notice: study.notice(),
        clients: questions.iter().map(asking).collect(),
        target: target.clone(),
        series,
        passed,
    })
}

fn has_metallb(scene: &Scene) -> bool {
    scene.cluster.as_ref().is_some_and(|(_, seen)| seen.installed.is_some())
}

/// `true` if the target is a container of this engine; an existing cluster's nodes are not.
fn is_container(scene: &Scene, target: &Target) -> bool {
    match target.kind {
        Kind::Router => true,
        Kind::Node => !matches!(scene.lab.cluster.provider, Provider::Existing { .. }),
        Kind::Speakers => false,
    }
}

/// Finds the way from each router to an advertised address that it has to reach, and the question that a client there
/// asks.
async fn ways(scene: &Scene, docker: &Docker) -> Result<Vec<(Way, Question)>, Failure> {
    let mut ways = Vec::new();
    for ping in &scene.expected.reach {
        // A service shares its address with none of the same port: each is asked for itself.
        let question = match scene.cluster.as_ref().map(|(_, seen)| seen.tcp_port(&scene.lab, &ping.to)) {
            Some(Some(port)) => Question::Connect((ping.address, port).into()),
            // Nobody answers pings there, and datagrams have no beginning by which an answer is known.
            Some(None) if has_metallb(scene) => continue,
            _ => Question::Echo(ping.address),
        };
        ways.push((target::way(scene, docker, &ping.from, question).await?, question));
    }
    Ok(ways)
}

/// Selects the questions: those of the target first, then of the farthest routers; none of a target that is broken as a
/// whole.
fn questions(mut ways: Vec<(Way, Question)>, scenario: Scenario, target: &Target) -> Vec<(Way, Question)> {
    ways.retain(|(way, _)| !target.is(&way.from) || scenario == Scenario::Daemon);
    ways.sort_by_key(|(way, _)| std::cmp::Reverse((target.is(&way.from), way.through.len())));
    let mut from: Vec<String> = ways.iter().map(|(way, _)| way.from.clone()).collect();
    from.dedup();
    from.truncate(CLIENTS);
    ways.retain(|(way, _)| from.contains(&way.from));
    ways
}
