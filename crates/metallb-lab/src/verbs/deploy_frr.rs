//! `deploy-frr`: FRR on the workers without MetalLB, with a BFD session to each router and nothing above.

use std::collections::BTreeMap;
use std::time::Duration;

use metallb::Cluster;
use metallb::frr::{FrrFiles, FrrNodes};
use metallb::value::{Name, NameError};
use serde_json::json;

use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::bringup::{self, Mode, routers, running::Running};
use bgplab::checks::{Report, Scene};
use bgplab::deploy::{Told, images};
use bgplab::router::FRR_NAMESPACE;
use labfile::compose::{self, ComposeError, OnNodes};
use labfile::{Lab, Node, NodeRole, Provider};

/// A DaemonSet of one small container is there within seconds of its image.
const READY_BOUND: Duration = Duration::from_secs(180);

/// How it is deployed.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
}

/// Deploys FRR, gives the routers the other ends, and waits until every session is up and stays up.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let running = Running::find(ctx).await?;
    if !args.dry_run {
        ctx.lock(&running.lab, running.docker.as_ref(), "deploy-frr")?;
    }
    let scene = Scene::set(ctx, running).await?;
    let cluster = possible(&scene)?;
    let frr = frr_nodes(&scene.lab, &scene.nodes)?;
    let plan = cluster.plan_frr(&frr).await?;
    let mode = if args.dry_run { Mode::DryRun } else { Mode::Apply };
    let (imports, changes) = futures::try_join!(
        nodes_side(ctx, &scene, cluster, &frr, mode),
        routers(ctx, &scene.lab, scene.docker.as_ref(), &scene.nodes, (OnNodes::BfdOnly, mode)),
    )?;
    let mut lines: Vec<String> = plan.steps.iter().map(|step| step.to_string()).collect();
    lines.extend(changes.iter().map(|change| change.diff.clone()));
    let document = |report: &Report| {
        json!({
            "lab": scene.lab.name.as_str(), "dry_run": args.dry_run, "changes": lines, "imports": imports,
            "checks": report.checks,
        })
    };
    if args.dry_run {
        let text = if lines.is_empty() { "nothing to do".to_owned() } else { lines.join("\n") };
        return Answer::new(text, &document(&Report::default()));
    }
    let scene = Scene::set(ctx, Running { lab: scene.lab.clone(), docker: scene.docker.clone() }).await?;
    let report = scene.look().settle(&ctx.progress, bringup::SETTLE_BOUND).await?;
    let came_to = if lines.is_empty() && imports == 0 { "nothing changed".to_owned() } else { lines.join("\n") };
    Answer::new(format!("{came_to}\n{}", report.summary()), &document(&report))
}

/// The cluster, where FRR can be deployed to it.
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
    if !scene.nodes.iter().any(|node| node.role == NodeRole::Worker) {
        return Err(Failure::wrong_use(format!("lab {} has no worker for FRR to run on", lab.name))
            .next("give [cluster] of the lab file workers"));
    }
    if lab.peers.iter().all(|peer| peer.session.bfd.is_none()) {
        return Err(Failure::wrong_use(format!("no peer of lab {} has a BFD profile", lab.name))
            .next("give a [[peer]] of the lab file a bfd-profile"));
    }
    Ok(cluster)
}

/// What the API is told: each worker's files.
fn frr_nodes(lab: &Lab, nodes: &[Node]) -> Result<FrrNodes, Failure> {
    let files = |node: &Node| {
        let files = compose::bfd_only::node(lab, node)?.files()?;
        let files = FrrFiles { daemons: files.daemons, frr_conf: files.frr_conf, vtysh_conf: files.vtysh_conf };
        Ok((node.name.clone(), files))
    };
    let workers = nodes.iter().filter(|node| node.role == NodeRole::Worker);
    let nodes: Result<BTreeMap<_, _>, ComposeError> = workers.map(files).collect();
    Ok(FrrNodes { lab: name(lab)?, namespace: namespace()?, image: lab.images.frr.to_string(), nodes: nodes? })
}

/// The lab's name, as a label of Kubernetes.
pub(super) fn name(lab: &Lab) -> Result<Name, Failure> {
    lab.name.as_str().parse().map_err(|error: NameError| Failure::wrong_use(error.to_string()))
}

pub(super) fn namespace() -> Result<Name, Failure> {
    FRR_NAMESPACE.parse().map_err(|error: NameError| Failure::step(error.to_string()))
}

/// The image into the workers, then the DaemonSet; how many nodes lacked the image.
async fn nodes_side(ctx: &Ctx, scene: &Scene, cluster: &Cluster, frr: &FrrNodes, mode: Mode) -> Result<usize, Failure> {
    if mode == Mode::DryRun {
        return Ok(0);
    }
    let imports = match &scene.docker {
        Some(docker) if scene.lab.cluster.provider == Provider::Kind => {
            images::frr_into_workers(docker, &ctx.progress, &frr.image, &scene.nodes).await?
        }
        _ => 0,
    };
    let told = Told::after(&ctx.progress, []);
    cluster.deploy_frr(frr, READY_BOUND, &told).await?;
    Ok(imports)
}
