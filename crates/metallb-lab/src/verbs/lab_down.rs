//! `lab-down`: removes all that is ours, reports every failure, leaves nothing.

use netlab::{Docker, Engine};
use serde_json::json;

use crate::cli::LabDownArgs;
use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::bringup::cluster_is_there;
use bgplab::bringup::kind::Kind;
use labfile::Lab;

/// Takes the lab away.
pub(crate) async fn run(ctx: &Ctx, args: &LabDownArgs) -> Result<Answer, Failure> {
    let lab = ctx.lab()?;
    let docker = Docker::connect().await?;
    let name = netlab::Name::new(lab.name.as_str()).map_err(|error| Failure::wrong_use(error.to_string()))?;
    if args.dry_run {
        return dry_run(&lab, &docker).await;
    }
    ctx.lock(&lab, Some(&docker), "lab-down")?;

    // The cluster first: its nodes are not ours, but live on our network. Whatever the provider is called now, a cluster
    // that an earlier run made goes too.
    let (networks, containers) = futures::try_join!(docker.networks(), docker.containers())?;
    let mut cluster = None;
    if cluster_is_there(&lab, &networks, &containers) {
        let kind = Kind { lab: &lab, docker: &docker, progress: &ctx.progress };
        cluster = Some(kind.delete().await);
    }
    let step = ctx.progress.step("containers and networks");
    let report = netlab::teardown(&docker, &name).await?;
    step.done("removed");

    let mut lines: Vec<String> = Vec::new();
    lines.extend(matches!(cluster, Some(Ok(()))).then(|| cluster_line(&lab)));
    lines.extend(report.to_string().lines().map(str::to_owned));
    let document = json!({
        "lab": name.as_str(),
        "cluster": cluster.as_ref().map(Result::is_ok),
        "containers": report.containers,
        "networks": report.networks,
        "failures": report.failures.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    if let Some(Err(failure)) = cluster {
        return Err(lines.into_iter().fold(failure, Failure::because));
    }
    Ok(Answer::new(lines.join("\n"), &document)?.failed_if(!report.is_clean()))
}

/// What would be removed.
async fn dry_run(lab: &Lab, docker: &Docker) -> Result<Answer, Failure> {
    let (networks, containers) = futures::try_join!(docker.networks(), docker.containers())?;
    let cluster = cluster_is_there(lab, &networks, &containers);
    let ours = |label: &Option<String>| label.as_deref() == Some(lab.name.as_str());
    let containers: Vec<&str> = containers.iter().filter(|c| ours(&c.lab)).map(|c| c.name.as_str()).collect();
    let networks: Vec<&str> = networks.iter().filter(|n| ours(&n.lab)).map(|n| n.name.as_str()).collect();
    let lines = cluster.then(|| cluster_line(lab)).into_iter();
    let lines = lines.chain(containers.iter().map(|c| format!("- container {c}")));
    let lines: Vec<String> = lines.chain(networks.iter().map(|n| format!("- network {n}"))).collect();
    let text = if lines.is_empty() { "nothing to do".to_owned() } else { lines.join("\n") };
    let document = json!({
        "lab": lab.name.as_str(),
        "dry_run": true,
        "cluster": cluster,
        "containers": containers,
        "networks": networks,
    });
    Answer::new(text, &document)
}

fn cluster_line(lab: &Lab) -> String {
    format!("- kind cluster {}", lab.cluster.name)
}
