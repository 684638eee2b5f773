//! `undeploy-frr`: takes FRR off the workers, and gives the routers back their sessions with MetalLB.

use super::planned::or_nothing;
use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::acts::undeploy_frr;

/// Removes what `deploy-frr` made.
pub(crate) async fn run(ctx: &Ctx) -> Result<Answer, Failure> {
    let done = undeploy_frr(ctx).await?;
    Answer::new(or_nothing(&done.changes), &done)
}
