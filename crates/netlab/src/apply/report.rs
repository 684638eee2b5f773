//! Results of carrying out a plan.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use crate::engine::EngineError;
use crate::model::{Name, Route};

/// The steps that were done, in the order of completion.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Applied {
    /// The steps.
    pub outcomes: Vec<Outcome>,
}

/// A step that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The stable name.
    pub name: String,
    /// The duration.
    pub elapsed: Duration,
}

/// A plan that was not carried out fully. The steps that were done stay done; the next plan holds the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplyError {
    /// The steps that were done.
    pub applied: Applied,
    /// The steps that failed; never empty.
    pub failures: Vec<Failure>,
    /// The names of the steps that were not begun.
    pub skipped: Vec<String>,
}

/// A step that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The stable name.
    pub name: String,
    /// The reason.
    pub error: StepError,
}

/// The reason why a step failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// The engine refused, or does not answer.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Another container has a pinned address.
    #[error(
        "container {container}: {address} on network {network} is taken by container {by}; pin another address, reserve a dynamic range in the network, or remove {by}"
    )]
    AddressTaken {
        /// The lab's container.
        container: Name,
        /// The address.
        address: IpAddr,
        /// The network.
        network: Name,
        /// The container that has it.
        by: String,
    },
    /// A container started with another address than the pinned one.
    #[error(
        "container {container}: has {found} on network {network} instead of {wanted}; remove it (`docker rm -f {container}`) and run this again"
    )]
    WrongAddress {
        /// The container.
        container: Name,
        /// The network.
        network: Name,
        /// The pinned address.
        wanted: IpAddr,
        /// The addresses that it has, as text.
        found: String,
    },
    /// A container exited right after its start.
    #[error("container {container} did not keep running: it is {state}; the end of its log: {log_tail}")]
    NotRunning {
        /// The container.
        container: Name,
        /// The state.
        state: String,
        /// The end of the container's log.
        log_tail: String,
    },
    /// Routes are missing after they were set.
    #[error("container {container}: {} not set: {output}; does the image have `ip`, and the container NET_ADMIN?", Routes(.missing))]
    Routes {
        /// The container.
        container: Name,
        /// The missing routes.
        missing: Vec<Route>,
        /// The output of the command.
        output: String,
    },
    /// A reload failed. Its files are in place, and the next plan reloads them again.
    #[error("container {container}: `{command}` ended with code {code}: {output}")]
    Reload {
        /// The container.
        container: Name,
        /// The command.
        command: String,
        /// The exit code.
        code: i32,
        /// The output.
        output: String,
    },
    /// A reload did not end in time. Its files are in place, and the next plan reloads them again.
    #[error(
        "container {container}: `{command}` has not ended within {} s; `docker top {container}` shows what it waits for",
        .bound.as_secs()
    )]
    Endless {
        /// The container.
        container: Name,
        /// The command.
        command: String,
        /// The bound of the wait.
        bound: Duration,
    },
}

struct Routes<'a>(&'a [Route]);

impl fmt::Display for Routes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routes: Vec<_> = self.0.iter().map(|route| format!("route {route}")).collect();
        f.write_str(&routes.join(", "))
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, Failure { name, error }) in self.failures.iter().enumerate() {
            write!(f, "{}{name}: {error}", if i > 0 { "\n" } else { "" })?;
        }
        if !self.skipped.is_empty() {
            write!(f, "\nnot begun: {}", self.skipped.join(", "))?;
        }
        Ok(())
    }
}

impl std::error::Error for ApplyError {}

impl ApplyError {
    /// `true` if the engine no longer answers.
    pub fn engine_is_unreachable(&self) -> bool {
        self.failures.iter().any(|failure| matches!(&failure.error, StepError::Engine(error) if error.is_unreachable()))
    }
}
