//! The ways back. Each may be taken again, and does nothing if nothing is broken.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use frrconf::change::bgp;
use frrconf::values::Asn;
use frrconf::vty::Daemon;
use futures::FutureExt;
use netlab::{Docker, Endpoint, Engine, RunState};

use super::super::watch::logs::execute_once_up;
use super::{Action, packets};
use crate::failure::Failure;
use crate::process::Cmd;
use crate::restores::Back;
use crate::router::{AskError, Routers};
use crate::scene::Scene;
use labfile::Role;

/// A way back.
pub(crate) struct Undo {
    /// The name, as progress shows it.
    pub name: String,
    /// The way back itself.
    pub back: Back,
}

impl fmt::Debug for Undo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Undo").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Undo {
    fn new<F>(name: String, back: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), Failure>> + 'static,
    {
        Self { name, back: Arc::new(move || back().boxed_local()) }
    }
}

/// Returns the way back from an action that is about to be done; `None` if the lab comes back without us.
///
/// # Errors
/// If the way back cannot be determined.
pub(crate) async fn of(scene: &Scene, docker: &Docker, action: &Action) -> Result<Option<Undo>, Failure> {
    let docker = docker.clone();
    Ok(Some(match action.clone() {
        Action::Pause(container) => Undo::new(format!("unpause {container}"), move || {
            let (docker, container) = (docker.clone(), container.clone());
            async move { unpause(&docker, &container).await }
        }),
        Action::Drop(container) => Undo::new(format!("let BGP and BFD pass in {container}"), move || {
            let (docker, container) = (docker.clone(), container.clone());
            async move { pass(&docker, &container).await }
        }),
        Action::Unplug { container, network, addresses: (ipv4, ipv6) } => {
            let name = |text: &str| netlab::Name::new(text).map_err(|error| Failure::step(error.to_string()));
            let (owner, endpoint) = (name(&container)?, Endpoint { network: name(&network)?, ipv4, ipv6 });
            let topology = scene.topology.clone();
            Undo::new(format!("connect {container} to {network}"), move || {
                let (docker, owner, endpoint) = (docker.clone(), owner.clone(), endpoint.clone());
                let topology = topology.clone();
                async move { connect(&docker, &owner, &endpoint, &topology).await }
            })
        }
        Action::KillDaemons(container, daemons) => Undo::new(format!("daemons of {container} run"), move || {
            let (docker, container, daemons) = (docker.clone(), container.clone(), daemons.clone());
            async move { running(&docker, &container, &daemons).await }
        }),
        Action::Shutdown(router, neighbors) => {
            let commands = bgp::bring_up(asn(scene, &router)?, &neighbors);
            Undo::new(format!("no shutdown on {router}"), move || {
                let (docker, router, commands) = (docker.clone(), router.clone(), commands.clone());
                async move { execute_once_up(&Routers::new(&docker), &router, Daemon::Bgpd, commands.lines()).await }
            })
        }
        Action::KillContainer(container) => Undo::new(format!("start {container}"), move || {
            let (docker, container) = (docker.clone(), container.clone());
            async move { Ok(docker.start(&container).await?) }
        }),
        Action::DeletePod(_) | Action::DeleteEndpoints(_) | Action::RestartSpeakers | Action::Deploy(_) => {
            return Ok(None);
        }
        Action::Cordon(node) | Action::Drain(node) => {
            let Some((cluster, _)) = &scene.cluster else { return Ok(None) };
            let cluster = cluster.clone();
            Undo::new(format!("uncordon {node}"), move || {
                let (cluster, node) = (cluster.clone(), node.clone());
                async move { Ok(cluster.set_unschedulable(&node, false).await?) }
            })
        }
        Action::DeleteNode(node) => {
            let Some((cluster, _)) = &scene.cluster else { return Ok(None) };
            let (cluster, saved) = (cluster.clone(), cluster.saved_node(&node).await?);
            Undo::new(format!("register node {node} again"), move || {
                let (docker, cluster, saved, node) = (docker.clone(), cluster.clone(), saved.clone(), node.clone());
                async move {
                    cluster.restore_node(&saved).await?;
                    crate::kubelet::restart(&docker, &node).await
                }
            })
        }
    }))
}

/// Lets a container go on, and its packets pass: packets first, so that it does not go on for an instant as if alone.
///
/// # Errors
/// An error of the engine, or of iptables.
pub(crate) async fn unpause(docker: &Docker, container: &str) -> Result<(), Failure> {
    pass(docker, container).await?;
    match docker.container(container).await? {
        Some(state) if state.run == RunState::Paused => Ok(docker.unpause(container).await?),
        _ => Ok(()),
    }
}

/// Lets packets that were dropped in a container pass again.
///
/// # Errors
/// If the rules cannot be removed.
pub(crate) async fn pass(docker: &Docker, container: &str) -> Result<(), Failure> {
    let cmd: Cmd = packets::pass(&process(docker, container).await?);
    cmd.read().await?;
    Ok(())
}

/// Finds the first process of a container, as its folder below `/proc`.
///
/// # Errors
/// If it cannot be seen from here.
pub(crate) async fn process(docker: &Docker, container: &str) -> Result<PathBuf, Failure> {
    docker.process_of(container).await.ok_or_else(|| {
        Failure::machine(format!("the processes of {container} are not to be seen from here"))
            .next("it has to run, on an engine of this machine, and this command as root")
    })
}

/// Connects a container to a network again, with the addresses that it had, and sets the routes that it lost with the
/// link.
///
/// # Errors
/// An error of the engine.
pub(crate) async fn connect(
    docker: &Docker,
    container: &netlab::Name,
    endpoint: &Endpoint,
    topology: &netlab::Lab,
) -> Result<(), Failure> {
    let there = docker.container(container.as_str()).await?;
    if there.is_some_and(|state| !state.endpoints.contains_key(endpoint.network.as_str())) {
        docker.connect(container, endpoint).await?;
    }
    // The kernel deleted its routes with the link.
    let plan = netlab::plan(topology, &netlab::observe(docker, topology).await?)?;
    netlab::apply(docker, &plan, &()).await?;
    Ok(())
}

async fn running(docker: &Docker, container: &str, daemons: &[Daemon]) -> Result<(), Failure> {
    let routers = Routers::new(docker);
    for daemon in daemons {
        if execute_once_up(&routers, container, *daemon, &[]).await.is_err() {
            // A restart of the container clears whatever held the daemon back.
            docker.restart(container).await?;
            execute_once_up(&routers, container, *daemon, &[]).await?;
        }
    }
    Ok(())
}

/// Returns the AS number of a router.
///
/// # Errors
/// If the router speaks no BGP.
pub(super) fn asn(scene: &Scene, router: &str) -> Result<Asn, Failure> {
    let asn = scene.lab.routers.iter().find(|one| one.name.as_str() == router).and_then(|one| match one.role {
        Role::Speaker(asn) => Some(asn),
        Role::Forwarder => None,
    });
    asn.map(Into::into).ok_or_else(|| Failure::wrong_use(format!("{router} speaks no BGP")))
}

/// Returns the failure for a router that did not take a command.
pub(crate) fn not_executed(error: AskError) -> Failure {
    Failure::step("a router did not carry out a command").cause(&error)
}
