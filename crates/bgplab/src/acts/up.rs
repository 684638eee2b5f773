//! Bringing everything up, from nothing to a lab whose address answers.

use netlab::Docker;
use serde::Serialize;

use super::lab_up::bring_up;
use super::{Planned, engine, locked};
use crate::bringup::stages::Stages;
use crate::bringup::{Change, Mode, existing, running::Running};
use crate::checks::{Check, Report};
use crate::context::Context;
use crate::deploy::{Deploy, Deployed, built};
use crate::failure::Failure;
use crate::progress::Times;
use crate::scene::Scene;
use labfile::{Lab, Provider};

/// A lab that is up, with MetalLB.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Up {
    /// The lab.
    pub lab: String,
    /// `true` if nothing had to be done.
    pub unchanged: bool,
    /// The steps that were done for the lab.
    pub changes: Vec<Change>,
    /// The steps that were done for MetalLB.
    pub deployed: Deployed,
    /// `true` if every check passed.
    pub passed: bool,
    /// The checks.
    pub checks: Vec<Check>,
    /// The run's times.
    #[serde(flatten)]
    pub times: Times,
}

/// Brings everything up, at the same time wherever one thing does not need the other.
///
/// # Errors
/// [`Failure`]; what was done stays, and the next run goes on from there.
pub async fn up(ctx: &Context) -> Result<Up, Failure> {
    bring_all(ctx, false).await
}

/// Does the same, and replaces the pods that run an image of which the engine has another by now: one that was built anew
/// under the same name.
///
/// # Errors
/// As [`up`].
pub async fn up_and_reload(ctx: &Context) -> Result<Up, Failure> {
    bring_all(ctx, true).await
}

async fn bring_all(ctx: &Context, reload: bool) -> Result<Up, Failure> {
    let (lab, docker) = locked(ctx, "up").await?;
    if reload || lab.metallb.images.is_some() {
        built::fits(&lab)?;
    }
    let (changes, deployed, report) = match (&lab.cluster.provider, &docker) {
        (Provider::Kind, Some(docker)) => with_kind(ctx, &lab, docker, reload).await?,
        (Provider::Standalone { .. }, Some(docker)) => {
            let brought = bring_up(ctx, &lab, docker, Mode::Apply, &Stages::default()).await?;
            let running = Running { lab: lab.clone(), docker: Some(docker.clone()) };
            (brought.changes, Deployed::default(), Scene::set(ctx, running).await?.report().await?)
        }
        (_, docker) => {
            let changes = outside(ctx, &lab, docker.as_ref(), Mode::Apply).await?;
            let deploy = Deploy::prepare(ctx, &lab, docker.as_ref(), Mode::Apply).await?;
            let deployed = deploy.alone(&[]).await?;
            let report = deploy.proved(&deployed, changes.is_empty() && deployed.is_unchanged()).await?;
            (changes, deployed, report)
        }
    };
    Ok(Up {
        lab: lab.name.to_string(),
        unchanged: changes.is_empty() && deployed.is_unchanged(),
        changes,
        deployed,
        passed: report.passed(),
        checks: report.checks,
        times: ctx.progress.times(),
    })
}

/// Returns the steps that [`up`] would do.
///
/// # Errors
/// As [`up`].
pub async fn plan_up(ctx: &Context) -> Result<Planned, Failure> {
    let lab = ctx.lab()?;
    let docker = engine(&lab).await?;
    let changes = match (&lab.cluster.provider, &docker) {
        (Provider::Kind | Provider::Standalone { .. }, Some(docker)) => {
            bring_up(ctx, &lab, docker, Mode::DryRun, &Stages::default()).await?.changes
        }
        _ => outside(ctx, &lab, docker.as_ref(), Mode::DryRun).await?,
    };
    let mut lines: Vec<String> = changes.into_iter().map(|change| change.diff).collect();
    if !matches!(lab.cluster.provider, Provider::Standalone { .. }) {
        let deploy = Deploy::prepare(ctx, &lab, docker.as_ref(), Mode::DryRun).await?;
        lines.extend(deploy.dry_run().await?);
    }
    Ok(Planned::of(&lab, lines))
}

/// Brings cluster, routers, images and MetalLB up at the same time, each as soon as what it needs is there.
async fn with_kind(
    ctx: &Context,
    lab: &Lab,
    docker: &Docker,
    reload: bool,
) -> Result<(Vec<Change>, Deployed, Report), Failure> {
    let deploy = Deploy::prepare(ctx, lab, Some(docker), Mode::Apply).await?.reloading(reload);
    let stages = Stages::default();
    let lab_up = bring_up(ctx, lab, docker, Mode::Apply, &stages);
    let (brought, deployed) = futures::try_join!(lab_up, deploy.beside(&stages))?;
    let report = deploy.proved(&deployed, brought.changes.is_empty() && deployed.is_unchanged()).await?;
    Ok((brought.changes, deployed, report))
}

/// Brings up what is outside a cluster that is there already: the routers, where they could reach its nodes from here.
async fn outside(ctx: &Context, lab: &Lab, docker: Option<&Docker>, mode: Mode) -> Result<Vec<Change>, Failure> {
    match docker {
        Some(docker) if existing::reaches(lab, docker).await? => {
            Ok(bring_up(ctx, lab, docker, mode, &Stages::default()).await?.changes)
        }
        _ => {
            ctx.progress.say("the cluster's nodes are not on this engine's networks: no routers are made here");
            Ok(Vec::new())
        }
    }
}
