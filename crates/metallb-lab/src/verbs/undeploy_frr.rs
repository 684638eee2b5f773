//! `undeploy-frr`: takes FRR off the workers, and gives the routers back their sessions with MetalLB.

use std::time::Duration;

use serde_json::json;

use super::deploy_frr::{name, namespace};
use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::bringup::existing::with_routers;
use bgplab::bringup::routers;
use bgplab::bringup::{Mode, running::Running};
use bgplab::checks::Scene;
use bgplab::router::FRR_NAMESPACE;
use labfile::compose::OnNodes;

/// A namespace with a few pods goes within seconds.
const GONE_BOUND: Duration = Duration::from_secs(120);

/// Removes what `deploy-frr` made.
pub(crate) async fn run(ctx: &Ctx) -> Result<Answer, Failure> {
    let running = Running::find(ctx).await?;
    ctx.lock(&running.lab, running.docker.as_ref(), "undeploy-frr")?;
    let scene = Scene::set(ctx, running).await?;
    let mut lines = Vec::new();
    // Without a cluster there is nothing in it; the routers may still have their side.
    if let Some((cluster, _)) = &scene.cluster {
        let step = ctx.progress.step("FRR on the nodes");
        if cluster.remove_frr(&name(&scene.lab)?, &namespace()?, GONE_BOUND).await? {
            lines.push(format!("- Namespace {FRR_NAMESPACE}"));
        }
        step.done(if lines.is_empty() { "not there" } else { "removed" });
    }
    let to = (OnNodes::Speakers, Mode::Apply);
    // What is taken away is not made first: without routers there is no side of theirs.
    let docker = with_routers(&scene.lab, scene.docker.clone()).await?;
    let changes = routers(ctx, &scene.lab, docker.as_ref(), &scene.nodes, to).await?;
    lines.extend(changes.into_iter().map(|change| change.diff));
    let text = if lines.is_empty() { "nothing to do".to_owned() } else { lines.join("\n") };
    Answer::new(text, &json!({ "lab": scene.lab.name.as_str(), "changes": lines }))
}
