//! `diagnose`: why the lab is not as it should be.

use crate::ctx::Ctx;
use crate::exit::{self, Answer};
use bgplab::{Failure, acts};

/// Looks at everything, and names the causes.
pub(crate) async fn run(ctx: &Ctx) -> Result<Answer, Failure> {
    let diagnosis = acts::diagnose(ctx).await?;
    let document = exit::diagnosis::to_json(&diagnosis, ctx.command);
    Ok(Answer::new(diagnosis.text(ctx.command), &document)?.failed_if(!diagnosis.is_healthy()))
}
