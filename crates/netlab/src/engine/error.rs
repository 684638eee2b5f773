//! What an engine may answer.

use std::fmt;

/// What went wrong between us and the engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// No engine answers.
    #[error("no Docker engine at {host}: {cause}")]
    NoEngine {
        /// Where it was looked for.
        host: String,
        /// What is wrong with it.
        cause: Unreachable,
    },
    /// `DOCKER_HOST` or the Docker context names an engine that cannot be talked to.
    #[error("cannot use the Docker host {host:?} (from {source_of}): {cause}; use unix://PATH or tcp://HOST:PORT")]
    BadHost {
        /// The host as written.
        host: String,
        /// Where it was written.
        source_of: String,
        /// What is wrong with it.
        cause: String,
    },
    /// The engine is older than the API that is needed.
    #[error("the Docker engine speaks API {found}; at least {needed} (Docker 20.10) is needed: update Docker")]
    TooOld {
        /// Its API version.
        found: String,
        /// The oldest that will do.
        needed: String,
    },
    /// The object is not there.
    #[error("{action}: not found: {message}")]
    NotFound {
        /// What was asked.
        action: String,
        /// The engine's words.
        message: String,
    },
    /// The object is there already, or in a state that does not allow it.
    #[error("{action}: conflict: {message}")]
    Conflict {
        /// What was asked.
        action: String,
        /// The engine's words.
        message: String,
    },
    /// The engine said no.
    #[error("{action}: the engine refused (status {status}): {message}")]
    Refused {
        /// What was asked.
        action: String,
        /// The HTTP status.
        status: u16,
        /// The engine's words.
        message: String,
    },
    /// The engine took too long.
    #[error("{action}: no answer in time; is the machine overloaded, or `docker info` hanging too?")]
    Timeout {
        /// What was asked.
        action: String,
    },
    /// The engine's answer could not be read.
    #[error("{action}: the engine's answer could not be read: {message}")]
    Unreadable {
        /// What was asked.
        action: String,
        /// What is wrong with it.
        message: String,
    },
}

/// Why an engine does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreachable {
    /// The socket is not there.
    NoSocket,
    /// The socket is there, and this user may not use it.
    Denied,
    /// Nobody listens.
    NotListening,
    /// The connection broke midway.
    Lost(String),
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSocket => f.write_str(
                "the socket is not there; install Docker and start it (`systemctl start docker`), or point DOCKER_HOST to it",
            ),
            Self::Denied => f.write_str(
                "permission denied; add yourself to the group `docker` (`sudo usermod -aG docker $USER`, then log in again)",
            ),
            Self::NotListening => f.write_str("nobody listens there; start Docker (`systemctl start docker`)"),
            Self::Lost(how) => write!(f, "the connection broke ({how}); see Docker's log, start it, and run this again"),
        }
    }
}

impl EngineError {
    /// Whether no further request makes sense: there is no engine, or not any more.
    pub const fn is_gone(&self) -> bool {
        matches!(self, Self::NoEngine { .. })
    }

    /// Whether the object was not there.
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }
}
