//! Diagnosing a lab, also where a wait for it ended badly.

use std::time::Duration;

use crate::bringup::running::Running;
use crate::context::Context;
use crate::diagnose::{Diagnosis, gather};
use crate::failure::{Failure, Kind};
use crate::scene::Scene;

/// Bound on a diagnosis that nobody asked for.
const BOUND: Duration = Duration::from_secs(20);

/// Looks at everything, and names the causes of what is wrong. Nothing is changed; the lab may be made by anything.
///
/// # Errors
/// If the engine, or an existing cluster's API, does not answer.
pub async fn diagnose(ctx: &Context) -> Result<Diagnosis, Failure> {
    Ok(look(ctx).await?.1)
}

/// Returns a lab as it stands, and its diagnosis.
pub(crate) async fn look(ctx: &Context) -> Result<(Scene, Diagnosis), Failure> {
    let scene = Scene::set(ctx, Running::find(ctx).await?).await?;
    let evidence = gather(&scene).await?;
    Ok((scene, Diagnosis::of(&evidence)))
}

/// Returns the end of an act; a failure whose wait ran out with a diagnosis, where one can be made soon.
///
/// # Errors
/// The failure of the act.
pub async fn explained<T>(ctx: &Context, end: Result<T, Failure>) -> Result<T, Failure> {
    let failure = match end {
        Err(failure) if failure.kind() == Kind::TimedOut => failure,
        other => return other,
    };
    let step = ctx.progress.step("diagnose");
    // What keeps the lab from working may keep the look from ending.
    match tokio::time::timeout(BOUND, diagnose(ctx)).await {
        Ok(Ok(diagnosis)) => {
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
