//! What goes wrong at a Kubernetes API, by cause.

#[cfg(feature = "client")]
mod classify;

use std::path::PathBuf;
use std::time::Duration;

use crate::webhook;

/// Why something asked of a cluster was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The kubeconfig cannot be read, or does not say what is needed.
    #[cfg(feature = "client")]
    #[error("kubeconfig {place}: {source}")]
    Kubeconfig {
        /// The file, or a word for text that came without one.
        place: String,
        /// What is wrong with it.
        #[source]
        source: kube::config::KubeconfigError,
    },
    /// The kubeconfig has no such context.
    #[error("kubeconfig {place} has no context `{wanted}`; it has: {}", list(.available))]
    WrongContext {
        /// The file, or a word for text that came without one.
        place: String,
        /// The context asked for.
        wanted: String,
        /// The contexts there are.
        available: Vec<String>,
    },
    /// The kubeconfig names no current context, and none was asked for.
    #[error("kubeconfig {place} has no current context: name one of {}", list(.available))]
    NoContext {
        /// The file, or a word for text that came without one.
        place: String,
        /// The contexts there are.
        available: Vec<String>,
    },
    /// The API server does not answer.
    #[cfg(feature = "client")]
    #[error("{what}: the Kubernetes API does not answer ({source}): is the cluster up, and the context right?")]
    Unreachable {
        /// What was asked for.
        what: String,
        /// What the connection says.
        #[source]
        source: Box<kube::Error>,
    },
    /// The API server does not know who asks.
    #[error("{what}: the Kubernetes API refuses these credentials: {message}")]
    Unauthorized {
        /// What was asked for.
        what: String,
        /// The API's words.
        message: String,
    },
    /// The API server knows who asks, and that one may not.
    #[error("{what}: not allowed: {message}; a cluster administrator can grant it")]
    Forbidden {
        /// What was asked for: verb and resource.
        what: String,
        /// The API's words: user, verb, resource, scope.
        message: String,
    },
    /// There is no such object, or no such kind of object.
    #[error("{what}: {message}")]
    NotFound {
        /// What was asked for.
        what: String,
        /// The API's words.
        message: String,
    },
    /// The API server says that an object is wrong.
    #[error("{what}: the API refuses it: {message}")]
    Invalid {
        /// What was asked for.
        what: String,
        /// The API's words: field and cause.
        message: String,
    },
    /// Another one changed, or owns, what was to be changed.
    #[error("{what}: conflict: {message}")]
    Conflict {
        /// What was asked for.
        what: String,
        /// The API's words.
        message: String,
    },
    /// An admission webhook looked at an object and refused it.
    #[error("{what}: {refusal}")]
    WebhookRefused {
        /// What was asked for.
        what: String,
        /// The webhook's words, and ours.
        refusal: webhook::Refusal,
    },
    /// An admission webhook could not be asked: it may be soon.
    #[error("{what}: a webhook cannot be reached yet: {message}")]
    WebhookUnreachable {
        /// What was asked for.
        what: String,
        /// The API's words.
        message: String,
    },
    /// Something that is not ours has the name of something of ours.
    #[error("{object} exists and is not ours ({because}): remove or rename it, or choose another name")]
    Foreign {
        /// Kind, namespace and name.
        object: String,
        /// Whose it is: the label that it lacks, or its lab.
        because: String,
    },
    /// MetalLB's operator is where MetalLB's own manifest is to be applied: it would put back what it deploys itself.
    #[error("{object} is there: the operator would undo what MetalLB's own manifest brings; remove it first")]
    OperatorInTheWay {
        /// What of the operator is there.
        object: String,
    },
    /// A namespace is being deleted: nothing can be made in it.
    #[error("{what}: the namespace is being deleted: {message}")]
    Terminating {
        /// What was asked for.
        what: String,
        /// The API's words.
        message: String,
    },
    /// A pod cannot come up, and waiting will not help.
    #[error(transparent)]
    PodStuck(#[from] crate::ready::PodTrouble),
    /// The operator says that MetalLB is degraded, or that it never will be available.
    #[error("MetalLB resource {name} is degraded: {message}")]
    Degraded {
        /// The resource's name.
        name: String,
        /// The condition's reason and message.
        message: String,
    },
    /// A wait ran out.
    #[error("{name}: not within {:.0} s; last seen: {last}", .bound.as_secs_f64())]
    TimedOut {
        /// The wait's name.
        name: String,
        /// The bound that ran out.
        bound: Duration,
        /// What the last look said was missing.
        last: String,
    },
    /// A watch ended before what it waited for.
    #[error("{name}: the watch ended early; last seen: {last}")]
    WatchEnded {
        /// The wait's name.
        name: String,
        /// What the last event said was missing.
        last: String,
    },
    /// A command in a pod could not be started.
    #[error("cannot run `{command}` in {pod}: {cause}")]
    Exec {
        /// Namespace, pod and container.
        pod: String,
        /// The command.
        command: String,
        /// Why.
        cause: String,
    },
    /// An object cannot be written as JSON.
    #[error("cannot describe {what}: {source}")]
    Unwritable {
        /// The object.
        what: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A manifest cannot be read.
    #[error(transparent)]
    Manifest(#[from] crate::manifest::ManifestError),
    /// A configuration contradicts itself or its backend.
    #[error(transparent)]
    Configuration(#[from] crate::spec::Contradictions),
    /// The caller's hook asked to stop.
    #[error("stopped before step {step}")]
    Stopped {
        /// The step that was not begun.
        step: String,
    },
    /// Several things failed; each is told.
    #[error("{} of these failed: {}", .0.len(), list(.0))]
    Several(Vec<Error>),
    /// A file cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Anything else that the client says.
    #[cfg(feature = "client")]
    #[error("{what}: {source}")]
    Client {
        /// What was asked for.
        what: String,
        /// What the client says.
        #[source]
        source: Box<kube::Error>,
    },
}

impl Error {
    /// Whether a wait ran out, rather than something being wrong.
    pub const fn is_timeout(&self) -> bool {
        matches!(self, Self::TimedOut { .. })
    }

    /// Whether the API server cannot be reached at all.
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
