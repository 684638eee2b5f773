//! `verify`: every check by name, looked at once.

use std::time::Duration;

use serde_json::json;
use settle::{Verdict, Wait};

use super::write;
use crate::cli::VerifyArgs;
use crate::ctx::Ctx;
use crate::exit::{self, Answer};
use bgplab::bringup::running::Running;
use bgplab::checks::{Report, Scene};
use bgplab::{Failure, Kind, junit};
use labfile::Lab;

/// Looks at everything that the lab has to be.
pub(crate) async fn run(ctx: &Ctx, args: &VerifyArgs) -> Result<Answer, Failure> {
    write::possible(args.junit.as_ref(), write::JUNIT)?;
    let mut last = None;
    let end = match args.wait {
        None => report(ctx).await,
        Some(bound) => passed(ctx, Duration::from_secs(bound), &mut last).await,
    };
    // A wait that ran out has seen something, too.
    if let (Some(file), Some((lab, report))) = (&args.junit, end.as_ref().ok().or(last.as_ref())) {
        write::report(file, write::JUNIT, &junit::of_report(report, lab.name.as_str(), ctx.progress.elapsed()))?;
    }
    let (lab, report) = end.map_err(|failure| match &last {
        Some((_, report)) => failure.checks(report.checks.clone()),
        None => failure,
    })?;
    let document = json!({ "lab": lab.name.as_str(), "passed": report.passed(), "checks": report.checks });
    Ok(Answer::new(exit::checks::table(&report), &document)?.failed_if(!report.passed()))
}

/// Looks until every check passes; `last` is what was seen before.
async fn passed(ctx: &Ctx, bound: Duration, last: &mut Option<(Lab, Report)>) -> Result<(Lab, Report), Failure> {
    let wait = Wait::new("every check", bound);
    let seen = wait.poll(async || match report(ctx).await {
        Ok(seen) if seen.1.passed() => Verdict::Ready(seen),
        Ok(seen) => {
            let missing = seen.1.missing();
            *last = Some(seen);
            Verdict::NotYet(missing)
        }
        // A wrong lab file stays one; an engine or an API server that is just starting may answer soon.
        Err(failure) if failure.kind() == Kind::WrongUse => Verdict::Failed(failure),
        Err(failure) => Verdict::NotYet(failure.message().to_owned()),
    });
    Ok(seen.await?)
}

/// One look at everything.
///
/// # Errors
/// Where the engine, or an existing cluster's API, does not answer.
pub(crate) async fn report(ctx: &Ctx) -> Result<(Lab, Report), Failure> {
    let scene = Scene::set(ctx, Running::find(ctx).await?).await?;
    let report = scene.report().await?;
    Ok((scene.lab, report))
}
