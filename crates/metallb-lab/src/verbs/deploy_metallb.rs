//! `deploy-metallb`: from a lab that is up to a service whose address every router has learned and reaches.

use super::planned;
use crate::ctx::Ctx;
use crate::exit::{self, Answer};
use bgplab::Failure;
use bgplab::acts::{deploy_metallb, plan_deploy_metallb};
use bgplab::checks::{Check, Report};
use bgplab::deploy::Deployed;

/// Deploys MetalLB.
pub(crate) async fn run(ctx: &Ctx, args: &planned::Args) -> Result<Answer, Failure> {
    if args.dry_run {
        return planned::answer(&plan_deploy_metallb(ctx).await?);
    }
    let done = deploy_metallb(ctx).await?;
    let (checks, came_to) = (checks(&done.checks, done.passed), came_to(&done.deployed));
    let text = format!("{checks}MetalLB of lab {} is up: {came_to}, {:.1} s\n", done.lab, done.times.seconds);
    Ok(Answer::new(text, &done)?.failed_if(!done.passed))
}

/// Returns the checks in sum; each where not all passed.
pub(super) fn checks(checks: &[Check], passed: bool) -> String {
    let report = Report::new(checks.to_vec());
    if passed { report.summary() } else { exit::checks::table(&report) }
}

/// Returns the outcome of a deployment, in words.
pub(super) fn came_to(deployed: &Deployed) -> String {
    let without = match deployed.left_out.as_slice() {
        [] => String::new(),
        what => format!(", without {}", what.join(", ")),
    };
    if deployed.is_unchanged() {
        return format!("nothing changed{without}");
    }
    let count = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let mut parts = vec![count(deployed.changed, "change")];
    for (n, one) in [
        (deployed.imports, "image import"),
        (deployed.reloaded.len(), "replaced pod"),
        (deployed.repairs.len(), "repair"),
        (deployed.routers.len(), "router step"),
    ] {
        parts.extend((n > 0).then(|| count(n, one)));
    }
    parts.join(", ") + &without
}
