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
use crate::context::Context;
use crate::failure::Failure;
use crate::router::Routers;
use crate::scene::Scene;
use labfile::Provider;

/// How many routers have clients: each costs processor time, which what is measured needs.
const CLIENTS: usize = 2;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What is broken.
    pub scenario: Scenario,
    /// To whom; the usual one where nobody is named.
    pub target: Option<String>,
    /// Which daemon, where one is.
    pub daemon: Daemon,
    /// How often.
    pub runs: u32,
    /// Whether the same is done without BFD.
    pub without_bfd: bool,
}

impl Asked {
    /// Asks for one run of a scenario, on its usual target.
    #[must_use]
    pub const fn once(scenario: Scenario) -> Self {
        Self { scenario, target: None, daemon: Daemon::Bgpd, runs: 1, without_bfd: false }
    }
}

/// What all runs came to.
#[derive(Debug, Clone, Serialize)]
pub struct Findings {
    /// The lab.
    pub lab: String,
    /// What made it.
    pub provider: &'static str,
    /// What was broken.
    pub scenario: Scenario,
    /// What has to be known to read the figures.
    pub explained: String,
    /// How the others come to know.
    pub notice: Notice,
    /// What it was done to.
    pub target: Target,
    /// The clients, and which way their packets go.
    pub clients: Vec<Asking>,
    /// The runs with BFD as the lab has it, and those without it.
    pub series: Vec<Series>,
    /// Whether all was as predicted.
    pub passed: bool,
}

/// A client.
#[derive(Debug, Clone, Serialize)]
pub struct Asking {
    /// Which way its packets go before the first break.
    pub way: Way,
    /// What it asks.
    pub question: String,
    /// How often, in milliseconds: the error of what it sees.
    pub every_ms: u128,
    /// In how many runs the target was on the way.
    pub runs_through_target: usize,
    /// Whether it was in all of them.
    pub through_target: bool,
}

/// Runs of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct Series {
    /// Whether BFD was left on.
    pub bfd: bool,
    /// In figures.
    pub summary: Vec<Line>,
    /// One by one.
    pub runs: Vec<Run>,
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
pub async fn measure(ctx: &Context, asked: &Asked) -> Result<Findings, Failure> {
    let running = Running::find(ctx).await?;
    let docker = running.docker()?.clone();
    ctx.lock(&running.lab, Some(&docker), "failover")?;
    target::allowed(&running.lab, asked.scenario, asked.scenario.usual()).or_else(|failure| {
        // Another kind of target may do.
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
