//! Taking FRR off the workers, and giving the routers back their sessions with MetalLB.

use std::time::Duration;

use serde::Serialize;

use super::deploy_frr::namespace;
use super::label;
use crate::bringup::existing::with_routers;
use crate::bringup::{Mode, routers, running::Running};
use crate::context::Context;
use crate::failure::Failure;
use crate::router::FRR_NAMESPACE;
use crate::scene::Scene;
use labfile::compose::OnNodes;

/// A namespace with a few pods ends within seconds.
const REMOVAL_BOUND: Duration = Duration::from_secs(120);

/// FRR, removed from the workers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FrrUndeployed {
    /// The lab.
    pub lab: String,
    /// The steps that were done, as lines of a diff.
    pub changes: Vec<String>,
}

/// Removes what [`deploy_frr`](super::deploy_frr()) made.
///
/// # Errors
/// An error of the API or of the engine; the next run goes on from there.
pub async fn undeploy_frr(ctx: &Context) -> Result<FrrUndeployed, Failure> {
    let running = Running::find(ctx).await?;
    ctx.lock(&running.lab, running.docker.as_ref(), "undeploy-frr")?;
    let scene = Scene::set(ctx, running).await?;
    let mut changes = Vec::new();
    // Without a cluster there is nothing in it; the routers may still have their side.
    if let Some((cluster, _)) = &scene.cluster {
        let step = ctx.progress.step("FRR on the nodes");
        if cluster.remove_frr(&label(&scene.lab)?, &namespace()?, REMOVAL_BOUND).await? {
            changes.push(format!("- Namespace {FRR_NAMESPACE}"));
        }
        step.done(if changes.is_empty() { "not there" } else { "removed" });
    }
    let to = (OnNodes::Speakers, Mode::Apply);
    // What is taken away is not made first: without routers there is no side of theirs.
    let docker = with_routers(&scene.lab, scene.docker.clone()).await?;
    let routers = routers(ctx, &scene.lab, docker.as_ref(), &scene.nodes, to).await?;
    changes.extend(routers.into_iter().map(|change| change.diff));
    Ok(FrrUndeployed { lab: scene.lab.name.to_string(), changes })
}
