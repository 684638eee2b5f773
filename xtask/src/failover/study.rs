//! All runs of one command, from the lab as it is found to the findings.

use frrconf::vty::Daemon;
use netlab::Docker;
use serde::Serialize;

use super::breakage::actions;
use super::marks;
use super::observer::observers;
use super::outcome::Run;
use super::repeat::{runs, runs_without_bfd};
use super::run::Study;
use super::scenario::{Kind, Notice, Scenario};
use super::summary::{self, Line};
use super::target::{self, Target, Way};
use super::watch::client::Question;
use super::watch::recorder::Recorder;
use crate::bringup::running::{Running, name_of, word};
use crate::checks::Scene;
use crate::ctx::Ctx;
use crate::exit::Failure;
use crate::lab::Provider;
use crate::router::Routers;

/// How many routers have clients: each costs processor time, which what is measured needs.
const CLIENTS: usize = 2;

/// What is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// What is broken.
    pub(crate) scenario: Scenario,
    /// To whom; the usual one where nobody is named.
    pub(crate) target: Option<String>,
    /// Which daemon, where one is.
    pub(crate) daemon: Daemon,
    /// How often.
    pub(crate) runs: u32,
    /// Whether the same is done without BFD.
    pub(crate) without_bfd: bool,
}

/// What all runs came to.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Findings {
    /// The lab.
    pub(crate) lab: String,
    /// What made it.
    pub(crate) provider: &'static str,
    /// What was broken.
    pub(crate) scenario: Scenario,
    /// What has to be known to read the figures.
    pub(crate) explained: String,
    /// How the others come to know.
    pub(crate) notice: Notice,
    /// What it was done to.
    pub(crate) target: Target,
    /// The clients, and which way their packets go.
    pub(crate) clients: Vec<Asking>,
    /// The runs with BFD as the lab has it, and those without it.
    pub(crate) series: Vec<Series>,
    /// Whether all was as predicted.
    pub(crate) passed: bool,
}

/// A client.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Asking {
    /// Which way its packets go before the first break.
    pub(crate) way: Way,
    /// What it asks.
    pub(crate) question: String,
    /// How often, in milliseconds: the error of what it sees.
    pub(crate) every_ms: u128,
    /// In how many runs the target was on the way.
    pub(crate) runs_through_target: usize,
    /// Whether it was in all of them.
    pub(crate) through_target: bool,
}

/// Runs of one kind.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Series {
    /// Whether BFD was left on.
    pub(crate) bfd: bool,
    /// In figures.
    pub(crate) summary: Vec<Line>,
    /// One by one.
    pub(crate) runs: Vec<Run>,
}

impl Series {
    fn of(bfd: bool, runs: Vec<Run>) -> Self {
        Self { bfd, summary: summary::lines(&runs), runs }
    }
}

/// Measures.
///
/// # Errors
/// A lab that is not whole, wrong use, or what could not be broken, watched or put back.
pub(crate) async fn measure(ctx: &Ctx, asked: &Asked) -> Result<Findings, Failure> {
    let running = Running::find(ctx).await?;
    let docker = running.docker()?.clone();
    ctx.lock(&running.lab, Some(&docker), "failover")?;
    target::allowed(&running.lab, asked.scenario, asked.scenario.usual()).or_else(|failure| {
        // Another kind of target may do.
        if asked.target.is_some() { Ok(()) } else { Err(failure) }
    })?;
    super::mend(ctx, &running.lab, &docker).await?;
    let scene = Scene::set(ctx, running).await?;
    let report = scene.report().await?;
    if !report.passed() {
        return Err(Failure::step("the lab is not whole; nothing was broken")
            .because(report.missing())
            .next("cargo xtask verify; cargo xtask lab-up"));
    }
    let ways = ways(&scene, &docker).await?;
    let only: Vec<Way> = ways.iter().map(|(way, _)| way.clone()).collect();
    let target = match &asked.target {
        Some(name) => target::named(&scene, asked.scenario, name)?,
        None => target::usual(&scene, asked.scenario, &only)?,
    };
    // What cannot be done is refused before anything is touched.
    actions(&scene, asked.scenario, &target, asked.daemon)?;
    let questions = questions(ways, asked.scenario, &target);
    let observers = observers(&scene, asked.scenario, &target);
    let routers = Routers::new(&docker);
    let study = Study {
        ctx,
        scene: &scene,
        docker: &docker,
        routers: &routers,
        scenario: asked.scenario,
        target: &target,
        daemon: asked.daemon,
        bfd: true,
        observers: &observers,
        questions: &questions,
    };
    let mut touched: Vec<String> = observers.iter().map(|observer| observer.place.clone()).collect();
    touched.extend(is_container(&scene, &target).then(|| target.name.clone()).filter(|name| !touched.contains(name)));
    let marks = marks::put(&docker, &ctx.restores, &touched).await?;
    let mut recorder = Recorder::start(&routers, &docker, &ctx.restores, &observers).await?;
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
        let through = all_runs().filter(|run| run.passes(&way.from, way.to, &target.name)).count();
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

/// Whether the target is a container of this engine: an existing cluster's nodes are not.
fn is_container(scene: &Scene, target: &Target) -> bool {
    target.kind == Kind::Router || !matches!(scene.lab.cluster.provider, Provider::Existing { .. })
}

/// The way from each router that has to reach an advertised address, and what a client there asks.
async fn ways(scene: &Scene, docker: &Docker) -> Result<Vec<(Way, Question)>, Failure> {
    let port = scene.cluster.as_ref().and_then(|(_, seen)| seen.port(&scene.lab));
    let mut ways = Vec::new();
    for ping in &scene.expected.reach {
        let question = match port {
            Some(port) => Question::Connect((ping.address, port).into()),
            None => Question::Echo(ping.address),
        };
        ways.push((target::way(scene, docker, &ping.from, question).await?, question));
    }
    Ok(ways)
}

/// The clients: the farthest routers first, and none in what is broken as a whole.
fn questions(mut ways: Vec<(Way, Question)>, scenario: Scenario, target: &Target) -> Vec<(Way, Question)> {
    ways.retain(|(way, _)| way.from != target.name || scenario == Scenario::Daemon);
    ways.sort_by_key(|(way, _)| std::cmp::Reverse((way.from == target.name, way.through.len())));
    let mut from: Vec<String> = ways.iter().map(|(way, _)| way.from.clone()).collect();
    from.dedup();
    from.truncate(CLIENTS);
    ways.retain(|(way, _)| from.contains(&way.from));
    ways
}
