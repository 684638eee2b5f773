//! Bringing nodes back: the only effects on containers that are not ours, which the cluster's are and its lab's alike.

use futures::future::try_join_all;
use netlab::{Attachment, Docker, Endpoint, Engine, EngineError};

use super::Action;
use crate::failure::Failure;
use crate::progress::Progress;
use labfile::{Addresses, Lab};

/// Time that a node's systemd may take to end everything, in seconds.
const GRACE: i32 = 10;

/// Gives each node what it needs. A node that has to leave an address does so before another one takes it.
///
/// # Errors
/// An error of the engine; the next run goes on from there.
pub(in crate::bringup) async fn apply(
    progress: &Progress,
    lab: &Lab,
    docker: &Docker,
    actions: &[(String, Action)],
) -> Result<(), Failure> {
    if actions.is_empty() {
        return Ok(());
    }
    let step = progress.step("nodes back");
    let stopping = actions.iter().filter(|(_, action)| action.stops());
    try_join_all(stopping.map(async |(node, _)| {
        // A paused one cannot be asked to end.
        let _ = docker.unpause(node).await;
        docker.stop(node, GRACE).await
    }))
    .await?;
    let network = lab.cluster.network.as_str();
    for (node, action) in actions {
        if let Some(to) = action.target() {
            pin(docker, node, network, to).await?;
        }
    }
    for turn in [Turn::Leads, Turn::Follows, Turn::TakesWhatIsLeft] {
        let nodes = actions.iter().filter(|(node, action)| Turn::of(lab, node, action) == turn);
        try_join_all(nodes.map(async |(node, action)| match action {
            Action::Unpause | Action::Connect(_) => Ok(unpause(docker, node).await?),
            Action::Start { .. } | Action::StartAt(_) | Action::Move { .. } | Action::Pin(_) => {
                Ok(docker.start(node).await?)
            }
            Action::Rejoin => crate::kubelet::restart(docker, node).await,
        }))
        .await?;
    }
    let names: Vec<&str> = actions.iter().map(|(node, _)| node.as_str()).collect();
    step.done(names.join(", "));
    Ok(())
}

/// The turns in which nodes are started.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// The control plane is where the others will ask for it.
    Leads,
    /// Soon: a kubelet that asked in vain asks again before the API answers, and before it starts any pod.
    Follows,
    /// Without a pinned address.
    TakesWhatIsLeft,
}

impl Turn {
    fn of(lab: &Lab, node: &str, action: &Action) -> Self {
        match action {
            Action::Start { pinned: false } => Self::TakesWhatIsLeft,
            _ if lab.cluster.is_control_plane(node) => Self::Leads,
            _ => Self::Follows,
        }
    }
}

async fn unpause(docker: &Docker, node: &str) -> Result<(), EngineError> {
    match docker.unpause(node).await {
        // It was not paused.
        Err(EngineError::Conflict { .. } | EngineError::Refused { status: 500, .. }) => Ok(()),
        other => other,
    }
}

/// Has Docker give a node these addresses on the network from now on.
async fn pin(docker: &Docker, node: &str, network: &str, to: &Addresses) -> Result<(), Failure> {
    let state = docker.container(node).await?;
    if state.is_some_and(|state| state.endpoints.contains_key(network)) {
        docker.disconnect(Attachment { container: node, network }).await?;
    }
    let name = |name: &str| netlab::Name::new(name).map_err(|error| Failure::step(error.to_string()));
    let endpoint = Endpoint { ipv4: to.v4(), ipv6: to.v6(), ..Endpoint::dynamic(name(network)?) };
    Ok(docker.connect(&name(node)?, &endpoint).await?)
}
