//! Converting bollard's errors.

use std::error::Error as StdError;
use std::io::{self, ErrorKind};

use bollard::errors::Error;

use super::host::Host;
use crate::engine::{EngineError, Unreachable};

/// Converts the error of a request, which `action` describes.
pub(super) fn convert(host: &Host, action: impl Into<String>, error: Error) -> EngineError {
    let action = action.into();
    let no_engine = |cause| EngineError::NoEngine { host: host.to_string(), cause };
    match error {
        Error::DockerResponseServerError { status_code: 404, message } => EngineError::NotFound { action, message },
        Error::DockerResponseServerError { status_code: 409, message } => EngineError::Conflict { action, message },
        Error::DockerResponseServerError { status_code: status, message } => {
            EngineError::Refused { action, status, message }
        }
        Error::DockerStreamError { error } => EngineError::Refused { action, status: 200, message: error },
        Error::SocketNotFoundError(_) => no_engine(Unreachable::NoSocket),
        Error::RequestTimeoutError => EngineError::Timeout { action },
        Error::HyperLegacyError { .. } | Error::HyperResponseError { .. } | Error::IOError { .. } => {
            no_engine(cause(&error))
        }
        error => EngineError::Unreadable { action, message: error.to_string() },
    }
}

/// Returns the cause of a broken connection: the system's error is somewhere down the chain.
fn cause(error: &(dyn StdError + 'static)) -> Unreachable {
    let mut next = Some(error);
    let mut last = error.to_string();
    while let Some(error) = next {
        last = error.to_string();
        match error.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(ErrorKind::NotFound) => return Unreachable::NoSocket,
            Some(ErrorKind::PermissionDenied) => return Unreachable::Denied,
            Some(ErrorKind::ConnectionRefused) => return Unreachable::NotListening,
            _ => next = error.source(),
        }
    }
    Unreachable::Lost(last)
}
