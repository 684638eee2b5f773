//! Errors of an engine.

use std::fmt;

/// A request to the engine that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// No engine answers.
    #[error("no Docker engine at {host}: {cause}")]
    NoEngine {
        /// The address that was tried.
        host: String,
        /// The reason.
        cause: Unreachable,
    },
    /// `DOCKER_HOST` or the Docker context names an engine in a way that is not supported.
    #[error("cannot use the Docker host {host:?} (from {source_of}): {cause}; use unix://PATH or tcp://HOST:PORT")]
    BadHost {
        /// The host as given.
        host: String,
        /// The place where it was given.
        source_of: String,
        /// The reason.
        cause: String,
    },
    /// The engine does not speak the oldest API that is supported.
    #[error("the Docker engine speaks API {found}; at least {needed} (Docker 20.10) is needed: update Docker")]
    TooOld {
        /// The API version.
        found: String,
        /// The oldest version that is supported.
        needed: String,
    },
    /// The object does not exist.
    #[error("{action}: not found: {message}")]
    NotFound {
        /// The request.
        action: String,
        /// The engine's message.
        message: String,
    },
    /// The object exists already, or its state does not allow the request.
    #[error("{action}: conflict: {message}")]
    Conflict {
        /// The request.
        action: String,
        /// The engine's message.
        message: String,
    },
    /// The engine refused the request.
    #[error("{action}: the engine refused (status {status}): {message}")]
    Refused {
        /// The request.
        action: String,
        /// The HTTP status.
        status: u16,
        /// The engine's message.
        message: String,
    },
    /// The engine took too long.
    #[error("{action}: no answer in time; is the machine overloaded, or does `docker info` hang, too?")]
    Timeout {
        /// The request.
        action: String,
    },
    /// The engine's answer could not be read.
    #[error("{action}: the engine's answer could not be read: {message}")]
    Unreadable {
        /// The request.
        action: String,
        /// The reason.
        message: String,
    },
}

/// The reason why an engine does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreachable {
    /// The socket does not exist.
    NoSocket,
    /// The socket exists, and this user may not use it.
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
    /// `true` if no further request makes sense, because no engine answers, or none any more.
    pub const fn is_unreachable(&self) -> bool {
        matches!(self, Self::NoEngine { .. })
    }

    /// `true` if the object does not exist.
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }
}
