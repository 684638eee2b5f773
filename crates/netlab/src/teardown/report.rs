//! What came of a teardown.

use std::fmt;

use crate::engine::EngineError;

/// What a teardown removed, and what it could not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
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
#[non_exhaustive]
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
