//! The proof that a deployment works: every check holds.

use std::time::Duration;

use settle::Wait;

use super::{Deploy, Deployed, Target, apply, reload};
use crate::bringup;
use crate::bringup::running::Running;
use crate::checks::Report;
use crate::failure::Failure;
use crate::scene::Scene;

/// The time that pods may take to be replaced once everything else holds.
const CALM: Duration = Duration::from_secs(60);

/// The time that one MetalLB may take to replace another: its pods start one after the other, with their images.
const REPLACED: Duration = Duration::from_secs(300);

/// The number of looks in a row that have to find everything right while pods are replaced.
const STABLE: u32 = 3;

impl Deploy<'_> {
    /// Waits until the routers have learned the address and get an answer from it, and looks at everything else once.
    /// One look is enough if nothing was changed, as long as it finds nothing wrong.
    ///
    /// # Errors
    /// A wait that ran out, with what was missing at the last look.
    pub async fn proved(&self, deployed: &Deployed, unchanged: bool) -> Result<Report, Failure> {
        let running = Running { lab: self.lab.clone(), docker: self.engine.cloned() };
        // Pods that were replaced here were waited for.
        if deployed.in_place && !unchanged && (deployed.changed > 0 || deployed.reloaded.is_empty()) {
            return self.replaced(running).await;
        }
        let scene = Scene::set(self.ctx, running.clone()).await?;
        if unchanged {
            let mut step = self.ctx.progress.step("verify");
            apply::LAST.iter().for_each(|after| step.after(*after));
            let report = scene.report().await?;
            step.done(if report.passed() { "all passed" } else { "not all passed" });
            if report.passed() {
                return Ok(report);
            }
        }
        let reload = (!deployed.reloaded.is_empty()).then_some(reload::STEP);
        let after: Vec<String> = apply::LAST.into_iter().chain(reload).map(str::to_owned).collect();
        let report = scene.settled(self.ctx, bringup::SETTLE_BOUND, &after).await?;
        if report.passed() { Ok(report) } else { self.calm(running).await }
    }

    /// Waits until every check holds while pods are replaced by others, whose images follow, and stays so.
    async fn replaced(&self, running: Running) -> Result<Report, Failure> {
        let mut step = self.ctx.progress.step("every check");
        apply::LAST.iter().for_each(|after| step.after(*after));
        let wait = Wait::new("every check", REPLACED).every(Duration::from_secs(1)).stable(STABLE);
        let target = Target::now(self.ctx, self.lab, self.docker).await?;
        let (report, _) = tokio::select! {
            whole = Scene::whole(self.ctx, &running, &wait, &mut step, |_| true) => whole?,
            Err(failure) = self.images_follow(&target) => return Err(failure),
        };
        step.done("all passed");
        Ok(report)
    }

    /// Looks again at what did not hold at once: pods may still be replaced by those of a change that was just made.
    /// Returns the report that passed, or what is there in the end.
    async fn calm(&self, running: Running) -> Result<Report, Failure> {
        let mut step = self.ctx.progress.step("every check");
        let wait = Wait::new("every check", CALM).every(Duration::from_secs(1));
        match Scene::whole(self.ctx, &running, &wait, &mut step, |_| true).await {
            Ok((report, _)) => {
                step.done("all passed");
                Ok(report)
            }
            Err(_) => {
                step.done("not all passed");
                Scene::set(self.ctx, running).await?.report().await
            }
        }
    }
}
