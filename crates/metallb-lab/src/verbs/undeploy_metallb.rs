//! `undeploy-metallb`: removes what deploying made.

use super::planned::or_nothing;
use crate::ctx::Ctx;
use crate::exit::Answer;
use bgplab::Failure;
use bgplab::acts::{Ownership, undeploy_metallb};

/// Options of `undeploy-metallb`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Also remove a MetalLB that this lab did not install
    #[arg(long = "even-if-foreign")]
    include_foreign: bool,
}

/// Removes MetalLB.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let ownership = if args.include_foreign { Ownership::Any } else { Ownership::Own };
    let done = undeploy_metallb(ctx, ownership).await?;
    Answer::new(or_nothing(&done.lines()), &done)
}
