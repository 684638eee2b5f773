//! `deploy-frr`: FRR on the workers without MetalLB, with a BFD session to each router and nothing above.

use super::planned::{self, or_nothing};
use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::acts::{deploy_frr, plan_deploy_frr};
use bgplab::checks::Report;

/// Deploys FRR, and waits until every session is up.
pub(crate) async fn run(ctx: &Ctx, args: &planned::Args) -> Result<Answer, Failure> {
    if args.dry_run {
        let planned = plan_deploy_frr(ctx).await?;
        return Answer::new(or_nothing(&planned.changes), &planned);
    }
    let done = deploy_frr(ctx).await?;
    let unchanged = done.changes.is_empty() && done.imports == 0;
    let came_to = if unchanged { "nothing changed".to_owned() } else { done.changes.join("\n") };
    Answer::new(format!("{came_to}\n{}", Report::new(done.checks.clone()).summary()), &done)
}
