//! Removing what deploying MetalLB made, in an order that cannot hang.

use metallb::{Cluster, ObjectRef, Removal, RemovalReport};
use netlab::Engine;
use serde::Serialize;

use super::{label, locked};
use crate::bringup::cluster_is_there;
use crate::context::Context;
use crate::deploy::{CERT_MANAGER, MetalLbObserver, Target, nodes};
use crate::failure::Failure;
use labfile::Provider;

/// The owner that a MetalLB has to have to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// This lab.
    Own,
    /// Anybody.
    Any,
}

/// MetalLB, removed from a lab.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct MetallbUndeployed {
    /// The lab.
    pub lab: String,
    /// The steps of the removal.
    pub steps: RemovalReport,
    /// The objects that deploying had brought beside MetalLB, and that were removed; `None` without a cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beside: Option<Vec<ObjectRef>>,
    /// The objects beside MetalLB that were left, with the reason.
    #[serde(skip)]
    pub left: Vec<String>,
}

impl MetallbUndeployed {
    /// Returns the removed and the left objects, as lines of a diff.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.steps.removed().map(|object| format!("- {object}")).collect();
        lines.extend(self.steps.left().map(|left| format!("  left: {left}")));
        lines.extend(self.beside.iter().flatten().map(|object| format!("- {object}")));
        lines.extend(self.left.iter().map(|left| format!("  left: {left}")));
        lines
    }
}

/// Removes MetalLB and all that was made for it.
///
/// # Errors
/// A machine failure where it is another lab's; a step failure with what was removed among its causes.
pub async fn undeploy_metallb(ctx: &Context, ownership: Ownership) -> Result<MetallbUndeployed, Failure> {
    let (lab, docker) = locked(ctx, "undeploy-metallb").await?;
    let name = lab.name.to_string();
    let docker = docker.as_ref().filter(|_| lab.cluster.provider == Provider::Kind);
    if let Some(docker) = docker {
        let (networks, containers) = futures::try_join!(docker.networks(), docker.containers())?;
        if !cluster_is_there(&lab, &networks, &containers) {
            // Without a cluster there is nothing in it.
            let steps = RemovalReport::default();
            return Ok(MetallbUndeployed { lab: name, steps, beside: None, left: Vec::new() });
        }
    }
    // Pods on a node that does not run would never end.
    nodes(&lab, docker).await?;
    let target = Target::now(ctx, &lab, docker).await?;
    let include_foreign = ownership == Ownership::Any;
    let removal = Removal { include_foreign, ..Removal::of(label(&lab)?) };
    let steps = target.cluster.remove(&removal, &MetalLbObserver::after(&ctx.progress, [])).await?;
    let (beside, failed) = match beside(ctx, &target.cluster, &removal).await {
        Ok(removed) => (removed, None),
        Err(failure) => (Default::default(), Some(failure)),
    };
    let mut undeployed = MetallbUndeployed { lab: name, steps, beside: Some(beside.0), left: beside.1 };
    let mut lines = undeployed.lines();
    lines.extend(failed.as_ref().map(|failure| failure.message().to_owned()));
    let steps = undeployed.steps.into_result().map_err(Failure::from);
    let end = match failed {
        None => steps,
        Some(failure) => steps.and(Err(failure)),
    };
    undeployed.steps = end.map_err(|failure| lines.iter().fold(failure, |failure, line| failure.because(line)))?;
    Ok(undeployed)
}

/// Removes cert-manager, where deploying brought it.
async fn beside(ctx: &Context, cluster: &Cluster, removal: &Removal) -> Result<(Vec<ObjectRef>, Vec<String>), Failure> {
    let (namespace, group) = CERT_MANAGER;
    let step = ctx.progress.step(format!("remove {namespace}"));
    let (removed, left) = cluster.remove_claimed(namespace, group, &removal.lab, removal.bound).await?;
    step.done(if removed.is_empty() { "not there" } else { "done" });
    Ok((removed, left))
}
