//! `verify`: every check by name, looked at once.

use std::time::Duration;

use serde_json::json;
use settle::Wait;

use super::write;
use crate::bringup::running::Running;
use crate::checks::{Report, Scene};
use crate::cli::VerifyArgs;
use crate::ctx::Ctx;
use crate::exit::{Answer, Failure};
use crate::lab::Lab;

/// Looks at everything that the lab has to be.
pub(crate) async fn run(ctx: &Ctx, args: &VerifyArgs) -> Result<Answer, Failure> {
    write::possible(args.junit.as_ref(), write::JUNIT)?;
    let (lab, report) = match args.wait {
        None => report(ctx).await?,
        Some(bound) => {
            let wait = Wait::new("every check", Duration::from_secs(bound));
            wait.poll(async || match report(ctx).await {
                Ok((lab, report)) => report.verdict().map(|report| (lab, report)),
                Err(failure) => settle::Verdict::Failed(failure),
            })
            .await?
        }
    };
    if let Some(file) = &args.junit {
        write::report(file, write::JUNIT, &report.junit(lab.name.as_str(), ctx.progress.elapsed()))?;
    }
    let document = json!({ "lab": lab.name.as_str(), "passed": report.passed(), "checks": report.checks });
    Ok(Answer::new(report.table(), &document)?.failed_if(!report.passed()))
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
