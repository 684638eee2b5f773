//! What applying a plan tells, while it goes on and at its end.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use crate::engine::EngineError;
use crate::model::{Name, Route};
use crate::plan::Step;

/// Is told of every step as it begins and ends.
pub trait Observer: Sync {
    /// Called at once for each event, from the task that applies: it should return soon.
    fn event(&self, event: &StepEvent<'_>);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _: &StepEvent<'_>) {}
}

impl<F: Fn(&StepEvent<'_>) + Sync> Observer for F {
    fn event(&self, event: &StepEvent<'_>) {
        self(event);
    }
}

/// Something that happened to a step.
#[derive(Debug)]
pub enum StepEvent<'a> {
    /// It began.
    Started {
        /// Its stable name.
        name: &'a str,
        /// The step.
        step: &'a Step,
    },
    /// It is done.
    Done {
        /// Its stable name.
        name: &'a str,
        /// The step.
        step: &'a Step,
        /// How long it took.
        elapsed: Duration,
    },
    /// It failed.
    Failed {
        /// Its stable name.
        name: &'a str,
        /// The step.
        step: &'a Step,
        /// How long it took.
        elapsed: Duration,
        /// Why.
        error: &'a StepError,
    },
}

/// What was done, in the order of completion.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Applied {
    /// The steps that are done.
    pub outcomes: Vec<Outcome>,
}

/// A step that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// Its stable name.
    pub name: String,
    /// How long it took.
    pub elapsed: Duration,
}

/// A plan that was not carried out fully. What was done stays; the next plan holds the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplyError {
    /// What was done.
    pub applied: Applied,
    /// What failed; never empty.
    pub failures: Vec<Failure>,
    /// The names of the steps that were not begun.
    pub skipped: Vec<String>,
}

/// A step that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// Its stable name.
    pub name: String,
    /// Why.
    pub error: StepError,
}

/// Why a step failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// The engine said no, or nothing.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A pinned address belongs to somebody else.
    #[error(
        "container {container}: {address} on network {network} is taken by container {by}; pin another address, reserve a dynamic range in the network, or remove {by}"
    )]
    AddressTaken {
        /// Our container.
        container: Name,
        /// The address.
        address: IpAddr,
        /// The network.
        network: Name,
        /// Who has it.
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
        /// What it has, as text.
        found: String,
    },
    /// A container that ended as soon as it began.
    #[error("container {container} did not keep running: it is {state}; its last words: {last_words}")]
    NotRunning {
        /// The container.
        container: Name,
        /// What it is instead.
        state: String,
        /// The end of its log.
        last_words: String,
    },
    /// Routes that are not there after they were set.
    #[error("container {container}: {} not set: {output}; does the image have `ip`, and the container NET_ADMIN?", Routes(.missing))]
    Routes {
        /// The container.
        container: Name,
        /// What is missing.
        missing: Vec<Route>,
        /// What the command said.
        output: String,
    },
    /// A reload that failed. Its files are in place, and it is tried again next time.
    #[error("container {container}: `{command}` ended with code {code}: {output}")]
    Reload {
        /// The container.
        container: Name,
        /// The command.
        command: String,
        /// Its exit code.
        code: i64,
        /// What it said.
        output: String,
    },
    /// A reload that goes on and on. Its files are in place, and it is tried again next time.
    #[error(
        "container {container}: `{command}` has not ended within {} s; `docker top {container}` shows what it waits for",
        .bound.as_secs()
    )]
    Endless {
        /// The container.
        container: Name,
        /// The command.
        command: String,
        /// How long was waited.
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
    /// Whether the engine is gone.
    pub fn engine_is_gone(&self) -> bool {
        self.failures.iter().any(|failure| matches!(&failure.error, StepError::Engine(error) if error.is_gone()))
    }
}
