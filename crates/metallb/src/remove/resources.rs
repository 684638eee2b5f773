//! Objects found and deleted, kind by kind.

use kube::ResourceExt;
use kube::api::{Api, DynamicObject, ListParams};
use serde_json::Value;

use crate::object::{ObjectRef, own_selector, resource};
use crate::value::Name;
use crate::{Cluster, Error};

/// MetalLB's kinds, in an order in which nothing is deleted that another still refers to (its webhooks look). What speakers
/// write themselves (`FRRConfiguration`) goes with its definition: before that they would write it again.
const CUSTOM: [(&str, &str); 8] = [
    ("metallb.io/v1beta1", "BGPAdvertisement"),
    ("metallb.io/v1beta1", "L2Advertisement"),
    ("metallb.io/v1beta2", "BGPPeer"),
    ("metallb.io/v1beta1", "BGPPeer"),
    ("metallb.io/v1beta1", "BFDProfile"),
    ("metallb.io/v1beta1", "Community"),
    ("metallb.io/v1beta1", "IPAddressPool"),
    ("metallb.io/v1beta1", "AddressPool"),
];

/// The API groups whose definitions are MetalLB's.
const GROUPS: [&str; 2] = ["metallb.io", "frrk8s.metallb.io"];

impl Cluster {
    /// Objects of a kind; none where there is no such kind.
    pub(crate) async fn found(
        &self,
        (version, kind): (&str, &str),
        namespace: Option<&str>,
        selector: Option<&str>,
    ) -> Result<Vec<DynamicObject>, Error> {
        let resource = resource(version, kind);
        let api: Api<DynamicObject> = match namespace {
            Some(namespace) => Api::namespaced_with(self.client(), namespace, &resource),
            None => Api::all_with(self.client(), &resource),
        };
        let params = selector.map_or_else(ListParams::default, |selector| ListParams::default().labels(selector));
        match api.list(&params).await {
            Ok(list) => Ok(list.items),
            Err(error) => match Error::from_kube(format!("list {kind} objects"), error) {
                Error::NotFound { .. } => Ok(Vec::new()),
                other => Err(other),
            },
        }
    }

    /// [`Self::found`] in a namespace, by name.
    pub(super) async fn references(
        &self,
        (version, kind): (&str, &str),
        namespace: &str,
        selector: Option<&str>,
    ) -> Result<Vec<ObjectRef>, Error> {
        let found = self.found((version, kind), Some(namespace), selector).await?;
        Ok(found.iter().map(|o| ObjectRef::new(version, kind, Some(namespace), &o.name_any())).collect())
    }

    /// MetalLB's custom resources in its namespace: all of them, or those made for `lab`.
    pub(super) async fn custom(&self, namespace: &str, lab: Option<&Name>) -> Result<Vec<ObjectRef>, Error> {
        let selector = lab.map(own_selector);
        let mut found: Vec<ObjectRef> = Vec::new();
        for (version, kind) in CUSTOM {
            for object in self.found((version, kind), Some(namespace), selector.as_deref()).await? {
                // One object may be seen under two versions of its kind.
                let name = object.name_any();
                if !found.iter().any(|known| known.kind == kind && known.name == name) {
                    found.push(ObjectRef::new(version, kind, Some(namespace), &name));
                }
            }
        }
        Ok(found)
    }

    /// The application's objects: services first, so that their addresses are withdrawn while MetalLB still runs.
    pub(super) async fn workload(&self, lab: &Name, metallb: &str) -> Result<Vec<ObjectRef>, Error> {
        let mut found = Vec::new();
        for (version, kind) in
            [("v1", "Service"), ("apps/v1", "Deployment"), ("apps/v1", "DaemonSet"), ("v1", "ConfigMap")]
        {
            let objects = self.found((version, kind), None, Some(&own_selector(lab))).await?;
            let outside = objects.iter().filter(|object| object.namespace().as_deref() != Some(metallb));
            found.extend(outside.map(|o| ObjectRef::new(version, kind, o.namespace().as_deref(), &o.name_any())));
        }
        Ok(found)
    }

    /// The webhook configurations that call a service in `namespace`.
    pub(super) async fn webhooks_of(&self, namespace: &str) -> Result<Vec<ObjectRef>, Error> {
        let version = "admissionregistration.k8s.io/v1";
        let mut found = Vec::new();
        for kind in ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"] {
            for object in self.found((version, kind), None, None).await? {
                let webhooks = object.data.get("webhooks").and_then(Value::as_array).into_iter().flatten();
                let mut services = webhooks.filter_map(|w| w.pointer("/clientConfig/service/namespace")?.as_str());
                if services.any(|service| service == namespace) {
                    found.push(ObjectRef::new(version, kind, None, &object.name_any()));
                }
            }
        }
        Ok(found)
    }

    /// Roles and bindings of the whole cluster that serve accounts of `namespace`, or have a name that begins so.
    pub(super) async fn cluster_roles_of(&self, namespace: &str, prefixes: &[&str]) -> Result<Vec<ObjectRef>, Error> {
        let version = "rbac.authorization.k8s.io/v1";
        let mut found = Vec::new();
        let mut roles: Vec<String> = Vec::new();
        for binding in self.found((version, "ClusterRoleBinding"), None, None).await? {
            let subjects = binding.data.get("subjects").and_then(Value::as_array).into_iter().flatten();
            let mut serves = subjects.filter_map(|subject| subject.get("namespace")?.as_str());
            if serves.any(|subject| subject == namespace) {
                found.push(ObjectRef::new(version, "ClusterRoleBinding", None, &binding.name_any()));
                roles.extend(binding.data.pointer("/roleRef/name").and_then(Value::as_str).map(str::to_owned));
            }
        }
        for role in self.found((version, "ClusterRole"), None, None).await? {
            let name = role.name_any();
            let by_name = prefixes.iter().any(|prefix| name.starts_with(prefix));
            let built_in = role.labels().contains_key("kubernetes.io/bootstrapping");
            if by_name || (roles.contains(&name) && !built_in) {
                found.push(ObjectRef::new(version, "ClusterRole", None, &name));
            }
        }
        Ok(found)
    }

    /// MetalLB's custom resource definitions.
    pub(super) async fn definitions(&self) -> Result<Vec<ObjectRef>, Error> {
        let (version, kind) = ("apiextensions.k8s.io/v1", "CustomResourceDefinition");
        let found = self.found((version, kind), None, None).await?;
        let of_metallb = |object: &&DynamicObject| {
            object.data.pointer("/spec/group").and_then(Value::as_str).is_some_and(|group| GROUPS.contains(&group))
        };
        Ok(found.iter().filter(of_metallb).map(|o| ObjectRef::new(version, kind, None, &o.name_any())).collect())
    }
}
