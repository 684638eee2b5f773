//! Does actions, and notes the moment at which they were done.

use frrconf::change::bgp;
use frrconf::vty::Daemon;
use metallb::Cluster;
use netlab::{Attachment, Docker};

use super::super::pod;
use super::super::stamp::{Stamp, Within};
use super::packets::{self, Dropped};
use super::undo::{self, Undo};
use super::{Action, processes};
use crate::context::Context;
use crate::failure::Failure;
use crate::restores::Kept;
use crate::router::Routers;
use crate::scene::Scene;

/// The means to break something in one lab.
#[derive(Debug)]
pub(crate) struct Breaker<'a> {
    /// The lab.
    pub scene: &'a Scene,
    /// The lab's engine.
    pub docker: &'a Docker,
    /// The run, whose end takes the ways back that were not taken.
    pub ctx: &'a Context,
}

/// A break that was done, with the way back.
#[derive(Debug)]
pub(crate) struct Broken {
    /// The moment of the break.
    pub at: Within,
    kept: Vec<Kept>,
}

impl Broken {
    /// Restores it, last action first, and returns the moment.
    ///
    /// # Errors
    /// The first step that failed; it is tried again at the end of the run.
    pub(crate) async fn back(self) -> Result<Within, Failure> {
        let from = Stamp::now();
        for kept in self.kept.into_iter().rev() {
            kept.now().await?;
        }
        Ok(Within { from, to: Stamp::now() })
    }
}

impl Breaker<'_> {
    /// Does all actions at once; each way back is kept before.
    ///
    /// # Errors
    /// If an action could not be done.
    pub(crate) async fn break_all(&self, actions: &[Action]) -> Result<Broken, Failure> {
        let mut kept = Vec::new();
        for action in actions {
            let undo = undo::of(self.scene, self.docker, action).await?;
            if let Some(Undo { name, back }) = undo {
                kept.push(self.ctx.restores.keep(name, move || back()));
            }
        }
        let moments = futures::future::try_join_all(actions.iter().map(|action| self.act(action))).await?;
        let now = || Within::at(Stamp::now());
        let first = moments.iter().map(|within| within.from).min();
        let last = moments.iter().map(|within| within.to).max();
        let at = first.zip(last).map_or_else(now, |(from, to)| Within { from, to });
        Ok(Broken { at, kept })
    }

    async fn act(&self, action: &Action) -> Result<Within, Failure> {
        let from = Stamp::now();
        match action {
            Action::Unplug { container, network, .. } => {
                self.docker.disconnect(Attachment { container, network }).await?
            }
            Action::Drop(container) => return self.drop(container, Dropped::Control).await,
            Action::Pause(container) => {
                // From here on nobody hears from it; its processes stand still only a little later.
                let at = self.drop(container, Dropped::Everything).await?;
                self.docker.pause(container).await?;
                return Ok(at);
            }
            Action::KillContainer(container) => return self.kill_container(container).await,
            Action::KillDaemons(container, daemons) => return self.kill(container, daemons).await,
            Action::Shutdown(router, neighbors) => {
                let commands = bgp::shut_down(undo::asn(self.scene, router)?, neighbors);
                Routers::new(self.docker)
                    .execute(router, Daemon::Bgpd, commands.lines())
                    .await
                    .map_err(undo::not_executed)?;
            }
            Action::DeletePod(node) => {
                let pod = pod::of(self.scene, node).await?;
                self.cluster()?.delete_pod(pod.pod()).await?;
            }
            Action::DeleteNode(node) => self.cluster()?.delete_node(node).await?,
            Action::Cordon(node) | Action::Drain(node) => self.cluster()?.set_unschedulable(node, true).await?,
            Action::DeleteEndpoints(node) => {
                let cluster = self.cluster()?;
                let all = self.applications().map(|application| cluster.delete_pods_on(application, node));
                futures::future::try_join_all(all).await?;
            }
            // It takes its time, which is its course.
            Action::Deploy(_) => {}
            Action::RestartSpeakers => {
                let at = jiff::Timestamp::now().to_string();
                self.cluster()?.restart_daemon_sets(metallb::spec::NAMESPACE, &at).await?;
            }
        }
        Ok(Within { from, to: Stamp::now() })
    }

    async fn drop(&self, container: &str, what: Dropped) -> Result<Within, Failure> {
        let process = undo::process(self.docker, container).await?;
        let from = Stamp::now();
        packets::drop(&process, what).read().await?;
        Ok(Within { from, to: Stamp::now() })
    }

    async fn kill(&self, container: &str, daemons: &[Daemon]) -> Result<Within, Failure> {
        let first = undo::process(self.docker, container).await?;
        let mut processes = Vec::new();
        for daemon in daemons {
            let found = processes::find(&first, daemon.name());
            if found.is_empty() {
                return Err(Failure::step(format!("{container} runs no {daemon}")));
            }
            processes.extend(found);
        }
        processes::kill(container, &processes)
    }

    /// Kills a container's first process, as the engine would, whose answer takes much longer.
    async fn kill_container(&self, container: &str) -> Result<Within, Failure> {
        let process = undo::process(self.docker, container).await?;
        processes::kill(container, processes::first(&process).as_slice())
    }

    pub(super) fn cluster(&self) -> Result<&Cluster, Failure> {
        let cluster = self.scene.cluster.as_ref().map(|(cluster, _)| cluster);
        cluster.ok_or_else(|| Failure::wrong_use("there is no cluster whose API could be asked"))
    }
}
