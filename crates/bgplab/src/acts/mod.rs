//! The acts on a lab: each takes the [`Context`] of a run, and returns a typed result.
//!
//! An act reads the lab, finds its engine or cluster, and locks the lab while it changes it. An act that brings something
//! up returns when it works. A `plan_…` looks, and changes nothing.

mod deploy_frr;
mod deploy_metallb;
mod diagnose;
mod lab_down;
mod lab_up;
mod repair;
mod undeploy_frr;
mod undeploy_metallb;
mod up;
mod verify;

use labfile::{Lab, Provider};
use metallb::value::{InvalidName, Name};
use netlab::Docker;
use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;

pub use self::deploy_frr::{FrrDeployed, deploy_frr, plan_deploy_frr};
pub use self::deploy_metallb::{MetallbDeployed, deploy_metallb, plan_deploy_metallb};
pub use self::diagnose::{diagnose, diagnose_cluster, explained};
pub use self::lab_down::{LabDown, LabDownPlan, lab_down, plan_lab_down};
pub use self::lab_up::{LabUp, lab_up, plan_lab_up};
pub use self::repair::{Repaired, plan_repair, repair};
pub use self::undeploy_frr::{FrrUndeployed, undeploy_frr};
pub use self::undeploy_metallb::{MetallbUndeployed, Ownership, undeploy_metallb};
pub use self::up::{Up, plan_up, up, up_and_reload};
pub use self::verify::{Verified, verify, verify_within};
pub use crate::explain::explain;
pub use crate::failover::measure as failover;
pub use crate::status::status;

pub(crate) use self::diagnose::look;

/// The steps that an act would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Planned {
    /// The lab.
    pub lab: String,
    /// `true`: nothing was changed.
    pub dry_run: bool,
    /// The steps, as lines of a diff.
    pub changes: Vec<String>,
}

impl Planned {
    fn of(lab: &Lab, changes: Vec<String>) -> Self {
        Self { lab: lab.name.to_string(), dry_run: true, changes }
    }
}

/// Connects to the engine; an existing cluster does without one.
async fn engine(lab: &Lab) -> Result<Option<Docker>, Failure> {
    match lab.cluster.provider {
        Provider::Existing { .. } => Ok(Docker::connect().await.ok()),
        Provider::Kind | Provider::Standalone { .. } => Ok(Some(Docker::connect().await?)),
    }
}

/// Returns the lab's name as a label of Kubernetes.
pub(crate) fn label(lab: &Lab) -> Result<Name, Failure> {
    lab.name.as_str().parse().map_err(|error: InvalidName| Failure::wrong_use(error.to_string()))
}

/// Reads the lab, connects to its engine, and locks it for a verb.
async fn locked(ctx: &Context, verb: &str) -> Result<(Lab, Option<Docker>), Failure> {
    let lab = ctx.lab()?;
    let docker = engine(&lab).await?;
    ctx.lock(&lab, docker.as_ref(), verb)?;
    Ok((lab, docker))
}
