//! `repair`: brings back what a restart of Docker, of a node or of the machine took away, without making anew what lives.

use std::time::Duration;

use netlab::{Docker, Engine, Observed, Plan, Reason, RunState, Step};
use serde_json::json;
use settle::{Verdict, Wait};

use crate::cli::RepairArgs;
use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::bringup::converge::converge;
use bgplab::bringup::kind::{Kind, State};
use bgplab::bringup::mend::stuck::{Freer, suspects};
use bgplab::bringup::running::Running;
use bgplab::bringup::{self, Change, Mode, nodes_there};
use bgplab::checks::{self, Report, Scene};
use labfile::compose;
use labfile::{Lab, Provider};

/// How long everything may take to work again once all runs: kubelets, pods, speakers, sessions.
const BOUND: Duration = Duration::from_secs(300);

/// How often is looked at everything.
const EVERY: Duration = Duration::from_secs(1);

const ANEW: &str = "`⌘ lab-up` makes it anew";

/// Finds what is amiss, says it, and mends it.
pub(crate) async fn run(ctx: &Ctx, args: &RepairArgs) -> Result<Answer, Failure> {
    let running = Running::find(ctx).await?;
    let (lab, docker) = (&running.lab.clone(), &running.docker()?.clone());
    let mode = if args.dry_run { Mode::DryRun } else { Mode::Apply };
    if mode == Mode::Apply {
        ctx.lock(lab, Some(docker), "repair")?;
    }
    if mode == Mode::Apply && lab.cluster.provider == Provider::Kind {
        Kind { lab, docker, progress: &ctx.progress }.let_nodes_end().await;
    }
    nothing_made_anew(ctx, lab, docker).await?;
    let brought = bringup::lab_up(ctx, lab, docker, mode).await?;
    let mut changes = brought.changes;
    let report = match mode {
        Mode::DryRun => {
            let scene = Scene::set(ctx, running).await?;
            changes.extend(suspects(&scene.look()).await);
            None
        }
        Mode::Apply => {
            changes.extend(as_the_cluster_has_it(ctx, running, docker).await?);
            let (report, freed) = working(ctx, lab, docker).await.map_err(|failure| {
                changes.iter().fold(failure, |failure, done| failure.because(format!("done: {}", done.diff)))
            })?;
            changes.extend(freed);
            Some(report)
        }
    };
    let document = json!({
        "lab": lab.name.as_str(),
        "dry_run": args.dry_run,
        "changes": changes,
        "passed": report.as_ref().map(Report::passed),
        "checks": report.as_ref().map(|report| &report.checks),
    });
    Answer::new(text(ctx, lab, &changes, report.as_ref()), &document)
}

/// What `deploy-frr` brought onto the nodes needs routers of another configuration than MetalLB does: only the API tells.
async fn as_the_cluster_has_it(ctx: &Ctx, running: Running, docker: &Docker) -> Result<Vec<Change>, Failure> {
    let scene = Scene::set(ctx, running).await?;
    let observed = netlab::observe(docker, &scene.topology, &[]).await?;
    Ok(converge(ctx, docker, &scene.topology, &observed, Mode::Apply).await?.changes)
}

/// Refuses where something that lives would have to go, or nothing is there.
async fn nothing_made_anew(ctx: &Ctx, lab: &Lab, docker: &Docker) -> Result<(), Failure> {
    let (nodes, _) = nodes_there(lab, &docker.containers().await?);
    let nodes =
        if let Provider::Standalone { .. } = lab.cluster.provider { compose::known_nodes(lab).to_vec() } else { nodes };
    let topology = compose::docker_lab(lab, &nodes)?;
    let observed = netlab::observe(docker, &topology, &[]).await?;
    let ours = |label: &Option<String>| label.as_deref() == Some(lab.name.as_str());
    if !observed.networks.iter().any(|network| ours(&network.lab)) && !observed.containers.iter().any(|c| ours(&c.lab))
    {
        return Err(Failure::step(format!("nothing of lab {} is there", lab.name)).next("⌘ lab-up"));
    }
    if lab.cluster.provider == Provider::Kind {
        let kind = Kind { lab, docker, progress: &ctx.progress };
        let why = match kind.state(&observed).await? {
            State::Unfit(why) => Some(why),
            State::Absent => Some("none of its nodes is there".to_owned()),
            State::Stopped | State::Running => None,
        };
        if let Some(why) = why {
            let cluster = &lab.cluster.name;
            return Err(Failure::step(format!("kind cluster {cluster} cannot be repaired")).because(why).next(ANEW));
        }
    }
    let lost = living_lost(&netlab::plan(&topology, &observed)?, &observed);
    if lost.is_empty() {
        return Ok(());
    }
    let failure = Failure::step("the lab file has changed since the lab was made: nothing was repaired");
    Err(lost
        .into_iter()
        .fold(failure, Failure::because)
        .next("`⌘ lab-up --dry-run` says what `lab-up` would make anew"))
}

/// What a plan removes of what lives. What somebody took off its address gets it back only by being made anew.
fn living_lost(plan: &Plan, observed: &Observed) -> Vec<String> {
    let lives = |step: &&Step| match step {
        Step::RemoveNetwork { .. } => true,
        Step::RemoveContainer { reason: Reason::OtherAddress(_), .. } => false,
        Step::RemoveContainer { name, .. } => {
            observed.container(name.as_str()).is_some_and(|state| state.run.lives() || state.run == RunState::Exited)
        }
        _ => false,
    };
    plan.steps().filter(lives).map(ToString::to_string).collect()
}

/// Waits until every check holds, and frees sessions that hold themselves up.
async fn working(ctx: &Ctx, lab: &Lab, docker: &Docker) -> Result<(Report, Vec<Change>), Failure> {
    let mut step = ctx.progress.step("every check");
    let mut freer = Freer::default();
    // Sessions are freed by how many looks saw them stuck.
    let wait = Wait::new("every check", BOUND).every(EVERY).steady();
    let report = wait.poll(async || {
        // What cannot be asked yet, as an API server that is just starting, may answer soon.
        match look(ctx, lab, docker, &mut freer).await {
            Ok(report) => {
                step.note(report.missing());
                checks::verdict::<Failure>(report)
            }
            Err(failure) => Verdict::NotYet(failure.message().to_owned()),
        }
    });
    let report = report.await.map_err(|unsettled| Failure::from(unsettled).next("⌘ verify"))?;
    step.done("all passed");
    Ok((report, freer.changes()))
}

async fn look(ctx: &Ctx, lab: &Lab, docker: &Docker, freer: &mut Freer) -> Result<Report, Failure> {
    let scene = Scene::set(ctx, Running { lab: lab.clone(), docker: Some(docker.clone()) }).await?;
    freer.sample(&ctx.progress, &scene.look()).await;
    scene.report().await
}

fn text(ctx: &Ctx, lab: &Lab, changes: &[Change], report: Option<&Report>) -> String {
    let mut text: String = changes.iter().map(|change| format!("{}\n", change.diff)).collect();
    let Some(report) = report else {
        return if text.is_empty() { "nothing to repair".to_owned() } else { text };
    };
    let seconds = ctx.progress.elapsed().as_secs_f64();
    let did = match changes.len() {
        0 => "nothing was amiss".to_owned(),
        1 => "1 thing mended".to_owned(),
        n => format!("{n} things mended"),
    };
    text.push_str(&report.summary());
    text.push_str(&format!("lab {} works: {did}, {seconds:.1} s\n", lab.name));
    text
}
