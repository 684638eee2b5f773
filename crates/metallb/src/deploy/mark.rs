//! A mark on the operator's deployment that names its source, and the objects of that source that are missing.

use std::future::ready;

use futures::{StreamExt, TryStreamExt, stream};
use k8s_openapi::api::apps::v1::Deployment;
use kube::Api;
use kube::api::Patch;
use serde_json::json;

use super::observe::AT_ONCE;
use crate::error::{Answered, if_found};
use crate::manifest::{Manifest, OPERATOR};
use crate::object::ObjectRef;
use crate::object::by_us;
use crate::{Cluster, Error, InNamespace};

/// The annotation.
const MADE_FROM: &str = "metallb-lab/made-from";

impl Cluster {
    /// Reads the mark of the operator's deployment; none if there is no deployment or no mark.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn operator_mark(&self, namespace: &str) -> Result<Option<String>, Error> {
        let api: Api<Deployment> = Api::namespaced(self.client(), namespace);
        let found = api.get_metadata_opt(OPERATOR).await.doing(format!("get deployment {OPERATOR}"))?;
        Ok(found.and_then(|deployment| deployment.metadata.annotations?.remove(MADE_FROM)))
    }

    /// Returns the objects of a manifest that do not exist.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn missing(&self, manifest: &Manifest) -> Result<Vec<ObjectRef>, Error> {
        let looks = stream::iter(manifest.objects()).map(async |object| {
            let object = ObjectRef::of(object);
            let found = object.api(self.client()).get_metadata_opt(&object.name).await.doing(format!("get {object}"));
            Ok(if_found(found)?.flatten().is_none().then_some(object))
        });
        looks.buffered(AT_ONCE).try_filter_map(|missing| ready(Ok(missing))).try_collect().await
    }

    /// Marks the operator's deployment with its source, so that a later run recognizes it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it does not exist.
    pub async fn mark_operator(&self, InNamespace(namespace): InNamespace<'_>, mark: &str) -> Result<(), Error> {
        let api: Api<Deployment> = Api::namespaced(self.client(), namespace);
        let params = by_us();
        let patch = json!({"metadata": {"annotations": {MADE_FROM: mark}}});
        let done = api.patch_metadata(OPERATOR, &params, &Patch::Merge(patch)).await;
        done.map(drop).doing(format!("annotate deployment {OPERATOR}"))
    }
}
