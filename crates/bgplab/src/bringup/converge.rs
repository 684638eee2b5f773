//! One round of plan and apply.

use netlab::{Docker, Observed, Plan};
use serde::Serialize;

use super::Mode;
use super::observer::NetlabObserver;
use crate::context::Context;
use crate::failure::Failure;
use labfile::compose::{self, OnNodes};
use labfile::{Lab, Node};

/// One step that was done, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The step's stable name.
    pub name: String,
    /// The change, as a line of a diff.
    pub diff: String,
}

/// Plans, and applies unless only a dry run is wanted; returns the changes that were made, or would be.
///
/// # Errors
/// A refusal where something that is not ours stands in the way; the steps that failed.
pub async fn converge(
    ctx: &Context,
    docker: &Docker,
    topology: &netlab::Lab,
    observed: &Observed,
    mode: Mode,
) -> Result<Vec<Change>, Failure> {
    let plan = netlab::plan(topology, observed)?;
    apply(ctx, docker, &plan, mode).await
}

/// Applies a plan, unless only a dry run is wanted; returns its changes.
///
/// # Errors
/// The steps that failed.
pub async fn apply(ctx: &Context, docker: &Docker, plan: &Plan, mode: Mode) -> Result<Vec<Change>, Failure> {
    if mode == Mode::Apply {
        netlab::apply(docker, plan, &NetlabObserver::on(&ctx.progress)).await?;
    }
    Ok(changes(plan))
}

/// Gives the routers, and the nodes' kernels, their side of what runs on the nodes of a cluster.
///
/// # Errors
/// As [`converge`].
pub async fn routers(
    ctx: &Context,
    lab: &Lab,
    docker: Option<&Docker>,
    nodes: &[Node],
    (on_nodes, mode): (OnNodes, Mode),
) -> Result<Vec<Change>, Failure> {
    let Some(docker) = docker else { return Ok(Vec::new()) };
    let topology = compose::docker_lab_with(lab, nodes, on_nodes)?;
    let observed = netlab::observe(docker, &topology).await?;
    converge(ctx, docker, &topology, &observed, mode).await
}

/// The steps of a plan, in words.
pub(super) fn changes(plan: &Plan) -> Vec<Change> {
    plan.steps().map(|step| Change { name: step.name(), diff: step.to_string() }).collect()
}
