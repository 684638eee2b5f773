//! `diagnose`: why the lab is not as it should be; also by itself, where a wait ended badly.

use std::time::Duration;

use crate::ctx::Ctx;
use crate::exit::{self, Answer};
use bgplab::bringup::running::Running;
use bgplab::checks::Scene;
use bgplab::diagnose::{self, Diagnosis};
use bgplab::{Failure, Kind};

/// How long a diagnosis may take that nobody asked for.
const BOUND: Duration = Duration::from_secs(20);

/// Looks at everything, and names the causes.
pub(crate) async fn run(ctx: &Ctx) -> Result<Answer, Failure> {
    let (_, diagnosis) = look(ctx).await?;
    Ok(Answer::new(diagnosis.text(ctx.command), &exit::diagnosis::to_json(&diagnosis, ctx.command))?
        .failed_if(!diagnosis.is_healthy()))
}

/// What was seen, and what follows from it.
///
/// # Errors
/// Where the engine, or an existing cluster's API, does not answer.
pub(super) async fn look(ctx: &Ctx) -> Result<(Scene, Diagnosis), Failure> {
    let scene = Scene::set(ctx, Running::find(ctx).await?).await?;
    let evidence = diagnose::gather(&scene).await?;
    Ok((scene, Diagnosis::of(&evidence)))
}

/// How a verb that waits ended; where its wait ran out, with what a diagnosis finds. The exit code stays.
pub(super) async fn explained(ctx: &Ctx, end: Result<Answer, Failure>) -> Result<Answer, Failure> {
    let failure = match end {
        Err(failure) if failure.kind() == Kind::TimedOut => failure,
        other => return other,
    };
    let step = ctx.progress.step("diagnose");
    // What keeps the lab from working may keep the look from ending.
    match tokio::time::timeout(BOUND, look(ctx)).await {
        Ok(Ok((_, diagnosis))) => {
            step.done(format!("{} found", diagnosis.findings.len()));
            Err(failure.explained(diagnosis))
        }
        Ok(Err(other)) => {
            step.failed(other.message());
            Err(failure)
        }
        Err(_) => {
            step.failed(format!("no end within {} s", BOUND.as_secs()));
            Err(failure)
        }
    }
}
