//! Bringing FRR onto the workers without MetalLB, with a BFD session to each router and nothing above.

use std::collections::BTreeMap;
use std::time::Duration;

use metallb::Cluster;
use metallb::frr::{FrrFiles, FrrNodes};
use metallb::value::{InvalidName, Name};
use serde::Serialize;

use super::label;
use crate::bringup::{self, Mode, routers, running::Running};
use crate::checks::Check;
use crate::context::Context;
use crate::deploy::{MetalLbObserver, images};
use crate::failure::Failure;
use crate::router::FRR_NAMESPACE;
use crate::scene::Scene;
use labfile::compose::{self, ComposeError, OnNodes};
use labfile::{Lab, Node, Provider};

/// A DaemonSet of one small container is there within seconds of its image.
const READY_BOUND: Duration = Duration::from_secs(180);

/// FRR on the workers, deployed or planned.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct FrrDeployed {
    /// The lab.
    pub lab: String,
    /// `true` if nothing was changed, because it was only planned.
    pub dry_run: bool,
    /// The steps that were done, or would be, as lines of a diff.
    pub changes: Vec<String>,
    /// The number of nodes that lacked FRR's image.
    pub imports: usize,
    /// The last look at the checks; none where it was only planned.
    pub checks: Vec<Check>,
}

/// Deploys FRR, gives the routers the other ends, and returns when every session is up and stays up.
///
/// # Errors
/// Wrong use where the lab has no worker or no BFD; a machine failure where MetalLB's speakers run.
pub async fn deploy_frr(ctx: &Context) -> Result<FrrDeployed, Failure> {
    let running = Running::find(ctx).await?;
    ctx.lock(&running.lab, running.docker.as_ref(), "deploy-frr")?;
    run(ctx, running, Mode::Apply).await
}

/// Returns the steps that [`deploy_frr`] would do.
///
/// # Errors
/// As [`deploy_frr`].
pub async fn plan_deploy_frr(ctx: &Context) -> Result<FrrDeployed, Failure> {
    run(ctx, Running::find(ctx).await?, Mode::DryRun).await
}

async fn run(ctx: &Context, running: Running, mode: Mode) -> Result<FrrDeployed, Failure> {
    let scene = Scene::set(ctx, running).await?;
    let cluster = possible(&scene)?;
    let frr = frr_nodes(&scene.lab, &scene.nodes)?;
    let plan = cluster.plan_frr(&frr).await?;
    let (imports, routers) = futures::try_join!(
        nodes_side(ctx, &scene, cluster, &frr, mode),
        routers(ctx, &scene.lab, scene.docker.as_ref(), &scene.nodes, (OnNodes::BfdOnly, mode)),
    )?;
    let mut changes: Vec<String> = plan.steps.iter().map(|step| step.to_string()).collect();
    changes.extend(routers.into_iter().map(|change| change.diff));
    let (lab, dry_run) = (scene.lab.name.to_string(), mode == Mode::DryRun);
    if dry_run {
        return Ok(FrrDeployed { lab, dry_run, changes, imports, checks: Vec::new() });
    }
    let scene = Scene::set(ctx, Running { lab: scene.lab.clone(), docker: scene.docker.clone() }).await?;
    let report = scene.look().settle(&ctx.progress, bringup::SETTLE_BOUND).await?;
    Ok(FrrDeployed { lab, dry_run, changes, imports, checks: report.checks })
}

/// Returns the cluster, where FRR can be deployed to it.
fn possible(scene: &Scene) -> Result<&Cluster, Failure> {
    let lab = &scene.lab;
    if let Provider::Standalone { .. } = lab.cluster.provider {
        return Err(Failure::wrong_use("a standalone lab's nodes run FRR already").next("--provider kind"));
    }
    let Some((cluster, seen)) = &scene.cluster else {
        return Err(Failure::step(format!("cluster {} does not run", lab.cluster.name)).next("⌘ lab-up"));
    };
    if let Some(backend) = seen.installed.backend {
        return Err(Failure::machine("MetalLB's speakers run on the nodes, and would be in FRR's way")
            .because(format!("DaemonSet speaker, backend {backend}: both need the nodes' BFD ports"))
            .next("⌘ undeploy-metallb"));
    }
    if !scene.nodes.iter().any(|node| node.role.is_worker()) {
        return Err(Failure::wrong_use(format!("lab {} has no worker for FRR to run on", lab.name))
            .next("give [cluster] of the lab file workers"));
    }
    if lab.peers.iter().all(|peer| peer.session.bfd.is_none()) {
        return Err(Failure::wrong_use(format!("no peer of lab {} has a BFD profile", lab.name))
            .next("give a [[peer]] of the lab file a bfd-profile"));
    }
    Ok(cluster)
}

/// Returns the objects that the API gets: each worker's files.
fn frr_nodes(lab: &Lab, nodes: &[Node]) -> Result<FrrNodes, Failure> {
    let files = |node: &Node| {
        let files = compose::bfd_only::node(lab, node)?.files()?;
        let files = FrrFiles { daemons: files.daemons, frr_conf: files.frr_conf, vtysh_conf: files.vtysh_conf };
        Ok((node.name.clone(), files))
    };
    let workers = nodes.iter().filter(|node| node.role.is_worker());
    let nodes: Result<BTreeMap<_, _>, ComposeError> = workers.map(files).collect();
    Ok(FrrNodes { lab: label(lab)?, namespace: namespace()?, image: lab.images.frr.to_string(), nodes: nodes? })
}

pub(super) fn namespace() -> Result<Name, Failure> {
    FRR_NAMESPACE.parse().map_err(|error: InvalidName| Failure::step(error.to_string()))
}

/// Brings the image into the workers, then the DaemonSet; returns the number of nodes that lacked the image.
async fn nodes_side(
    ctx: &Context,
    scene: &Scene,
    cluster: &Cluster,
    frr: &FrrNodes,
    mode: Mode,
) -> Result<usize, Failure> {
    if mode == Mode::DryRun {
        return Ok(0);
    }
    let imports = match &scene.docker {
        Some(docker) if scene.lab.cluster.provider == Provider::Kind => {
            images::into_nodes(docker, &ctx.progress, images::frr(&frr.image), &scene.nodes).await?
        }
        _ => 0,
    };
    cluster.deploy_frr(frr, READY_BOUND, &MetalLbObserver::after(&ctx.progress, [])).await?;
    Ok(imports)
}
