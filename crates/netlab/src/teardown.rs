//! Removing all that is ours, and nothing else.

use std::fmt;

use futures::FutureExt;
use futures::future::join_all;
use futures::try_join;

use crate::apply::{gone_is_fine, remove_container};
use crate::engine::{ContainerState, Engine, EngineError};
use crate::model::Name;

/// What a teardown removed, and what it could not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TeardownReport {
    /// The containers that are gone.
    pub containers: Vec<String>,
    /// The networks that are gone.
    pub networks: Vec<String>,
    /// What could not be removed.
    pub failures: Vec<TeardownFailure>,
}

/// Something of ours that could not be removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TeardownFailure {
    /// The engine refused.
    #[error("{object} is still there: {error}")]
    Engine {
        /// The object, such as `container frr1`.
        object: String,
        /// Why.
        error: EngineError,
    },
    /// Containers that are not ours live on a network of ours.
    #[error(
        "network {network} is still there: containers that the lab did not make are on it: {by}; remove or disconnect them (`docker network disconnect {network} NAME`), and run this again"
    )]
    InUse {
        /// The network.
        network: String,
        /// Who lives on it.
        by: String,
    },
}

impl TeardownReport {
    /// Whether everything of ours is gone.
    pub fn is_clean(&self) -> bool {
        self.failures.is_empty()
    }
}

impl fmt::Display for TeardownReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let removed = self.containers.iter().map(|c| format!("- container {c}"));
        let removed = removed.chain(self.networks.iter().map(|n| format!("- network {n}")));
        let lines: Vec<_> = removed.chain(self.failures.iter().map(|failure| format!("! {failure}"))).collect();
        f.write_str(if lines.is_empty() { "nothing was there" } else { "" })?;
        f.write_str(&lines.join("\n"))
    }
}

/// Removes every container and then every network that carries the lab's label, all at the same time, and goes on
/// where something cannot be removed. Nothing else is touched: a network on which others live stays, and is named.
///
/// # Errors
/// [`EngineError`] where it cannot even be listed what is there; all else is in the report.
pub async fn teardown(engine: &dyn Engine, lab: &Name) -> Result<TeardownReport, EngineError> {
    let (networks, containers) = try_join!(engine.networks(), engine.containers())?;
    let ours = |label: &Option<String>| label.as_deref() == Some(lab.as_str());
    let (own, others): (Vec<_>, Vec<_>) = containers.iter().partition(|c| ours(&c.lab));
    let mut report = TeardownReport::default();

    let removals = own.iter().map(|c| remove_container(engine, &c.name, &c.id));
    for (container, result) in own.iter().zip(join_all(removals).await) {
        report.file(format!("container {}", container.name), result, |r| r.containers.push(container.name.clone()));
    }

    let (used, free): (Vec<_>, Vec<_>) =
        networks.iter().filter(|n| ours(&n.lab)).partition(|n| others.iter().any(|c| c.is_on(n)));
    for network in used {
        let by: Vec<_> =
            others.iter().filter(|c: &&&ContainerState| c.is_on(network)).map(|c| c.name.as_str()).collect();
        report.failures.push(TeardownFailure::InUse { network: network.name.clone(), by: by.join(", ") });
    }
    let removals = free.iter().map(|n| engine.remove_network(&n.id).map(gone_is_fine));
    for (network, result) in free.iter().zip(join_all(removals).await) {
        report.file(format!("network {}", network.name), result, |r| r.networks.push(network.name.clone()));
    }
    Ok(report)
}

impl TeardownReport {
    fn file(&mut self, object: String, result: Result<(), EngineError>, removed: impl FnOnce(&mut Self)) {
        match result {
            Ok(()) => removed(self),
            Err(error) => self.failures.push(TeardownFailure::Engine { object, error }),
        }
    }
}
