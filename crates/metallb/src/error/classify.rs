//! The client's and the API's errors, sorted by cause.

use kube::core::Status;

use super::Error;
use crate::webhook;

/// The API's message about a namespace that is being deleted; its code is that of a missing right.
const TERMINATING: &str = "because it is being terminated";

/// An answer of the client.
pub(crate) trait Answered<T> {
    /// Sorts the error, if it is one, of the request to do `what` (a verb and a resource).
    fn doing(self, what: impl Into<String>) -> Result<T, Error>;
}

impl<T> Answered<T> for Result<T, kube::Error> {
    fn doing(self, what: impl Into<String>) -> Result<T, Error> {
        self.map_err(|error| Error::from_kube(what, error))
    }
}

/// Returns the answer about something that may not exist; `None` where it, or its kind, does not.
pub(crate) fn if_found<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Err(Error::NotFound { .. }) => Ok(None),
        other => other.map(Some),
    }
}

impl Error {
    /// Sorts an error of the client about `what` (a verb and a resource).
    pub(crate) fn from_kube(what: impl Into<String>, error: kube::Error) -> Self {
        let what = what.into();
        match error {
            kube::Error::Api(status) => Self::from_status(what, *status),
            kube::Error::HyperError(_) | kube::Error::Service(_) | kube::Error::ReadEvents(_) => {
                Self::Unreachable { what, source: Box::new(error) }
            }
            _ => Self::Client { what, source: Box::new(error) },
        }
    }

    /// Sorts a status that the API returned.
    pub(crate) fn from_status(what: String, status: Status) -> Self {
        if let Some(refusal) = webhook::Refusal::parse(&status.message) {
            return Self::WebhookRefused { what, refusal };
        }
        if webhook::is_unreachable(&status.message) {
            return Self::WebhookUnreachable { what, message: status.message };
        }
        let message = status.message.clone();
        // By code: for a group that it does not serve, the API answers 404 with a text and no status.
        match status.code {
            401 => Self::Unauthorized { what, message },
            // No right is missing: nobody can create anything there.
            403 if message.contains(TERMINATING) => Self::Terminating { what, message },
            403 => Self::Forbidden { what, message },
            404 => Self::NotFound { what, message },
            409 => Self::Conflict { what, message },
            400 | 422 => Self::Invalid { what, message },
            _ => Self::Client { what, source: Box::new(kube::Error::Api(status.boxed())) },
        }
    }
}

impl From<settle::Unsettled<Self>> for Error {
    fn from(unsettled: settle::Unsettled<Self>) -> Self {
        match unsettled {
            settle::Unsettled::TimedOut { name, bound, last } => Self::TimedOut { name, bound, last },
            settle::Unsettled::Ended { name, last } => Self::WatchEnded { name, last },
            settle::Unsettled::Failed { error, .. } => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_that_is_not_served_is_not_found() {
        let status = Status::failure("404 page not found", "Failed to parse error data").with_code(404);
        let error = Error::from_status("list BGPPeer objects".into(), status);
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
    }

    #[test]
    fn a_namespace_being_deleted_is_not_a_missing_right() {
        let words = r#"configmaps "frr" is forbidden: unable to create new content in namespace frr-nodes because it is being terminated"#;
        let error = Error::from_status("apply ConfigMap".into(), Status::failure(words, "Forbidden").with_code(403));
        assert!(matches!(error, Error::Terminating { .. }), "{error}");
    }
}
