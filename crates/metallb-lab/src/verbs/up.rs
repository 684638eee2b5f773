//! `up`: everything, from nothing to a lab whose address answers.

use std::fmt::Write;
use std::time::Duration;

use super::deploy_metallb::{came_to, checks};
use super::planned;
use crate::ctx::Ctx;
use crate::exit::{Answer, table};
use bgplab::Failure;
use bgplab::acts::{Up, plan_up, up, up_and_reload};

/// The options of `up`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Only say what would be done
    #[arg(long, conflicts_with = "reload")]
    dry_run: bool,
    /// Bring images that were built anew under the same name into the nodes, and replace the pods that run the old ones
    #[arg(long)]
    reload: bool,
}

/// Brings everything up.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    if args.dry_run {
        return planned::answer(&plan_up(ctx).await?);
    }
    let up = if args.reload { up_and_reload(ctx).await? } else { up(ctx).await? };
    Ok(Answer::new(text(&up), &up)?.failed_if(!up.passed))
}

fn text(up: &Up) -> String {
    let at = |time: Duration| format!("{:.1} s", time.as_secs_f64());
    let steps = up.times.timeline.iter();
    let mut text = table(
        ["step", "from", "to", "waited for"],
        steps.map(|span| [span.name.clone(), at(span.start), at(span.end), span.after.join(", ")]),
    );
    let legs: Vec<String> = up.times.critical_path.iter().map(|leg| format!("{} {}", leg.name, at(leg.took))).collect();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "\ncritical path, {:.1} s: {}\n", up.times.critical_path_seconds, legs.join(" → "));
    text.push_str(&checks(&up.checks, up.passed));
    let came_to = match (up.unchanged, up.changes.len()) {
        (true, _) => "nothing changed".to_owned(),
        (false, n) => format!("{n} of the lab's steps; MetalLB: {}", came_to(&up.deployed)),
    };
    let _ = writeln!(text, "lab {} is up: {came_to}, {:.1} s", up.lab, up.times.seconds);
    text
}
