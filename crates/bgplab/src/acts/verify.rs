//! Checking a lab by name: once, or until every check passes.

use std::time::Duration;

use serde::Serialize;
use settle::{Verdict, Wait};

use crate::bringup::running::Running;
use crate::checks::{Check, Report};
use crate::context::Context;
use crate::failure::{Failure, Kind};
use crate::scene::Scene;

/// A lab that was checked.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Verified {
    /// The lab.
    pub lab: String,
    /// `true` if every check passed.
    pub passed: bool,
    /// The checks, by topic.
    pub checks: Vec<Check>,
}

/// Looks once at everything that has to be true of the lab.
///
/// # Errors
/// If the engine, or an existing cluster's API, does not answer. A check that fails is no error.
pub async fn verify(ctx: &Context) -> Result<Verified, Failure> {
    let scene = Scene::set(ctx, Running::find(ctx).await?).await?;
    let report = scene.report().await?;
    Ok(Verified { lab: scene.lab.name.to_string(), passed: report.passed(), checks: report.checks })
}

/// Looks until every check passes, for as long as `bound`.
///
/// # Errors
/// A wait that ran out, with the [last checks](Failure::last_checks); what is wrong with the lab file.
pub async fn verify_within(ctx: &Context, bound: Duration) -> Result<Verified, Failure> {
    let mut last = None;
    let wait = Wait::new("every check", bound);
    let seen = wait.poll(async || match verify(ctx).await {
        Ok(seen) if seen.passed => Verdict::Ready(seen),
        Ok(seen) => {
            let report = Report { checks: seen.checks };
            let missing = report.missing();
            last = Some(report.checks);
            Verdict::NotYet(missing)
        }
        // A wrong lab file stays one; an engine or an API server that is just starting may answer soon.
        Err(failure) if failure.kind() == Kind::WrongUse => Verdict::Failed(failure),
        Err(failure) => Verdict::NotYet(failure.message().to_owned()),
    });
    let end = seen.await;
    end.map_err(|unsettled| match last {
        Some(checks) => Failure::from(unsettled).checks(checks),
        None => unsettled.into(),
    })
}
