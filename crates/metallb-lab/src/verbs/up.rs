//! `up`: everything, from nothing to a lab whose address answers.

use std::fmt::Write;

use netlab::Docker;
use serde_json::{Value, json};

use super::deploy_metallb::{came_to, engine};
use crate::cli::UpArgs;
use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::bringup::stages::Stages;
use bgplab::bringup::{self, Mode, existing, running::Running};
use bgplab::checks::{Report, Scene};
use bgplab::deploy::{Deploy, Deployed};
use bgplab::progress::critical::{critical_path, length};
use labfile::{Lab, Provider};

/// Brings everything up.
pub(crate) async fn run(ctx: &Ctx, args: &UpArgs) -> Result<Answer, Failure> {
    let lab = ctx.lab()?;
    let docker = engine(&lab).await?;
    if args.dry_run {
        return dry_run(ctx, &lab, docker.as_ref()).await;
    }
    ctx.lock(&lab, docker.as_ref(), "up")?;
    let (changes, deployed, report) = match (&lab.cluster.provider, &docker) {
        (Provider::Kind, Some(docker)) => with_kind(ctx, &lab, docker).await?,
        (Provider::Standalone { .. }, Some(docker)) => {
            let brought = bringup::lab_up(ctx, &lab, docker, Mode::Apply).await?;
            let running = Running { lab: lab.clone(), docker: Some(docker.clone()) };
            (brought.changes, Deployed::default(), Scene::set(ctx, running).await?.report().await?)
        }
        (_, docker) => {
            let changes = outside(ctx, &lab, docker.as_ref(), Mode::Apply).await?;
            let deploy = Deploy::prepare(ctx, &lab, docker.as_ref(), Mode::Apply).await?;
            let deployed = deploy.alone(&[]).await?;
            let report = deploy.proved(changes.is_empty() && deployed.is_unchanged()).await?;
            (changes, deployed, report)
        }
    };
    let unchanged = changes.is_empty() && deployed.is_unchanged();
    let came_to = match (unchanged, changes.len()) {
        (true, _) => "nothing changed".to_owned(),
        (false, n) => format!("{n} of the lab's steps; MetalLB: {}", came_to(&deployed)),
    };
    let mut document = json!({
        "lab": lab.name.as_str(),
        "unchanged": unchanged,
        "changes": changes,
        "deployed": deployed,
        "passed": report.passed(),
        "checks": report.checks,
    });
    add_times(ctx, &mut document);
    let text = text(ctx, &lab, &report, &came_to);
    Ok(Answer::new(text, &document)?.failed_if(!report.passed()))
}

/// Cluster, routers, images and MetalLB at the same time, each as soon as what it needs is there.
async fn with_kind(ctx: &Ctx, lab: &Lab, docker: &Docker) -> Result<(Vec<bringup::Change>, Deployed, Report), Failure> {
    let deploy = Deploy::prepare(ctx, lab, Some(docker), Mode::Apply).await?;
    let stages = Stages::default();
    let lab_up = bringup::lab_up_staged(ctx, lab, docker, Mode::Apply, &stages);
    let (brought, deployed) = futures::try_join!(lab_up, deploy.beside(&stages))?;
    let report = deploy.proved(brought.changes.is_empty() && deployed.is_unchanged()).await?;
    Ok((brought.changes, deployed, report))
}

/// What is outside of a cluster that is there already: the routers, where this engine's could reach its nodes.
async fn outside(ctx: &Ctx, lab: &Lab, docker: Option<&Docker>, mode: Mode) -> Result<Vec<bringup::Change>, Failure> {
    match docker {
        Some(docker) if existing::reaches(lab, docker).await? => {
            Ok(bringup::lab_up(ctx, lab, docker, mode).await?.changes)
        }
        _ => {
            ctx.progress.say("the cluster's nodes are not on this engine's networks: no routers are made here");
            Ok(Vec::new())
        }
    }
}

async fn dry_run(ctx: &Ctx, lab: &Lab, docker: Option<&Docker>) -> Result<Answer, Failure> {
    let mut lines = Vec::new();
    let changes = match (&lab.cluster.provider, docker) {
        (Provider::Kind | Provider::Standalone { .. }, Some(docker)) => {
            bringup::lab_up(ctx, lab, docker, Mode::DryRun).await?.changes
        }
        _ => outside(ctx, lab, docker, Mode::DryRun).await?,
    };
    lines.extend(changes.into_iter().map(|change| change.diff));
    if !matches!(lab.cluster.provider, Provider::Standalone { .. }) {
        let deploy = Deploy::prepare(ctx, lab, docker, Mode::DryRun).await?;
        lines.extend(deploy.dry_run().await?);
    }
    let text = if lines.is_empty() { "nothing to do".to_owned() } else { lines.join("\n") };
    Answer::new(text, &json!({ "lab": lab.name.as_str(), "dry_run": true, "changes": lines }))
}

/// Adds when each step ran, what it waited for, and the critical path.
pub(super) fn add_times(ctx: &Ctx, document: &mut Value) {
    let timeline = ctx.progress.timeline();
    let path = critical_path(&timeline);
    if let Some(fields) = document.as_object_mut() {
        fields.insert("seconds".to_owned(), json!(ctx.progress.elapsed().as_secs_f64()));
        fields.insert("critical_path_seconds".to_owned(), json!(length(&path).as_secs_f64()));
        fields.insert("critical_path".to_owned(), json!(path));
        fields.insert("timeline".to_owned(), json!(timeline));
    }
}

fn text(ctx: &Ctx, lab: &Lab, report: &Report, came_to: &str) -> String {
    let timeline = ctx.progress.timeline();
    let path = critical_path(&timeline);
    let mut text = crate::exit::table(
        ["step", "from", "to", "waited for"],
        timeline.iter().map(|span| {
            let at = |time: std::time::Duration| format!("{:.1} s", time.as_secs_f64());
            [span.name.clone(), at(span.start), at(span.end), span.after.join(", ")]
        }),
    );
    let seconds = ctx.progress.elapsed().as_secs_f64();
    let legs: Vec<String> = path.iter().map(|leg| format!("{} {:.1} s", leg.name, leg.took.as_secs_f64())).collect();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "\ncritical path, {:.1} s: {}\n", length(&path).as_secs_f64(), legs.join(" → "));
    text.push_str(&if report.passed() { report.summary() } else { crate::exit::checks::table(report) });
    let _ = writeln!(text, "lab {} is up: {came_to}, {seconds:.1} s", lab.name);
    text
}
