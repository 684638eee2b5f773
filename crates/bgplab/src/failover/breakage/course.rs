//! The course of an action that takes its time: what Kubernetes still does after it has taken the request.

use std::time::Duration;

use metallb::ready::Condition;
use metallb::spec::NAMESPACE;
use metallb::{InNamespace, NamespacedName};

use super::super::redeploy;
use super::Action;
use super::apply::Breaker;
use crate::checks::cluster::named;
use crate::failure::Failure;

/// The longest time of one: a pod that takes no signal has 30 s to end, and a new speaker's probe waits 20 s, node after
/// node.
const BOUND: Duration = Duration::from_secs(300);

impl Breaker<'_> {
    /// Waits until the actions have run their course: pods have left a drained node and are ready elsewhere, every
    /// speaker was replaced.
    ///
    /// # Errors
    /// A wait that ran out, with what was missing.
    pub(crate) async fn course(&self, actions: &[Action]) -> Result<(), Failure> {
        for action in actions {
            match action {
                Action::Drain(node) => {
                    self.cluster()?.drain(node, BOUND).await?;
                    self.replaced().await?;
                }
                Action::DeleteEndpoints(_) => self.replaced().await?,
                Action::RestartSpeakers => {
                    let backend = self.scene.cluster.as_ref().and_then(|(_, seen)| seen.installed.backend);
                    let conditions = backend.map(Condition::of_backend).unwrap_or_default();
                    self.cluster()?.wait("every speaker", InNamespace(NAMESPACE), &conditions, BOUND).await?;
                }
                // Boxed: the caller's stack may be small.
                Action::Deploy(lab) => drop(Box::pin(redeploy::deploy(self.ctx, self.scene, lab)).await?),
                _ => {}
            }
        }
        Ok(())
    }

    async fn replaced(&self) -> Result<(), Failure> {
        for application in self.applications() {
            self.cluster()?.wait_replaced(application, BOUND).await?;
        }
        Ok(())
    }

    /// The deployments behind the lab's services.
    pub(super) fn applications(&self) -> impl Iterator<Item = NamespacedName<'_>> {
        self.scene.lab.services.iter().map(named)
    }
}
