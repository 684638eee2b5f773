//! `deploy-metallb`: from a lab that is up to a service whose address every router has learned and reaches.

use netlab::Docker;
use serde_json::json;

use crate::cli::DeployArgs;
use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::bringup::Mode;
use bgplab::deploy::{self, Deploy, Deployed};
use labfile::{Lab, Provider};

/// Deploys MetalLB.
pub(crate) async fn run(ctx: &Ctx, args: &DeployArgs) -> Result<Answer, Failure> {
    let lab = ctx.lab()?;
    let docker = engine(&lab).await?;
    let mode = if args.dry_run { Mode::DryRun } else { Mode::Apply };
    if mode == Mode::Apply {
        ctx.lock(&lab, docker.as_ref(), "deploy-metallb")?;
    }
    let nodes = deploy::nodes(&lab, docker.as_ref()).await?;
    let deploy = Deploy::prepare(ctx, &lab, docker.as_ref(), mode).await?;
    if mode == Mode::DryRun {
        let lines = deploy.dry_run_alone(&nodes).await?;
        let text = if lines.is_empty() { "nothing to do".to_owned() } else { lines.join("\n") };
        return Answer::new(text, &json!({ "lab": lab.name.as_str(), "dry_run": true, "changes": lines }));
    }
    let deployed = deploy.alone(&nodes).await?;
    let report = deploy.proved(deployed.is_unchanged()).await?;
    let mut document = json!({
        "lab": lab.name.as_str(),
        "unchanged": deployed.is_unchanged(),
        "deployed": deployed,
        "passed": report.passed(),
        "checks": report.checks,
    });
    super::up::add_times(ctx, &mut document);
    let checks = if report.passed() { report.summary() } else { crate::exit::checks::table(&report) };
    let seconds = ctx.progress.elapsed().as_secs_f64();
    let text = format!("{checks}MetalLB of lab {} is up: {}, {seconds:.1} s\n", lab.name, came_to(&deployed));
    Ok(Answer::new(text, &document)?.failed_if(!report.passed()))
}

/// What a deployment came to, in words.
pub(super) fn came_to(deployed: &Deployed) -> String {
    let without = match deployed.left_out.as_slice() {
        [] => String::new(),
        what => format!(", without {}", what.join(", ")),
    };
    if deployed.is_unchanged() {
        return format!("nothing changed{without}");
    }
    let count = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let mut parts = vec![count(deployed.changed, "change")];
    for (n, one) in [
        (deployed.imports, "image import"),
        (deployed.repairs.len(), "repair"),
        (deployed.routers.len(), "router step"),
    ] {
        parts.extend((n > 0).then(|| count(n, one)));
    }
    parts.join(", ") + &without
}

/// The engine; an existing cluster does without one.
pub(super) async fn engine(lab: &Lab) -> Result<Option<Docker>, Failure> {
    match lab.cluster.provider {
        Provider::Existing { .. } => Ok(Docker::connect().await.ok()),
        Provider::Kind | Provider::Standalone { .. } => Ok(Some(Docker::connect().await?)),
    }
}
