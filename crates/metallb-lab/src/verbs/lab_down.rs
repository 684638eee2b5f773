//! `lab-down`: removes all that is ours, reports every failure, leaves nothing.

use super::planned::or_nothing;
use crate::ctx::Ctx;
use crate::exit::{Answer, Code};
use bgplab::Failure;
use bgplab::acts::{lab_down, plan_lab_down};
use netlab::TeardownFailure;

/// Options of `lab-down`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
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
    let code = match down.removed.failures.as_slice() {
        [] => Code::Ok,
        // Only what is not the lab's stands in the way.
        failures if failures.iter().all(|failure| matches!(failure, TeardownFailure::InUse { .. })) => Code::Machine,
        _ => Code::Failed,
    };
    Ok(Answer::new(down.lines().join("\n"), &down)?.with_code(code))
}
