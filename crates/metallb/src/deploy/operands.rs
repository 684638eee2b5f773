//! The images with which an operator deploys MetalLB.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::Deployment;
use kube::Api;
use kube::api::Patch;
use serde_json::{Value, json};

use crate::error::Answered;
use crate::manifest::OPERATOR;
use crate::object::by_us;
use crate::{Cluster, Error};

impl Cluster {
    /// Names the images with which the operator deploys MetalLB, by its variables (`SPEAKER_IMAGE`, …), where it names
    /// others; returns `true` if it did.
    ///
    /// # Errors
    /// [`Error::NotFound`] without an operator; [`Error::Forbidden`].
    pub async fn set_operand_images(&self, namespace: &str, images: &BTreeMap<String, String>) -> Result<bool, Error> {
        let api: Api<Deployment> = Api::namespaced(self.client(), namespace);
        let operator = api.get(OPERATOR).await.doing(format!("get deployment {OPERATOR}"))?;
        let containers = others(&operator, images);
        if containers.is_empty() {
            return Ok(false);
        }
        let patch = json!({"spec": {"template": {"spec": {"containers": containers}}}});
        let done = api.patch(OPERATOR, &by_us(), &Patch::Strategic(patch)).await;
        done.map(|_| true).doing(format!("set the images of deployment {OPERATOR}"))
    }
}

/// The containers of which a variable names another image, as a patch that names these.
fn others(operator: &Deployment, images: &BTreeMap<String, String>) -> Vec<Value> {
    let spec = operator.spec.as_ref().and_then(|spec| spec.template.spec.as_ref());
    let of_container = |container: &k8s_openapi::api::core::v1::Container| {
        let variables = container.env.iter().flatten().filter_map(|variable| {
            let image = images.get(&variable.name)?;
            let other = variable.value.as_ref().is_some_and(|value| value != image);
            other.then(|| json!({"name": variable.name, "value": image}))
        });
        let variables: Vec<Value> = variables.collect();
        (!variables.is_empty()).then(|| json!({"name": container.name, "env": variables}))
    };
    spec.into_iter().flat_map(|spec| &spec.containers).filter_map(of_container).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_variable_that_names_another_image_is_set() {
        let operator: Deployment = serde_json::from_value(json!({
            "metadata": {"name": OPERATOR},
            "spec": {"selector": {}, "template": {"spec": {"containers": [
                {"name": "proxy"},
                {"name": "manager", "env": [{"name": "SPEAKER_IMAGE", "value": "a/speaker:v1"},
                                            {"name": "FRR_IMAGE", "value": "b/frr:1"}]}]}}},
        }))
        .unwrap();
        let images = |speaker: &str| BTreeMap::from([("SPEAKER_IMAGE".to_owned(), speaker.to_owned())]);
        let expected = json!([{"name": "manager", "env": [{"name": "SPEAKER_IMAGE", "value": "a/speaker:dev"}]}]);
        assert_eq!(json!(others(&operator, &images("a/speaker:dev"))), expected);
        assert_eq!(others(&operator, &images("a/speaker:v1")), [Value::Null; 0]);
    }
}
