//! The result of a teardown.

use std::fmt;

use crate::engine::EngineError;

/// The result of a teardown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct TeardownReport {
    /// The removed containers, by name.
    pub containers: Vec<String>,
    /// The removed networks, by name.
    pub networks: Vec<String>,
    /// The objects that could not be removed.
    pub failures: Vec<TeardownFailure>,
}

/// An object of the lab that could not be removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TeardownFailure {
    /// The engine refused.
    #[error("{object} is still there: {error}")]
    Engine {
        /// The object, such as `container frr1`.
        object: String,
        /// The reason.
        error: EngineError,
    },
    /// Containers that are not the lab's are on a network of the lab.
    #[error(
        "network {network} is still there: containers that the lab did not make are on it: {by}; remove or disconnect them (`docker network disconnect {network} NAME`), and run this again"
    )]
    InUse {
        /// The network.
        network: String,
        /// The names of these containers.
        by: String,
    },
}

impl TeardownReport {
    /// `true` if everything of the lab was removed.
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
