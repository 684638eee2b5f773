//! Another MetalLB in place of the one that is there: the scenarios that deploy.

use labfile::{Backend, Lab};

use super::scenario::Scenario;
use super::stamp::{Stamp, Within};
use crate::bringup::Mode;
use crate::bringup::running::reread;
use crate::context::Context;
use crate::deploy::Deploy;
use crate::failure::Failure;
use crate::scene::Scene;

/// The deployment that a run makes, and the one that it ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redeployment {
    /// The lab with the MetalLB that is deployed.
    pub to: Lab,
    /// The lab as it was, where it comes back: an upgrade stays.
    pub back: Option<Lab>,
}

/// Returns the deployment of a scenario; `None` if it deploys nothing. An upgrade is to MetalLB as the lab file and the
/// options have it; a change of the backend is to the other one with FRR.
///
/// # Errors
/// Wrong use, if the lab file does not fit the other backend.
pub(crate) fn of(ctx: &Context, scene: &Scene, scenario: Scenario) -> Result<Option<Redeployment>, Failure> {
    let with = |backend| reread(ctx, |overrides| overrides.backend = Some(backend));
    let now = scene.lab.metallb.backend;
    Ok(match scenario {
        Scenario::Upgrade => Some(Redeployment { to: with(now)?, back: None }),
        Scenario::Backend => {
            let other = if now == Backend::Frr { Backend::FrrK8s } else { Backend::Frr };
            Some(Redeployment { to: with(other)?, back: Some(with(now)?) })
        }
        _ => None,
    })
}

/// Deploys a lab's MetalLB in place, until every check holds.
///
/// # Errors
/// As a deployment; a failed step where nothing was to be changed, so that nothing was measured.
pub(crate) async fn deploy(ctx: &Context, scene: &Scene, lab: &Lab) -> Result<Within, Failure> {
    let from = Stamp::now();
    let deploy = Deploy::prepare(ctx, lab, scene.docker.as_ref(), Mode::Apply).await?;
    let deployed = deploy.alone(&scene.nodes).await?;
    if deployed.is_unchanged() {
        return Err(Failure::step("there is nothing to upgrade")
            .because("the cluster has the MetalLB of the lab file and the options already")
            .next("⌘ deploy-metallb of the older version comes first"));
    }
    let report = deploy.proved(&deployed, false).await?;
    if !report.passed() {
        return Err(Failure::step("not every check holds after the deployment").because(report.missing()));
    }
    Ok(Within { from, to: Stamp::now() })
}
