//! `verify`: every check by name, looked at once or until all pass.

use std::time::Duration;

use super::write;
use crate::ctx::Ctx;
use crate::exit::{self, Answer};
use bgplab::acts::{verify, verify_within};
use bgplab::checks::{Check, Report};
use bgplab::{Failure, junit};
use camino::Utf8PathBuf;

/// Options of `verify`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Also write the checks as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<Utf8PathBuf>,
    /// Look again until every check passes, for so long
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u64>,
}

/// Looks at everything that the lab has to be.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Answer, Failure> {
    write::possible(args.junit.as_ref(), write::JUNIT)?;
    let end = match args.wait {
        None => verify(ctx).await,
        Some(seconds) => verify_within(ctx, Duration::from_secs(seconds)).await,
    };
    // A wait that ran out has seen something, too.
    let seen: Option<&[Check]> = match &end {
        Ok(verified) => Some(&verified.checks),
        Err(failure) => failure.last_checks(),
    };
    if let (Some(file), Some(checks)) = (&args.junit, seen) {
        let document =
            junit::of_report(&Report::new(checks.to_vec()), ctx.lab()?.name.as_str(), ctx.progress.elapsed());
        write::report(file, write::JUNIT, &document)?;
    }
    let verified = end?;
    let table = exit::checks::table(&Report::new(verified.checks.clone()));
    Ok(Answer::new(table, &verified)?.failed_if(!verified.passed))
}
