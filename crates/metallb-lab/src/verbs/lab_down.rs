//! `lab-down`: removes all that is ours, reports every failure, leaves nothing.

use super::planned::or_nothing;
use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::acts::{lab_down, plan_lab_down};

/// Options of `lab-down`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Only say what would be removed
    #[arg(long)]
    dry_run: bool,
}

/// Takes the lab away.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    if args.dry_run {
        let planned = plan_lab_down(ctx).await?;
        return Answer::new(or_nothing(&planned.lines()), &planned);
    }
    let down = lab_down(ctx).await?;
    Ok(Answer::new(down.lines().join("\n"), &down)?.failed_if(!down.removed.is_clean()))
}
