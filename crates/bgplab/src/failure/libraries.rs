//! Failures of the other libraries' errors.

use metallb::Error;

use super::Failure;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failure = match &error {
            Error::Kubeconfig { .. } | Error::WrongContext { .. } | Error::NoContext { .. } => {
                Self::wrong_use("no cluster to talk to")
            }
            Error::Configuration(_) | Error::Manifest(_) => {
                Self::wrong_use("the lab cannot be deployed as it is written")
            }
            Error::Unreachable { .. } => Self::machine("the cluster does not answer"),
            Error::Unauthorized { .. } | Error::Forbidden { .. } => Self::machine("the cluster does not let us"),
            error if is_in_the_way(error) => Self::machine("something that is not ours stands in the way"),
            Error::OperatorInTheWay { .. } => {
                Self::machine("MetalLB's operator stands in the way of MetalLB's own manifest")
            }
            Error::Terminating { .. } => Self::step("a namespace is still being deleted"),
            Error::TimedOut { .. } => Self::timed_out("a wait for the cluster ran out"),
            Error::WebhookSilent { .. } => Self::timed_out("MetalLB's webhooks do not answer"),
            Error::PodStuck(_) => Self::step("a pod cannot come up"),
            Error::Degraded { .. } => Self::step("the operator cannot deploy MetalLB"),
            _ => Self::step("the cluster refused"),
        };
        match next(&error) {
            Some(next) => failure.cause(&error).next(next),
            None => failure.cause(&error),
        }
    }
}

/// `true` if objects of somebody else are in the way, one or several.
fn is_in_the_way(error: &Error) -> bool {
    match error {
        Error::Foreign { .. } | Error::Collides(_) => true,
        Error::Several(errors) => errors.iter().all(is_in_the_way),
        _ => false,
    }
}

/// Returns the next step, where one is known.
fn next(error: &Error) -> Option<&'static str> {
    Some(match error {
        Error::WrongContext { .. } | Error::NoContext { .. } => "--context NAME",
        Error::Kubeconfig { .. } => "--kubeconfig FILE",
        Error::Configuration(_) => "change the lab file, and see what it comes to: ⌘ deploy-metallb --dry-run",
        Error::Unreachable { .. } => "see that the cluster runs: `kubectl get nodes`, or ⌘ verify of a lab",
        Error::Unauthorized { .. } => "log in to the cluster again, or name another --context",
        Error::Forbidden { .. } => {
            "use a context whose user may install MetalLB: it needs the rights of a cluster administrator"
        }
        Error::WebhookSilent { .. } => "⌘ repair, then the same command again",
        Error::TimedOut { last, .. } if last.contains("webhook") => {
            "see why the webhooks' pods do not answer: kubectl -n metallb-system get pods; then run the same command again"
        }
        Error::OperatorInTheWay { .. } => "⌘ undeploy-metallb, or --method manifest",
        Error::TimedOut { .. } | Error::WatchEnded { .. } | Error::Terminating { .. } => {
            "run the same command again: it goes on from here"
        }
        Error::PodStuck(trouble) if trouble.is_image() => {
            "see which images the lab needs, and bring them to this machine: ⌘ images list, images load FILE"
        }
        Error::PodStuck(_) => "see the pod's own words: kubectl -n metallb-system describe pods",
        _ => return None,
    })
}

impl From<labfile::compose::ComposeError> for Failure {
    fn from(error: labfile::compose::ComposeError) -> Self {
        Self::wrong_use("the lab cannot be put into the words of FRR, Docker or Kubernetes").cause(&error)
    }
}

impl<E: Into<Self> + std::fmt::Display> From<settle::Unsettled<E>> for Failure {
    fn from(error: settle::Unsettled<E>) -> Self {
        match error {
            settle::Unsettled::Failed { error, .. } => error.into(),
            settle::Unsettled::TimedOut { .. } => Self::timed_out(error.to_string()),
            settle::Unsettled::Ended { .. } => Self::step(error.to_string()),
        }
    }
}
