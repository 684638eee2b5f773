//! The leftovers of a run that was killed before it could restore them: found by marks, and by what is paused.

use std::path::Path;

use frrconf::Files;
use frrconf::vty::Daemon;
use netlab::{ContainerState, Docker, Engine, RunState};

use super::breakage::undo;
use super::marks;
use super::watch::logs;
use crate::context::Context;
use crate::failure::Failure;
use crate::router::Routers;
use labfile::Lab;

/// Restores what an earlier run left changed in a lab's containers, and says so.
///
/// # Errors
/// [`Failure`] of the first thing that could not be restored.
pub async fn restore_leftovers(ctx: &Context, lab: &Lab, docker: &Docker) -> Result<(), Failure> {
    for container in docker.containers().await?.iter().filter(|container| is_ours(lab, container)) {
        let Some(process) = docker.process_of(&container.name).await else { continue };
        let Some(endpoints) = marks::read(&process) else { continue };
        let step = ctx.progress.step(format!("{} as before a failover that was cut off", container.name));
        if container.run == RunState::Paused {
            docker.unpause(&container.name).await?;
        }
        undo::pass(docker, &container.name).await?;
        for endpoint in endpoints {
            let name = netlab::Name::new(container.name.as_str()).map_err(|error| Failure::step(error.to_string()))?;
            if !container.endpoints.contains_key(endpoint.network.as_str()) {
                docker.connect(&name, &endpoint).await?;
            }
        }
        if container.lab.is_some() {
            configuration(docker, &container.name).await?;
        } else {
            kubelet(docker, &container.name, &process).await?;
        }
        marks::remove(&process).map_err(|error| Failure::step("a mark cannot be removed").cause(&error))?;
        step.done("put right");
    }
    Ok(())
}

/// `true` for the lab's containers, by their label, and for its cluster's nodes.
fn is_ours(lab: &Lab, container: &ContainerState) -> bool {
    let labelled = container.lab.as_deref() == Some(lab.name.as_str());
    labelled || (container.lab.is_none() && lab.cluster.is_node(&container.name))
}

/// Restores the logs, then reloads the written configuration with FRR's own tool: sessions that were shut down, BFD
/// that was off.
async fn configuration(docker: &Docker, container: &str) -> Result<(), Failure> {
    let routers = Routers::new(docker);
    for daemon in [Daemon::Bgpd, Daemon::Bfdd] {
        // A daemon that does not run logs nothing.
        if let Ok(before) = logs::before(&routers, container, daemon).await {
            logs::quiet(docker, container, daemon, &before).await?;
        }
    }
    let done = docker.exec(container, &Files::RELOAD).await?;
    if done.code == 0 {
        return Ok(());
    }
    Err(Failure::step(format!("{container} does not take its own configuration")).because(done.stderr))
}

/// Restarts the kubelet of a node, which registers the node again if it was deleted from the API.
async fn kubelet(docker: &Docker, node: &str, process: &Path) -> Result<(), Failure> {
    if !process.join("root/var/lib/kubelet").is_dir() {
        return Ok(());
    }
    crate::kubelet::restart(docker, node).await
}
