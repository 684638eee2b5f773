//! A mark on the operator: what brought it.

use k8s_openapi::api::apps::v1::Deployment;
use kube::Api;
use kube::api::{Patch, PatchParams};
use serde_json::json;

use crate::manifest::OPERATOR;
use crate::{Cluster, Error, FIELD_MANAGER};

/// The annotation.
const MADE_FROM: &str = "metallb-lab/made-from";

impl Cluster {
    /// What the operator's deployment was last marked with; none where it is not there, or carries no mark.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn operator_mark(&self, namespace: &str) -> Result<Option<String>, Error> {
        let api: Api<Deployment> = Api::namespaced(self.client(), namespace);
        let found = api.get_metadata_opt(OPERATOR).await;
        let found = found.map_err(|error| Error::from_kube(format!("get deployment {OPERATOR}"), error))?;
        Ok(found.and_then(|deployment| deployment.metadata.annotations?.remove(MADE_FROM)))
    }

    /// Marks the operator's deployment with what brought it, so that a later run knows that it is the same.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is not there.
    pub async fn mark_operator(&self, namespace: &str, mark: &str) -> Result<(), Error> {
        let api: Api<Deployment> = Api::namespaced(self.client(), namespace);
        let params = PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
        let patch = json!({"metadata": {"annotations": {MADE_FROM: mark}}});
        let done = api.patch_metadata(OPERATOR, &params, &Patch::Merge(patch)).await;
        done.map(|_| ()).map_err(|error| Error::from_kube(format!("annotate deployment {OPERATOR}"), error))
    }
}
