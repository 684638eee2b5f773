//! Bringing networks, cluster, routers and routes up.

use netlab::Docker;
use serde::Serialize;

use crate::bringup::running::{name_of, word};
use crate::bringup::{self, Brought, Change, Mode};
use crate::checks::Check;
use crate::context::Context;
use crate::failure::Failure;
use crate::progress::Span;
use labfile::Lab;

/// A lab that was brought up, or would be.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct LabUp {
    /// The lab.
    pub lab: String,
    /// The provider of its nodes, as it is typed.
    #[serde(skip)]
    pub provider: &'static str,
    /// `true` if nothing was changed, because it was only planned.
    pub dry_run: bool,
    /// The steps that were done, or would be.
    pub changes: Vec<Change>,
    /// The last look at the checks; none where it was only planned.
    pub checks: Vec<Check>,
    /// The run's steps.
    pub timeline: Vec<Span>,
}

/// Brings networks, cluster, routers and routes up, from whatever there is of the lab; returns when they work.
///
/// # Errors
/// [`Failure`]; what was done stays, and the next run goes on from there.
pub async fn lab_up(ctx: &Context) -> Result<LabUp, Failure> {
    let (lab, docker) = (ctx.lab()?, Docker::connect().await?);
    ctx.lock(&lab, Some(&docker), "lab-up")?;
    run(ctx, &lab, &docker, Mode::Apply).await
}

/// Returns the steps that [`lab_up`] would do.
///
/// # Errors
/// As [`lab_up`].
pub async fn plan_lab_up(ctx: &Context) -> Result<LabUp, Failure> {
    run(ctx, &ctx.lab()?, &Docker::connect().await?, Mode::DryRun).await
}

async fn run(ctx: &Context, lab: &Lab, docker: &Docker, mode: Mode) -> Result<LabUp, Failure> {
    let Brought { changes, checks } = bringup::lab_up(ctx, lab, docker, mode).await?;
    Ok(LabUp {
        lab: lab.name.to_string(),
        provider: word(name_of(&lab.cluster.provider)),
        dry_run: mode == Mode::DryRun,
        changes,
        checks,
        timeline: ctx.progress.timeline(),
    })
}
