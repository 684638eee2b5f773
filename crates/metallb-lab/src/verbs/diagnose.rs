//! `diagnose`: why the lab is not as it should be.

use crate::ctx::Ctx;
use crate::exit::{self, Answer};
use bgplab::{Failure, acts};

/// The options of `diagnose`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Diagnose a cluster with MetalLB that no lab file describes, named by --kubeconfig and --context, and those of its
    /// peers that are containers here: what should be is read from MetalLB's resources
    #[arg(long)]
    from_cluster: bool,
}

/// Looks at everything, and names the causes.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    let diagnosis = if args.from_cluster { acts::diagnose_cluster(ctx).await? } else { acts::diagnose(ctx).await? };
    let document = exit::diagnosis::to_json(&diagnosis, ctx.command);
    Ok(Answer::new(diagnosis.text(ctx.command), &document)?.failed_if(!diagnosis.is_healthy()))
}
