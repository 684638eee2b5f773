//! `undeploy-metallb`: removes what deploying made, in an order that cannot hang.

use metallb::{Cluster, ObjectRef, Removal};
use netlab::Engine;
use serde_json::json;

use super::deploy_metallb::engine;
use crate::cli::UndeployArgs;
use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::bringup::cluster_is_there;
use bgplab::deploy::{CERT_MANAGER, Target, Told, nodes};
use labfile::Provider;

/// Removes MetalLB.
pub(crate) async fn run(ctx: &Ctx, args: &UndeployArgs) -> Result<Answer, Failure> {
    let lab = ctx.lab()?;
    let docker = engine(&lab).await?;
    ctx.lock(&lab, docker.as_ref(), "undeploy-metallb")?;
    let docker = docker.as_ref().filter(|_| lab.cluster.provider == Provider::Kind);
    if let Some(docker) = docker {
        let (networks, containers) = futures::try_join!(docker.networks(), docker.containers())?;
        if !cluster_is_there(&lab, &networks, &containers) {
            // Without a cluster there is nothing in it.
            return Answer::new("nothing to do", &json!({ "lab": lab.name.as_str(), "steps": [] }));
        }
    }
    // Pods on a node that does not run would never end.
    nodes(&lab, docker).await?;
    let target = Target::now(ctx, &lab, docker).await?;
    let name: metallb::value::Name =
        lab.name.as_str().parse().map_err(|error: metallb::value::NameError| Failure::wrong_use(error.to_string()))?;
    let removal = Removal { even_if_foreign: args.even_if_foreign, ..Removal::of(name) };
    let report = target.cluster.remove(&removal, &Told::after(&ctx.progress, [])).await?;
    let beside = beside(ctx, &target.cluster, &removal).await;

    let mut lines: Vec<String> = report.removed().map(|object| format!("- {object}")).collect();
    lines.extend(report.left().map(|left| format!("  left: {left}")));
    let mut document = json!({ "lab": lab.name.as_str(), "steps": report });
    match &beside {
        Ok((removed, left)) => {
            lines.extend(removed.iter().map(|object| format!("- {object}")));
            lines.extend(left.iter().map(|left| format!("  left: {left}")));
            document["beside"] = json!(removed);
        }
        Err(failure) => lines.push(failure.message().to_owned()),
    }
    if lines.is_empty() {
        lines.push("nothing to do".to_owned());
    }
    let end = report.into_result().map_err(Failure::from).and(beside.map(|_| ()));
    end.map_err(|failure| lines.iter().fold(failure, |failure, line| failure.because(line)))?;
    Answer::new(lines.join("\n"), &document)
}

/// cert-manager, where deploying brought it.
async fn beside(ctx: &Ctx, cluster: &Cluster, removal: &Removal) -> Result<(Vec<ObjectRef>, Vec<String>), Failure> {
    let (namespace, group) = CERT_MANAGER;
    let step = ctx.progress.step(format!("remove {namespace}"));
    let (removed, left) = cluster.remove_claimed(namespace, group, &removal.lab, removal.bound).await?;
    step.done(if removed.is_empty() { "not there" } else { "done" });
    Ok((removed, left))
}
