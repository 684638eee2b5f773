//! `repair`: brings back what a restart of Docker, of a node or of the machine took away.

use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::acts::{Repaired, plan_repair, repair};
use bgplab::checks::Report;

/// Options of `repair`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Only say what is wrong, and what would be done
    #[arg(long)]
    dry_run: bool,
}

/// Finds what is amiss, says it, and repairs it.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let done = if args.dry_run { plan_repair(ctx).await? } else { repair(ctx).await? };
    Answer::new(text(ctx, &done), &done)
}

fn text(ctx: &Ctx, done: &Repaired) -> String {
    let mut text: String = done.changes.iter().map(|change| format!("{}\n", change.diff)).collect();
    let Some(checks) = &done.checks else {
        return if text.is_empty() { "nothing to repair".to_owned() } else { text };
    };
    let seconds = ctx.progress.elapsed().as_secs_f64();
    let did = match done.changes.len() {
        0 => "nothing was amiss".to_owned(),
        1 => "1 thing repaired".to_owned(),
        n => format!("{n} things repaired"),
    };
    text.push_str(&Report::new(checks.clone()).summary());
    text.push_str(&format!("lab {} works: {did}, {seconds:.1} s\n", done.lab));
    text
}
