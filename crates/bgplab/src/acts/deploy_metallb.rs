//! Deploying MetalLB to a lab that is up.

use serde::Serialize;

use super::{Planned, engine, locked};
use crate::bringup::Mode;
use crate::checks::Check;
use crate::context::Context;
use crate::deploy::{self, Deploy, Deployed};
use crate::failure::Failure;
use crate::progress::Times;

/// MetalLB, deployed to a lab.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct MetallbDeployed {
    /// The lab.
    pub lab: String,
    /// `true` if nothing had to be done.
    pub unchanged: bool,
    /// The steps that were done.
    pub deployed: Deployed,
    /// `true` if every check passed.
    pub passed: bool,
    /// The checks.
    pub checks: Vec<Check>,
    /// The run's times.
    #[serde(flatten)]
    pub times: Times,
}

/// Installs and configures MetalLB; returns when every router has learned its address and reaches it.
///
/// # Errors
/// [`Failure`]; what was done stays, and the next run goes on from there.
pub async fn deploy_metallb(ctx: &Context) -> Result<MetallbDeployed, Failure> {
    let (lab, docker) = locked(ctx, "deploy-metallb").await?;
    let nodes = deploy::nodes(&lab, docker.as_ref()).await?;
    let deploy = Deploy::prepare(ctx, &lab, docker.as_ref(), Mode::Apply).await?;
    let deployed = deploy.alone(&nodes).await?;
    let report = deploy.proved(&deployed, deployed.is_unchanged()).await?;
    Ok(MetallbDeployed {
        lab: lab.name.to_string(),
        unchanged: deployed.is_unchanged(),
        deployed,
        passed: report.passed(),
        checks: report.checks,
        times: ctx.progress.times(),
    })
}

/// Returns the steps that [`deploy_metallb`] would do.
///
/// # Errors
/// As [`deploy_metallb`].
pub async fn plan_deploy_metallb(ctx: &Context) -> Result<Planned, Failure> {
    let lab = ctx.lab()?;
    let docker = engine(&lab).await?;
    let nodes = deploy::nodes(&lab, docker.as_ref()).await?;
    let deploy = Deploy::prepare(ctx, &lab, docker.as_ref(), Mode::DryRun).await?;
    Ok(Planned::of(&lab, deploy.dry_run_alone(&nodes).await?))
}
