//! The removals.

use futures::FutureExt;
use futures::future::join_all;
use futures::try_join;

use super::{TeardownFailure, TeardownReport};
use crate::apply::{ignore_not_found, remove_container};
use crate::engine::{ContainerState, Engine, EngineError};
use crate::model::Name;

/// Removes every container and then every network that carries the lab's label, all at the same time, and continues
/// where something cannot be removed. Nothing else is touched: a network with other containers on it stays, and is
/// named.
///
/// ```
/// # async fn down(engine: &dyn netlab::Engine) -> Result<(), Box<dyn std::error::Error>> {
/// use netlab::{Name, teardown};
///
/// let report = teardown(engine, &Name::new("demo")?).await?;
/// assert!(report.is_clean(), "{report}");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`EngineError`] where networks and containers cannot even be listed; everything else is in the report.
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
    let removals = free.iter().map(|n| engine.remove_network(&n.id).map(ignore_not_found));
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
