//! Errors of the crate, by cause.

#[cfg(feature = "client")]
mod classify;

use std::time::Duration;

#[cfg(feature = "client")]
pub(crate) use classify::{Answered, if_found};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::object::{ObjectRef, why_foreign};
use crate::webhook;

/// The reason why a request or a wait failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The kubeconfig cannot be read, or does not say what is needed.
    #[cfg(feature = "client")]
    #[error("kubeconfig {place}: {source}")]
    Kubeconfig {
        /// The file, or `text` for one that was given as text.
        place: String,
        /// The error in it.
        #[source]
        source: kube::config::KubeconfigError,
    },
    /// The kubeconfig has no such context.
    #[error("kubeconfig {place} has no context `{wanted}`; it has: {}", list(.available))]
    WrongContext {
        /// The file, or `text` for one that was given as text.
        place: String,
        /// The context asked for.
        wanted: String,
        /// The contexts that exist.
        available: Vec<String>,
    },
    /// The kubeconfig names no current context, and none was asked for.
    #[error("kubeconfig {place} has no current context: name one of {}", list(.available))]
    NoContext {
        /// The file, or `text` for one that was given as text.
        place: String,
        /// The contexts that exist.
        available: Vec<String>,
    },
    /// The API server does not answer.
    #[cfg(feature = "client")]
    #[error("{what}: the Kubernetes API does not answer ({source}): is the cluster up, and the context right?")]
    Unreachable {
        /// The request that failed.
        what: String,
        /// The error of the connection.
        #[source]
        source: Box<kube::Error>,
    },
    /// The API server does not accept the credentials.
    #[error("{what}: the Kubernetes API refuses these credentials: {message}")]
    Unauthorized {
        /// The request that failed.
        what: String,
        /// The API's message.
        message: String,
    },
    /// The user has no right to do this.
    #[error("{what}: not allowed: {message}; a cluster administrator can grant the right")]
    Forbidden {
        /// The request: verb and resource.
        what: String,
        /// The API's message: user, verb, resource and scope.
        message: String,
    },
    /// There is no such object, or no such kind of object.
    #[error("{what}: {message}")]
    NotFound {
        /// The request that failed.
        what: String,
        /// The API's message.
        message: String,
    },
    /// The API server rejects an object as invalid.
    #[error("{what}: the API refuses it: {message}")]
    Invalid {
        /// The request that failed.
        what: String,
        /// The API's message: field and cause.
        message: String,
    },
    /// The object was changed, or its field is owned, by another manager.
    #[error("{what}: conflict: {message}")]
    Conflict {
        /// The request that failed.
        what: String,
        /// The API's message.
        message: String,
    },
    /// An admission webhook refused an object.
    #[error("{what}: {refusal}")]
    WebhookRefused {
        /// The request that failed.
        what: String,
        /// The webhook's message, with an explanation of known ones.
        refusal: webhook::Refusal,
    },
    /// An admission webhook cannot be reached yet.
    #[error("{what}: a webhook cannot be reached yet: {message}")]
    WebhookUnreachable {
        /// The request that failed.
        what: String,
        /// The API's message.
        message: String,
    },
    /// Nobody serves an admission webhook, or its certificate does not fit, and that does not pass by itself.
    #[error("{what}; so for {} s", .within.as_secs())]
    WebhookSilent {
        /// The request that failed, and the API's message.
        what: String,
        /// The time for which the message stayed the same in kind.
        within: Duration,
    },
    /// A foreign object has the name of one of ours.
    #[error("{object} exists and is not ours ({because}): remove or rename it, or choose another name")]
    Foreign {
        /// Kind, namespace and name.
        object: String,
        /// The label that it lacks, or the lab that owns it.
        because: String,
    },
    /// MetalLB does not take an object of somebody else beside one of ours.
    #[error("{}: {}", .0, .0.remedy())]
    Collides(Box<crate::collision::Collision>),
    /// MetalLB's operator runs where MetalLB's own manifest is to be applied: it would revert the manifest's changes.
    #[error("{object} exists: the operator would undo what MetalLB's own manifest installs; remove it first")]
    OperatorInTheWay {
        /// The operator's object that was found.
        object: String,
    },
    /// A namespace is being deleted: nothing can be created in it.
    #[error("{what}: the namespace is being deleted: {message}")]
    Terminating {
        /// The request that failed.
        what: String,
        /// The API's message.
        message: String,
    },
    /// A pod cannot come up, and waiting longer will not help.
    #[error(transparent)]
    PodStuck(#[from] crate::trouble::PodTrouble),
    /// The operator reports MetalLB as degraded.
    #[error("MetalLB resource {name} is degraded: {message}")]
    Degraded {
        /// The resource's name.
        name: String,
        /// The condition's reason and message.
        message: String,
    },
    /// A wait reached its bound.
    #[error("{name}: not within {:.0} s; last seen: {last}", .bound.as_secs_f64())]
    TimedOut {
        /// The wait's name.
        name: String,
        /// The bound.
        bound: Duration,
        /// The missing conditions at the last look.
        last: String,
    },
    /// A watch ended before its conditions held.
    #[error("{name}: the watch ended early; last seen: {last}")]
    WatchEnded {
        /// The wait's name.
        name: String,
        /// The missing conditions at the last event.
        last: String,
    },
    /// A command in a pod could not be started.
    #[error("cannot run `{command}` in {pod}: {cause}")]
    Exec {
        /// Namespace, pod and container.
        pod: String,
        /// The command.
        command: String,
        /// The cause.
        cause: String,
    },
    /// An object cannot be written as JSON.
    #[error("cannot describe {what}: {source}")]
    Unwritable {
        /// The object.
        what: String,
        /// The cause.
        #[source]
        source: serde_json::Error,
    },
    /// A manifest cannot be read.
    #[error(transparent)]
    Manifest(#[from] crate::manifest::ManifestError),
    /// A configuration contradicts itself or its backend.
    #[error(transparent)]
    Configuration(#[from] crate::spec::Contradictions),
    /// The observer asked to stop.
    #[error("stopped before step {step}")]
    Stopped {
        /// The step that was not started.
        step: String,
    },
    /// Several errors.
    #[error("{} errors: {}", .0.len(), list(.0))]
    Several(Vec<Error>),
    /// Any other error of the client.
    #[cfg(feature = "client")]
    #[error("{what}: {source}")]
    Client {
        /// The request that failed.
        what: String,
        /// The client's error.
        #[source]
        source: Box<kube::Error>,
    },
}

impl Error {
    /// `true` if the API server cannot be reached.
    #[cfg(feature = "client")]
    pub const fn is_unreachable(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }
}

fn list(items: &[impl ToString]) -> String {
    if items.is_empty() {
        return "none".to_owned();
    }
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Error {
    /// Makes the error for an object that was not made for this lab.
    pub(crate) fn foreign(metadata: &ObjectMeta, reference: &ObjectRef) -> Self {
        Self::Foreign { object: reference.to_string(), because: why_foreign(metadata) }
    }
}
