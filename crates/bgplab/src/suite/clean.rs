//! Everything away that the suite made, and the lab as it was.

use std::time::Duration;

use futures::future::join_all;
use labfile::Lab;
use metallb::spec::NAMESPACE;
use metallb::{Cluster, EXCLUDED, Removal};
use netlab::{Docker, Engine};

use super::leftovers::{NETWORKS, is_container, namespaces};
use super::mark::{Before, Mark};
use super::ranges;
use crate::acts;
use crate::context::Context;
use crate::deploy::MetalLbObserver;
use crate::failure::Failure;
use labfile::Node;

/// The longest time of one removal.
const REMOVAL_BOUND: Duration = Duration::from_secs(120);
/// From the resources until every check passes.
const VERIFY_BOUND: Duration = Duration::from_secs(180);

/// Everything that a clean-up needs.
#[derive(Debug, Clone)]
pub(super) struct Cleaning {
    /// The lab.
    pub(super) lab: Lab,
    /// The engine.
    pub(super) docker: Docker,
    /// The cluster.
    pub(super) cluster: Cluster,
    /// The nodes.
    pub(super) nodes: Vec<Node>,
    /// The state before.
    pub(super) before: Before,
    /// The note of the run.
    pub(super) mark: Mark,
}

impl Cleaning {
    /// Takes away what the suite made, whatever of it is left; every part is tried.
    ///
    /// # Errors
    /// The first that failed, with the others among its causes.
    pub(super) async fn suite(&self, ctx: &Context) -> Result<(), Failure> {
        let step = ctx.progress.step("clean up after the suite");
        let mut failed: Vec<Failure> = Vec::new();
        let (containers, cluster) = futures::join!(self.engine(), self.cluster(ctx));
        failed.extend(containers.err());
        failed.extend(cluster.err());
        let mut failed = failed.into_iter();
        match failed.next() {
            None => {
                step.done("clean");
                Ok(())
            }
            Some(first) => {
                step.failed(first.message());
                Err(failed.fold(first, |first, other| first.because(other.message())))
            }
        }
    }

    /// Takes away what the suite made, and deploys MetalLB as the lab has it, until every check passes.
    ///
    /// # Errors
    /// A part that cannot be taken away, or a lab that does not come back.
    pub(super) async fn everything(&self, ctx: &Context) -> Result<(), Failure> {
        let cleaned = self.suite(ctx).await;
        let back = async {
            acts::deploy_metallb(ctx).await?;
            acts::verify_within(ctx, VERIFY_BOUND).await.map(drop)
        };
        match (cleaned, back.await) {
            (Ok(()), Ok(())) => self.mark.remove(),
            (Err(failure), Ok(())) | (Ok(()), Err(failure)) => Err(failure),
            (Err(left), Err(failure)) => Err(failure.because(left.message())),
        }
    }

    /// Containers, networks, and the nodes' routes to them.
    async fn engine(&self) -> Result<(), Failure> {
        let containers = self.docker.containers().await?;
        let theirs = containers.iter().filter(|container| container.lab.is_none() && is_container(&container.name));
        let removed = join_all(theirs.map(async |container| {
            match self.docker.remove_container(&container.name).await {
                // It is taken away when it ends, and may just be.
                Err(error) if !error.is_not_found() => self.docker.removed(&container.name).await.map_err(|_| error),
                _ => Ok(()),
            }
        }));
        for removed in removed.await {
            removed?;
        }
        for network in self.docker.networks().await? {
            if network.lab.is_none() && NETWORKS.contains(&network.name.as_str()) {
                self.docker.remove_network(&network.id).await?;
            }
        }
        let script: String = ranges::behind()
            .iter()
            .map(|range| format!("while ip route del {range} 2>/dev/null; do :; done; "))
            .collect();
        for node in &self.nodes {
            self.docker.exec(&node.name, &["sh", "-c", &format!("{script}true")]).await?;
        }
        Ok(())
    }

    /// Resources, namespaces and labels.
    async fn cluster(&self, ctx: &Context) -> Result<(), Failure> {
        let removal = self.removal()?;
        let now = self.cluster.namespace_names().await?;
        let theirs = namespaces(&now, &self.before.namespaces);
        let removed = join_all(theirs.iter().map(|name| self.cluster.delete_namespace(name, REMOVAL_BOUND))).await;
        let cleared = self.cluster.clear(&removal, &MetalLbObserver::after(&ctx.progress, [])).await?;
        let labelled = join_all(
            self.before.excluded.iter().map(|(node, value)| self.cluster.set_node_label(node, EXCLUDED, Some(value))),
        );
        let labelled = labelled.await;
        cleared.into_result()?;
        removed.into_iter().map(|removed| removed.map(drop)).chain(labelled).collect::<Result<(), _>>()?;
        Ok(())
    }

    /// Takes the lab's own application and resources out of the suite's way.
    ///
    /// # Errors
    /// A resource that cannot be taken away.
    pub(super) async fn make_room(&self, ctx: &Context) -> Result<(), Failure> {
        let observer = MetalLbObserver::after(&ctx.progress, []);
        self.cluster.clear(&self.removal()?, &observer).await?.into_result()?;
        for node in self.before.excluded.keys() {
            self.cluster.set_node_label(node, EXCLUDED, None).await?;
        }
        Ok(())
    }

    fn removal(&self) -> Result<Removal, Failure> {
        let of = Removal::of(acts::label(&self.lab)?);
        Ok(Removal { namespace: NAMESPACE.to_owned(), bound: REMOVAL_BOUND, ..of })
    }
}
