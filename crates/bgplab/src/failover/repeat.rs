//! The runs of a study, one after the other: with BFD as the lab has it, and without.

use super::outcome::Run;
use super::run::Study;
use super::settled::whole;
use super::watch::recorder::Recorder;
use super::without_bfd;
use crate::failure::Failure;

/// Does a number of runs.
///
/// # Errors
/// If something could not be broken, watched or restored.
pub(super) async fn runs(study: &Study<'_>, count: u32, recorder: &mut Recorder<'_>) -> Result<Vec<Run>, Failure> {
    let mut runs = Vec::new();
    for number in 1..=count {
        runs.push(study.once(number, recorder).await?);
    }
    Ok(runs)
}

/// Does a number of runs without BFD, which is on again at the end.
///
/// # Errors
/// As [`runs`], or if BFD cannot be turned off or on.
pub(super) async fn runs_without_bfd(
    study: &Study<'_>,
    count: u32,
    recorder: &mut Recorder<'_>,
) -> Result<Vec<Run>, Failure> {
    let Study { ctx, scene, docker, routers, .. } = study;
    let (mut kept, mut runs) = (Vec::new(), Vec::new());
    for number in 1..=count {
        // A daemon or pod that started anew in the run before has it on again.
        let mut step = ctx.progress.step("BFD off");
        kept.extend(without_bfd::off(scene, docker, routers, &ctx.restores).await?);
        // Sessions that went down with BFD come up again by themselves.
        whole(ctx, scene, false, &mut step).await?;
        step.done("for the comparison");
        let bound = study.bound(&study.timers().await);
        if let Some(bound) = bound.filter(|_| number == 1) {
            ctx.progress.say(&format!(
                "without BFD, each run may take {} s: that is what the hold timer allows",
                bound.0 / 1_000_000
            ));
        }
        runs.push(study.once(number, recorder).await?);
    }
    let mut step = ctx.progress.step("BFD on");
    for kept in kept.into_iter().rev() {
        kept.now().await?;
    }
    whole(ctx, scene, true, &mut step).await?;
    step.done("as before");
    Ok(runs)
}
