//! The backend for which MetalLB's webhooks validate.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Container;
use kube::Api;
use kube::api::Patch;
use serde_json::json;

use crate::error::Answered;
use crate::manifest::{BGP_TYPE, OPERATOR, WEBHOOK_SERVER};
use crate::object::by_us;
use crate::spec::Backend;
use crate::watching::{first, named};
use crate::{Cluster, Error};

/// The container of the webhook server that has the variable, and the variable's value.
fn bgp_type(deployment: &Deployment) -> Option<(&Container, &str)> {
    let containers = &deployment.spec.as_ref()?.template.spec.as_ref()?.containers;
    containers.iter().find_map(|container| {
        let variable = container.env.iter().flatten().find(|variable| variable.name == BGP_TYPE)?;
        Some((container, variable.value.as_deref().unwrap_or_default()))
    })
}

impl Cluster {
    /// Reads the backend for which the webhooks beside the operator validate; none without such a server, or if it does
    /// not name one (it then accepts everything).
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn validates_for(&self, namespace: &str) -> Result<Option<String>, Error> {
        Ok(self.webhook_server(namespace).await?.as_ref().and_then(bgp_type).map(|(_, value)| value.to_owned()))
    }

    async fn webhook_server(&self, namespace: &str) -> Result<Option<Deployment>, Error> {
        let api: Api<Deployment> = Api::namespaced(self.client(), namespace);
        api.get_opt(WEBHOOK_SERVER).await.doing(format!("get deployment {WEBHOOK_SERVER}"))
    }

    /// Returns as soon as there is a deployment that serves webhooks beside the operator.
    pub(super) async fn webhook_server_is_there(&self, namespace: &str) -> Result<(), Error> {
        let api: Api<Deployment> = Api::namespaced(self.client(), namespace);
        let what = "watch the webhook server's deployment";
        first(api, named(WEBHOOK_SERVER), what, |found| (!found.is_empty()).then_some(())).await
    }

    /// Makes the webhooks beside the operator validate for `backend`, and returns what they validated for before, where
    /// that was another. Their deployment is published with `native`, which refuses IPv6 pools and BFD. The pod that
    /// does so ends before its successor begins: the API would go on asking it for a moment, and wait in vain for its
    /// answer. The successor is asked at once whether it is ready, and not after 10 s: all that is configured waits for
    /// it.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Conflict`].
    pub(super) async fn validate_for(&self, namespace: &str, backend: Backend) -> Result<Option<String>, Error> {
        let server = self.webhook_server(namespace).await?;
        let Some((container, before)) = server.as_ref().and_then(bgp_type) else { return Ok(None) };
        if before == backend.webhook_type() {
            return Ok(None);
        }
        let mut change = json!({"name": container.name, "env": [{"name": BGP_TYPE, "value": backend.webhook_type()}]});
        if container.readiness_probe.is_some() {
            change["readinessProbe"] = json!({"initialDelaySeconds": 1, "periodSeconds": 1});
        }
        let template = json!({"spec": {"containers": [change]}});
        let strategy = json!({"$retainKeys": ["type"], "type": "Recreate"});
        let patch = json!({"spec": {"strategy": strategy, "template": template}});
        let params = by_us();
        let api: Api<Deployment> = Api::namespaced(self.client(), namespace);
        let done = api.patch(WEBHOOK_SERVER, &params, &Patch::Strategic(patch)).await;
        done.doing(format!("set {BGP_TYPE} on deployment {WEBHOOK_SERVER}"))?;
        Ok(Some(before.to_owned()))
    }

    /// `true` if webhooks are served beside the operator, and not by MetalLB's controller.
    ///
    /// # Errors
    /// As [`Cluster::validates_for`].
    pub(super) async fn has_webhook_server(&self, namespace: &str) -> Result<bool, Error> {
        Ok(self.webhook_server(namespace).await?.is_some())
    }

    /// Checks that the operator exists.
    pub(super) async fn find_operator(&self, namespace: &str) -> Result<(), Error> {
        let api: Api<Deployment> = Api::namespaced(self.client(), namespace);
        let found = api.get_opt(OPERATOR).await.doing(format!("get deployment {OPERATOR}"))?;
        found.map(drop).ok_or_else(|| Error::NotFound {
            what: "find the MetalLB Operator".to_owned(),
            message: format!("there is no deployment {namespace}/{OPERATOR}: install the operator first"),
        })
    }
}
