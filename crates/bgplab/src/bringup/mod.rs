//! Bringing a lab up: observe, plan, apply, and wait until it works. What does not need each other goes on at once.

mod cluster;
pub mod converge;
pub mod existing;
#[cfg(test)]
mod fixture;
pub mod guard;
pub mod images;
pub mod kind;
mod made;
mod nodes;
pub mod observer;
pub mod repair;
pub mod running;
pub mod stages;
mod with_kind;

use std::time::Duration;

use netlab::Docker;
use serde::Serialize;

pub use converge::{Change, routers};
pub use diagnosis::evidence::cluster_is_there;
pub use nodes::{nodes_in_docker, nodes_of_any, nodes_there};

use self::stages::Stages;
use crate::checks::{Check, Look, Report};
use crate::context::Context;
use crate::failure::Failure;
use labfile::compose::{self, Expected};
use labfile::{Lab, Provider};

/// Time that sessions, routes and answers may take together, from the last step on. FRR takes 3 s; a busy machine with
/// a hundred routers a minute.
pub const SETTLE_BOUND: Duration = Duration::from_secs(180);

/// Result of `lab-up`: the changes and the proof.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Brought {
    /// The changes that were made, or would be.
    pub changes: Vec<Change>,
    /// The checks of the last look; empty where nothing was to be changed.
    pub checks: Vec<Check>,
}

/// Extent of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only say what would be done.
    DryRun,
    /// Do it, and wait until it works.
    Apply,
}

/// Brings a lab up, from whatever there is of it, and opens the gates of `stages` for what goes on beside it.
///
/// # Errors
/// [`Failure`], by its kind. What was done stays, and the next run goes on from there.
pub async fn lab_up(
    ctx: &Context,
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

async fn standalone(ctx: &Context, lab: &Lab, docker: &Docker, mode: Mode) -> Result<Brought, Failure> {
    let nodes = compose::known_nodes(lab);
    let topology = compose::docker_lab(lab, nodes)?;
    let wanted = [lab.images.frr.as_str()];
    let images = images::ensure(docker, &ctx.progress, &wanted, mode);
    let (observed, ()) = futures::try_join!(async { Ok(netlab::observe(docker, &topology).await?) }, images)?;
    if cluster_is_there(lab, &observed.networks, &observed.containers) {
        return Err(Failure::machine(format!("lab {} is there with a kind cluster; nothing was changed", lab.name))
            .because(format!("the nodes of kind cluster {} have the standalone nodes' names", lab.cluster.name))
            .next("`⌘ lab-down` takes it away"));
    }
    let observed = guard::preflight(lab, &topology, observed, docker).await?;
    let changes = converge::converge(ctx, docker, &topology, &observed, mode).await?;
    if mode == Mode::DryRun {
        return Ok(Brought { changes, checks: Vec::new() });
    }
    // Answers from behind the nodes prove that packets cross the networks; `verify` looks at every pair.
    let expected = Expected { forwarding: Vec::new(), ..compose::expected(lab, nodes) };
    let look = Look::new(docker, &topology, &expected);
    let (report, reset) = settled(ctx, &look, changes.is_empty()).await?;
    Ok(Brought { changes: [changes, reset].concat(), checks: report.checks })
}

/// Waits until the lab works, and resets sessions that hold themselves up; returns the last look and the changes. Where
/// nothing was changed before, nothing has to settle: one look is enough, as long as it finds nothing wrong.
async fn settled(ctx: &Context, look: &Look<'_>, unchanged: bool) -> Result<(Report, Vec<Change>), Failure> {
    if unchanged {
        let report = look.once().await;
        if report.passed() {
            return Ok((report, Vec::new()));
        }
    }
    let (report, reset) = repair::stuck::resetting(&ctx.progress, look, look.settle(&ctx.progress, SETTLE_BOUND)).await;
    Ok((report?, reset))
}
