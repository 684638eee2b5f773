//! One object applied or deleted, with retries while a webhook cannot be reached, and none once it refuses.

use std::time::{Duration, Instant};

use kube::api::{DeleteParams, Patch, PatchParams, PostParams};
use settle::{Verdict, Wait};

use crate::error::{Answered, if_found};
use crate::object::{Object, ObjectRef};
use crate::plan::{Ownership, Wanted, without_others};
use crate::webhook::is_unserved;
use crate::{Cluster, Error, FIELD_MANAGER};

/// The time during which a request is retried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// While a webhook cannot be reached.
    pub(crate) bound: Duration,
    /// While a webhook refuses.
    pub(crate) refusals: Duration,
}

impl Patience {
    /// Returns the patience for webhooks that cannot be reached yet; a refusal is final.
    pub(crate) const fn within(bound: Duration) -> Self {
        Self { bound, refusals: Duration::ZERO }
    }

    /// Adds patience after a deletion: webhooks judge by their own cache, which lags behind.
    #[must_use]
    pub(crate) const fn after_a_removal(self) -> Self {
        Self { refusals: Duration::from_secs(5), ..self }
    }

    /// `true` if an error may pass by itself.
    fn lets_pass(self, error: &Error, waited: Duration) -> bool {
        match error {
            Error::WebhookUnreachable { .. } => true,
            Error::WebhookRefused { .. } => waited < self.refusals,
            Error::NotFound { .. } => waited < NEW_KIND,
            // The object was changed since it was read, or is still being deleted.
            Error::Conflict { .. } => waited < NEW_KIND,
            _ => false,
        }
    }
}

/// The time during which a kind may be unknown: a new definition is not served everywhere at once.
const NEW_KIND: Duration = Duration::from_secs(10);

/// Applies an object, with retries as long as `patience` allows.
pub(crate) async fn apply_with_retries(
    cluster: &Cluster,
    wanted: &Wanted,
    patience: Patience,
    report: &(dyn Fn(&str) + Sync),
) -> Result<(), Error> {
    let name = format!("apply {}", ObjectRef::of(&wanted.object));
    again(name, patience, report, async || cluster.apply_wanted(wanted).await).await
}

/// Deletes an object, with retries as long as `patience` allows.
pub(crate) async fn delete_with_retries(
    cluster: &Cluster,
    object: &ObjectRef,
    patience: Patience,
    report: &(dyn Fn(&str) + Sync),
) -> Result<(), Error> {
    again(format!("delete {object}"), patience, report, async || cluster.delete(object).await).await
}

async fn again(
    name: String,
    patience: Patience,
    report: &(dyn Fn(&str) + Sync),
    request: impl AsyncFn() -> Result<(), Error>,
) -> Result<(), Error> {
    let wait = Wait::new(name, patience.bound).every(Duration::from_millis(500));
    let begun = Instant::now();
    let mut unanswered = Unanswered::default();
    let done = wait.poll(async || match request().await {
        Ok(()) => Verdict::Ready(()),
        Err(error) if patience.lets_pass(&error, begun.elapsed()) => {
            let missing = error.to_string();
            if unanswered.lasts(&error, Instant::now()) {
                return Verdict::Failed(Error::WebhookSilent { what: missing, within: UNANSWERED });
            }
            report(&missing);
            Verdict::NotYet(missing)
        }
        Err(error) => Verdict::Failed(error),
    });
    Ok(done.await?)
}

/// The time for which nobody serves a webhook, or its certificate does not fit, while a webhook's pod starts: its pod is
/// waited for before.
const UNANSWERED: Duration = Duration::from_secs(15);

/// Remembers since when a webhook has failed in a way that does not pass by itself.
#[derive(Debug, Default)]
struct Unanswered(Option<Instant>);

impl Unanswered {
    /// Takes an error, and returns `true` if all since [`UNANSWERED`] were of this kind.
    fn lasts(&mut self, error: &Error, now: Instant) -> bool {
        let is_kind = matches!(error, Error::WebhookUnreachable { message, .. } if is_unserved(message));
        self.0 = is_kind.then(|| self.0.unwrap_or(now));
        self.0.is_some_and(|since| now.duration_since(since) >= UNANSWERED)
    }
}

impl Cluster {
    /// Applies an object and, if it is ours alone, removes the fields that others added: an apply leaves them.
    async fn apply_wanted(&self, wanted: &Wanted) -> Result<(), Error> {
        let applied = self.apply(&wanted.object).await?;
        if wanted.ownership == Ownership::Ours
            && let Some(stripped) = without_others(&applied, &wanted.object)
        {
            self.replace(&stripped, false).await?;
        }
        Ok(())
    }

    /// Replaces an object as it was read.
    ///
    /// # Errors
    /// [`Error::Conflict`] if it was changed since; else as [`Cluster::apply`].
    pub(super) async fn replace(&self, object: &Object, dry_run: bool) -> Result<Object, Error> {
        let identity = ObjectRef::of(object);
        let params = PostParams { dry_run, field_manager: Some(FIELD_MANAGER.to_owned()) };
        identity.api(self.client()).replace(&identity.name, &params, object).await.doing(format!("replace {identity}"))
    }

    /// Applies an object server-side under this crate's field manager, once.
    ///
    /// # Errors
    /// [`Error::WebhookRefused`], [`Error::WebhookUnreachable`], [`Error::Invalid`], [`Error::Forbidden`], …
    pub(crate) async fn apply(&self, object: &Object) -> Result<Object, Error> {
        let identity = ObjectRef::of(object);
        // A field that the API does not know would otherwise be dropped silently.
        let params = PatchParams::apply(FIELD_MANAGER).force().validation_strict();
        identity
            .api(self.client())
            .patch(&identity.name, &params, &Patch::Apply(object))
            .await
            .doing(format!("apply {identity}"))
    }

    /// Deletes an object and everything that it owns. A missing object is not an error.
    ///
    /// # Errors
    /// [`Error::WebhookRefused`], [`Error::WebhookUnreachable`], [`Error::Forbidden`].
    pub async fn delete(&self, object: &ObjectRef) -> Result<(), Error> {
        let deleted = object.api(self.client()).delete(&object.name, &DeleteParams::background()).await;
        if_found(deleted.doing(format!("delete {object}"))).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unreachable(message: &str) -> Error {
        Error::WebhookUnreachable { what: "apply x".to_owned(), message: message.to_owned() }
    }

    #[test]
    fn a_webhook_that_nobody_serves_is_not_waited_for_without_end() {
        let (mut unanswered, begun) = (Unanswered::default(), Instant::now());
        let [nobody, refused, certificate] = [
            "no endpoints available for service \"metallb-webhook-service\"",
            "dial tcp 172.30.1.2:443: connect: connection refused",
            "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        ]
        .map(unreachable);
        assert!(!unanswered.lasts(&nobody, begun));
        assert!(!unanswered.lasts(&refused, begun + UNANSWERED), "its pod is on the way");
        assert!(!unanswered.lasts(&certificate, begun + UNANSWERED));
        assert!(!unanswered.lasts(&nobody, begun + UNANSWERED * 2 - Duration::from_millis(1)));
        assert!(unanswered.lasts(&certificate, begun + UNANSWERED * 2));
    }
}
