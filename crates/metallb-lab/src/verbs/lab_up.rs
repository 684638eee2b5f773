//! `lab-up`: networks, cluster, routers, routes; returns when the lab works.

use std::fmt::Write;

use super::doctor;
use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::acts::{LabUp, lab_up, plan_lab_up};
use bgplab::checks::Report;
use bgplab::{Failure, images};

/// Options of `lab-up`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Only say what would be done
    #[arg(long, conflicts_with = "fix")]
    dry_run: bool,
    /// First install what the machine lacks, as doctor does, and make FRR's image where no registry is reached
    #[arg(long)]
    fix: bool,
}

/// Brings the lab up.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    if args.fix {
        doctor::fix(ctx).await?;
        images::provide(ctx).await?;
    }
    let up = if args.dry_run { plan_lab_up(ctx).await? } else { lab_up(ctx).await? };
    Answer::new(if args.dry_run { planned(&up) } else { done(ctx, &up) }, &up)
}

fn planned(up: &LabUp) -> String {
    if up.changes.is_empty() {
        return "nothing to do".to_owned();
    }
    up.changes.iter().map(|change| format!("{}\n", change.diff)).collect()
}

fn done(ctx: &Ctx, up: &LabUp) -> String {
    let changed = match up.changes.len() {
        0 => "nothing changed".to_owned(),
        1 => "1 step".to_owned(),
        n => format!("{n} steps"),
    };
    let seconds = ctx.progress.elapsed().as_secs_f64();
    let mut text = Report::new(up.checks.clone()).summary();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "lab {} ({}) is up: {changed}, {seconds:.1} s", up.lab, up.provider);
    text
}
