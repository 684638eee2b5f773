//! One object applied, with patience for a webhook that is not there yet, and none for one that refuses; or deleted.

use std::time::{Duration, Instant};

use kube::api::{DeleteParams, DynamicObject, Patch, PatchParams};
use settle::{Verdict, Wait};

use crate::object::ObjectRef;
use crate::{Cluster, Error, FIELD_MANAGER};

/// Applies an object, again for as long as a webhook cannot be reached, within `bound`.
pub(crate) async fn apply_with_retries(
    cluster: &Cluster,
    object: &DynamicObject,
    bound: Duration,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<DynamicObject, Error> {
    let identity = ObjectRef::of(object);
    let wait = Wait::new(format!("apply {identity}"), bound).every(Duration::from_millis(500));
    let begun = Instant::now();
    let applied = wait
        .poll(async || match cluster.apply(object).await {
            Ok(applied) => Verdict::Ready(applied),
            Err(error) if passes(&error, begun.elapsed()) => {
                let missing = error.to_string();
                tell(&missing);
                Verdict::NotYet(missing)
            }
            Err(error) => Verdict::Failed(error),
        })
        .await;
    Ok(applied?)
}

/// How long a kind may be unknown: one that was defined a moment ago is not served by every part at once.
const NEW_KIND: Duration = Duration::from_secs(10);

/// Whether an error may pass by itself.
fn passes(error: &Error, waited: Duration) -> bool {
    match error {
        Error::WebhookUnreachable { .. } => true,
        Error::NotFound { .. } => waited < NEW_KIND,
        _ => false,
    }
}

impl Cluster {
    /// Applies an object server-side under this crate's field manager, once.
    ///
    /// # Errors
    /// [`Error::WebhookRefused`], [`Error::WebhookUnreachable`], [`Error::Invalid`], [`Error::Forbidden`], …
    pub async fn apply(&self, object: &DynamicObject) -> Result<DynamicObject, Error> {
        let identity = ObjectRef::of(object);
        // A field that the API does not know would else be dropped without a word.
        let params = PatchParams::apply(FIELD_MANAGER).force().validation_strict();
        let applied = identity.api(self.client()).patch(&identity.name, &params, &Patch::Apply(object)).await;
        applied.map_err(|error| Error::from_kube(format!("apply {identity}"), error))
    }

    /// Deletes an object, with what it owns; one that is gone already is no error.
    ///
    /// # Errors
    /// [`Error::WebhookRefused`], [`Error::WebhookUnreachable`], [`Error::Forbidden`].
    pub async fn delete(&self, object: &ObjectRef) -> Result<(), Error> {
        match object.api(self.client()).delete(&object.name, &DeleteParams::background()).await {
            Ok(_) => Ok(()),
            Err(error) => match Error::from_kube(format!("delete {object}"), error) {
                Error::NotFound { .. } => Ok(()),
                other => Err(other),
            },
        }
    }
}
