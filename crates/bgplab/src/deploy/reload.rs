//! Pods that run an image of which their node has another by now: the end of a developer's loop.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::future::try_join_all;
use metallb::deploy::Started;

use super::images::Known;
use super::{Deploy, Target, apply};
use crate::failure::Failure;

/// The step.
pub(super) const STEP: &str = "reload";
/// The time in which pods are replaced: a speaker is ready 20 s after it starts.
const BOUND: Duration = Duration::from_secs(180);

impl Deploy<'_> {
    /// Replaces the pods that run an image of which their node has another by now, and returns them once others are ready.
    pub(super) async fn reloaded(&self, target: &Target) -> Result<Vec<String>, Failure> {
        let Some(docker) = self.docker else { return Ok(Vec::new()) };
        let namespace = &*self.installation.namespace;
        let nodes = super::nodes(self.lab, self.docker).await?;
        let started = target.cluster.started(namespace).await?;
        let of_node = async |name: &String| {
            let here = started.iter().filter(|of| of.node == *name).map(|of| of.image.as_str()).collect();
            Ok::<_, Failure>((name.clone(), Known::of(docker, name, &here).await?))
        };
        let known = try_join_all(nodes.iter().map(|node| of_node(&node.name))).await?;
        let stale = stale(&known.into_iter().collect(), &started);
        if stale.is_empty() {
            return Ok(Vec::new());
        }
        let mut step = self.ctx.progress.step(STEP);
        apply::LAST.iter().for_each(|after| step.after(*after));
        let pods: BTreeSet<&str> = stale.values().copied().collect();
        step.note(Vec::from_iter(pods.iter().copied()).join(", "));
        target.cluster.replace_pods(namespace, &stale.keys().copied().collect(), BOUND).await?;
        step.done(format!("{} pods replaced", pods.len()));
        Ok(pods.into_iter().map(str::to_owned).collect())
    }
}

/// The pods to replace, by their UIDs.
fn stale<'a>(known: &BTreeMap<String, Known>, started: &'a [Started]) -> BTreeMap<&'a str, &'a str> {
    let old = started.iter().filter(|of| known.get(&of.node).is_some_and(|node| node.have_other(&of.image, &of.id)));
    old.map(|of| (of.uid.as_str(), of.pod.as_str())).collect()
}
