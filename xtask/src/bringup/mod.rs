//! Bringing a lab up: observe, plan, apply, and wait until it works. What does not need each other goes on at once.

pub(crate) mod converge;
pub(crate) mod existing;
pub(crate) mod guard;
pub(crate) mod hook;
pub(crate) mod images;
pub(crate) mod kind;
mod nodes;
pub(crate) mod running;
pub(crate) mod stages;
mod with_kind;

use std::time::Duration;

use netlab::Docker;
use serde::Serialize;

pub(crate) use converge::{Change, routers};
pub(crate) use nodes::{cluster_is_there, nodes_in_docker, nodes_there};

use self::stages::Stages;
use crate::checks::{Check, Look, Report};
use crate::compose::{self, Expected};
use crate::ctx::Ctx;
use crate::exit::Failure;
use crate::lab::{Lab, Provider};

/// How long sessions, routes and answers may take together, from the last step on. FRR takes 3 s; a busy machine with a
/// hundred routers a minute.
pub(crate) const SETTLE_BOUND: Duration = Duration::from_secs(180);

/// What a run of `lab-up` did, and what it proved.
#[derive(Debug, Serialize)]
pub(crate) struct Brought {
    /// What was changed, or would be.
    pub(crate) changes: Vec<Change>,
    /// What was looked at in the end; nothing where nothing was to be changed.
    pub(crate) checks: Vec<Check>,
}

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Only say what would be done.
    DryRun,
    /// Do it, and wait until it works.
    Apply,
}

/// Brings a lab up, from whatever there is of it.
///
/// # Errors
/// [`Failure`], by the exit codes of the design. What was done stays, and the next run goes on from there.
pub(crate) async fn lab_up(ctx: &Ctx, lab: &Lab, docker: &Docker, mode: Mode) -> Result<Brought, Failure> {
    lab_up_staged(ctx, lab, docker, mode, &Stages::default()).await
}

/// The same, telling what goes on beside it how far it is.
///
/// # Errors
/// As [`lab_up`].
pub(crate) async fn lab_up_staged(
    ctx: &Ctx,
    lab: &Lab,
    docker: &Docker,
    mode: Mode,
    stages: &Stages,
) -> Result<Brought, Failure> {
    match lab.cluster.provider {
        Provider::Standalone { .. } => standalone(ctx, lab, docker, mode).await,
        Provider::Kind => with_kind::up(ctx, lab, docker, mode, stages).await,
        Provider::Existing { .. } => existing::up(ctx, lab, docker, mode).await,
    }
}

async fn standalone(ctx: &Ctx, lab: &Lab, docker: &Docker, mode: Mode) -> Result<Brought, Failure> {
    let nodes = compose::known_nodes(lab);
    let topology = compose::docker_lab(lab, nodes)?;
    let wanted = [lab.images.frr.as_str()];
    let images = images::ensure(docker, &ctx.progress, &wanted, mode);
    let (observed, ()) = futures::try_join!(async { Ok(netlab::observe(docker, &topology, &[]).await?) }, images)?;
    let observed = guard::preflight(lab, &topology, observed, docker).await?;
    let converged = converge::converge(ctx, docker, &topology, &observed, mode).await?;
    if mode == Mode::DryRun {
        return Ok(Brought { changes: converged.changes, checks: Vec::new() });
    }
    // Answers from behind the nodes prove that packets cross the networks; `verify` looks at every pair.
    let expected = Expected { forwarding: Vec::new(), ..compose::expected(lab, nodes) };
    let report = settled(ctx, &Look::new(docker, &topology, &expected), converged.changes.is_empty()).await?;
    Ok(Brought { changes: converged.changes, checks: report.checks })
}

/// Waits until the lab works. Where nothing was changed, nothing has to settle: one look is enough, as long as it finds
/// nothing amiss.
async fn settled(ctx: &Ctx, look: &Look<'_>, unchanged: bool) -> Result<Report, Failure> {
    if unchanged {
        let report = look.once().await;
        if report.passed() {
            return Ok(report);
        }
    }
    look.settle(&ctx.progress, SETTLE_BOUND).await
}
