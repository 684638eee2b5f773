//! The proof that a deployment works: every check holds.

use std::time::Duration;

use settle::{Verdict, Wait};

use super::{Deploy, apply};
use crate::bringup;
use crate::bringup::running::Running;
use crate::checks::Report;
use crate::failure::Failure;
use crate::scene::Scene;

/// The time that pods may take to be replaced once everything else holds.
const CALM: Duration = Duration::from_secs(60);

impl Deploy<'_> {
    /// Waits until the routers have learned the address and get an answer from it, and looks at everything else once.
    /// One look is enough if nothing was changed, as long as it finds nothing wrong.
    ///
    /// # Errors
    /// A wait that ran out, with what was missing at the last look.
    pub async fn proved(&self, unchanged: bool) -> Result<Report, Failure> {
        let running = Running { lab: self.lab.clone(), docker: self.engine.cloned() };
        let scene = Scene::set(self.ctx, running).await?;
        if unchanged {
            let mut step = self.ctx.progress.step("verify");
            apply::LAST.iter().for_each(|after| step.after(*after));
            let report = scene.report().await?;
            step.done(if report.passed() { "all passed" } else { "not all passed" });
            if report.passed() {
                return Ok(report);
            }
        }
        let report = scene.settled(self.ctx, bringup::SETTLE_BOUND, &apply::LAST.map(str::to_owned)).await?;
        if report.passed() { Ok(report) } else { self.calm(report).await }
    }

    /// Looks again at what did not hold at once: pods may still be replaced by those of a change that was just made.
    /// Returns the first report that passed, or the last one.
    async fn calm(&self, first: Report) -> Result<Report, Failure> {
        let mut step = self.ctx.progress.step("every check");
        step.note(first.missing());
        let mut last = first;
        let wait = Wait::new("every check", CALM).every(Duration::from_secs(1));
        let ended = wait.poll(async || {
            let running = Running { lab: self.lab.clone(), docker: self.engine.cloned() };
            match async { Scene::set(self.ctx, running).await?.report().await }.await {
                Ok(report) if report.passed() => Verdict::Ready(report),
                Ok(report) => {
                    step.note(report.missing());
                    let missing = report.missing();
                    last = report;
                    Verdict::NotYet(missing)
                }
                Err(failure) => Verdict::<_, Failure>::NotYet(failure.message().to_owned()),
            }
        });
        let ended = ended.await;
        step.done(if ended.is_ok() { "all passed" } else { "not all passed" });
        Ok(ended.unwrap_or(last))
    }
}
