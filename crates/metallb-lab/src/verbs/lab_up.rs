//! `lab-up`: networks, cluster, routers, routes; returns when the lab works.

use std::fmt::Write;

use netlab::Docker;

use crate::cli::LabUpArgs;
use crate::ctx::Ctx;
use crate::exit::Answer;
use crate::verbs::doctor;
use bgplab::Failure;
use bgplab::bringup::{self, Brought, Mode};
use bgplab::checks::Report;
use labfile::{Lab, Provider};

/// Brings the lab up.
pub(crate) async fn run(ctx: &Ctx, args: &LabUpArgs) -> Result<Answer, Failure> {
    let lab = ctx.lab()?;
    if args.fix {
        doctor::fix(ctx).await?;
    }
    let docker = Docker::connect().await?;
    if args.fix {
        bgplab::images::provide(ctx).await?;
    }
    let mode = if args.dry_run { Mode::DryRun } else { Mode::Apply };
    if mode == Mode::Apply {
        ctx.lock(&lab, Some(&docker), "lab-up")?;
    }
    let brought = bringup::lab_up(ctx, &lab, &docker, mode).await?;
    let text = match mode {
        Mode::DryRun => dry_run(&brought),
        Mode::Apply => done(ctx, &lab, &brought),
    };
    let document = serde_json::json!({
        "lab": lab.name.as_str(),
        "dry_run": args.dry_run,
        "changes": brought.changes,
        "checks": brought.checks,
        "timeline": ctx.progress.timeline(),
    });
    Answer::new(text, &document)
}

fn dry_run(brought: &Brought) -> String {
    if brought.changes.is_empty() {
        return "nothing to do".to_owned();
    }
    brought.changes.iter().map(|change| format!("{}\n", change.diff)).collect()
}

fn done(ctx: &Ctx, lab: &Lab, brought: &Brought) -> String {
    let provider = match lab.cluster.provider {
        Provider::Kind => "kind",
        Provider::Standalone { .. } => "standalone",
        Provider::Existing { .. } => "existing",
    };
    let changed = match brought.changes.len() {
        0 => "nothing changed".to_owned(),
        1 => "1 step".to_owned(),
        n => format!("{n} steps"),
    };
    let seconds = ctx.progress.elapsed().as_secs_f64();
    let mut text = Report::new(brought.checks.clone()).summary();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "lab {} ({provider}) is up: {changed}, {seconds:.1} s", lab.name);
    text
}
