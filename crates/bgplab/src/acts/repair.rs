//! Bringing back what a restart of Docker, of a node or of the machine took away, without recreating what runs.

use std::time::Duration;

use netlab::{Docker, Engine, Observed, Plan, Reason, RunState, Step};
use serde::Serialize;
use settle::Wait;

use super::lab_up::bring_up;
use crate::bringup::converge::converge;
use crate::bringup::kind::{Kind, State};
use crate::bringup::repair::stuck::suspects;
use crate::bringup::running::Running;
use crate::bringup::stages::Stages;
use crate::bringup::{Change, Mode, nodes_there};
use crate::checks::{Check, Report};
use crate::context::Context;
use crate::failure::Failure;
use crate::scene::Scene;
use labfile::compose;
use labfile::{Lab, Provider};

/// Bound until everything works again once all runs: kubelets, pods, speakers, sessions.
const BOUND: Duration = Duration::from_secs(300);

/// The pause between looks at everything.
const EVERY: Duration = Duration::from_secs(1);

const ANEW: &str = "`⌘ lab-up` makes it anew";

/// A lab that was repaired, or would be.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Repaired {
    /// The lab.
    pub lab: String,
    /// `true` if nothing was changed, because it was only planned.
    pub dry_run: bool,
    /// The steps that were done, or would be.
    pub changes: Vec<Change>,
    /// `true` if every check passed; `None` where it was only planned.
    pub passed: Option<bool>,
    /// The checks; `None` where it was only planned.
    pub checks: Option<Vec<Check>>,
}

/// Repairs a lab, and returns when every check passes.
///
/// # Errors
/// A step failure where something that runs would have to be recreated, with nothing changed; a wait that ran out, with
/// what was done among its causes.
pub async fn repair(ctx: &Context) -> Result<Repaired, Failure> {
    let running = Running::find(ctx).await?;
    let (lab, docker) = (&running.lab.clone(), &running.docker()?.clone());
    ctx.lock(lab, Some(docker), "repair")?;
    if lab.cluster.provider == Provider::Kind {
        Kind { lab, docker, progress: &ctx.progress }.let_nodes_end().await;
    }
    nothing_made_anew(ctx, lab, docker).await?;
    let mut changes = bring_up(ctx, lab, docker, Mode::Apply, &Stages::default()).await?.changes;
    changes.extend(as_the_cluster_has_it(ctx, running, docker).await?);
    let (report, reset) = working(ctx, lab, docker).await.map_err(|failure| {
        changes.iter().fold(failure, |failure, done| failure.because(format!("done: {}", done.diff)))
    })?;
    changes.extend(reset);
    let (passed, checks) = (Some(report.passed()), Some(report.checks));
    Ok(Repaired { lab: lab.name.to_string(), dry_run: false, changes, passed, checks })
}

/// Returns the steps that [`repair`] would do.
///
/// # Errors
/// As [`repair`].
pub async fn plan_repair(ctx: &Context) -> Result<Repaired, Failure> {
    let running = Running::find(ctx).await?;
    let (lab, docker) = (&running.lab.clone(), &running.docker()?.clone());
    nothing_made_anew(ctx, lab, docker).await?;
    let mut changes = bring_up(ctx, lab, docker, Mode::DryRun, &Stages::default()).await?.changes;
    changes.extend(suspects(&Scene::set(ctx, running).await?.look()).await);
    Ok(Repaired { lab: lab.name.to_string(), dry_run: true, changes, passed: None, checks: None })
}

/// Gives the routers the configuration that the cluster's state needs: after `deploy-frr` it is another one than for MetalLB,
/// which only the API shows.
async fn as_the_cluster_has_it(ctx: &Context, running: Running, docker: &Docker) -> Result<Vec<Change>, Failure> {
    let scene = Scene::set(ctx, running).await?;
    let observed = netlab::observe(docker, &scene.topology).await?;
    converge(ctx, docker, &scene.topology, &observed, Mode::Apply).await
}

/// Refuses where something that runs would have to be removed, or nothing is there.
async fn nothing_made_anew(ctx: &Context, lab: &Lab, docker: &Docker) -> Result<(), Failure> {
    let (nodes, _) = nodes_there(lab, &docker.containers().await?);
    let nodes =
        if let Provider::Standalone { .. } = lab.cluster.provider { compose::known_nodes(lab).to_vec() } else { nodes };
    let topology = compose::docker_lab(lab, &nodes)?;
    let observed = netlab::observe(docker, &topology).await?;
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

/// Returns what a plan removes of what runs. A container that somebody took off its address gets it back only by being
/// made anew.
fn living_lost(plan: &Plan, observed: &Observed) -> Vec<String> {
    let runs = |step: &&Step| match step {
        Step::RemoveNetwork { .. } => true,
        Step::RemoveContainer { reason: Reason::OtherAddress(_), .. } => false,
        Step::RemoveContainer { name, .. } => observed
            .container(name.as_str())
            .is_some_and(|state| state.run.has_processes() || state.run == RunState::Exited),
        _ => false,
    };
    plan.steps().filter(runs).map(ToString::to_string).collect()
}

/// Waits until every check holds, and resets sessions that keep themselves down.
async fn working(ctx: &Context, lab: &Lab, docker: &Docker) -> Result<(Report, Vec<Change>), Failure> {
    let mut step = ctx.progress.step("every check");
    let running = Running { lab: lab.clone(), docker: Some(docker.clone()) };
    let wait = Wait::new("every check", BOUND).every(EVERY).steady();
    let whole = Scene::whole(ctx, &running, &wait, &mut step, |_| true).await;
    let whole = whole.map_err(|unsettled| Failure::from(unsettled).next("⌘ verify"))?;
    step.done("all passed");
    Ok(whole)
}
