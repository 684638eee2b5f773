//! Reading, all of it at the same time.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Namespace, Pod};
use kube::ResourceExt;
use kube::api::{Api, ListParams};
use serde_json::Value;

use super::{Facts, NamespaceState, WebhookView, views};
use crate::object::Object;
use crate::ready::{PodTrouble, silent_crashes_of, troubles};
use crate::remove::what_keeps;
use crate::{Cluster, Error, NamespacedName};

const SLICE: (&str, &str) = ("discovery.k8s.io/v1", "EndpointSlice");
const WEBHOOKS: (&str, &str) = ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration");

/// The objects of a kind, and why they could not be read.
type Listed = (Vec<Object>, Option<String>);

impl Cluster {
    /// Reads everything that a diagnosis needs of MetalLB in `namespace`, and of an application, by namespace and by
    /// the name that its deployment and service share. It returns no error: anything that cannot be read is listed in
    /// [`Facts::unread`].
    pub async fn facts(&self, namespace: &str, application: NamespacedName<'_>) -> Facts {
        let NamespacedName { namespace: of_app, name: app } = application;
        let here = Some(namespace);
        let custom = |kind| self.listed(("metallb.io/v1beta1", kind), here);
        let (state, deployments, sets, applications, resources, pools, advertisements) = futures::join!(
            self.namespace(namespace),
            self.listed(("apps/v1", "Deployment"), here),
            self.listed(("apps/v1", "DaemonSet"), here),
            self.listed(("apps/v1", "Deployment"), Some(of_app)),
            custom("MetalLB"),
            custom("IPAddressPool"),
            custom("BGPAdvertisement"),
        );
        let (peers, profiles, services, hooks, slices, events, troubles, app_troubles) = futures::join!(
            self.listed(("metallb.io/v1beta2", "BGPPeer"), here),
            custom("BFDProfile"),
            self.listed(("v1", "Service"), None),
            self.listed(WEBHOOKS, None),
            self.listed(SLICE, here),
            self.listed(("v1", "Event"), Some(of_app)),
            self.troubles_with_words(namespace),
            self.troubles_with_words(of_app),
        );
        let lists = [
            &deployments,
            &sets,
            &applications,
            &resources,
            &pools,
            &advertisements,
            &peers,
            &profiles,
            &services,
            &hooks,
            &slices,
            &events,
        ];
        let unread = lists.iter().filter_map(|(_, error)| error.clone()).collect();
        let answers: BTreeMap<String, bool> = answering(&slices.0);
        let hook = |object: &Object| {
            let services = views::webhook_services(object, namespace).into_iter();
            let of = |service: String| WebhookView {
                configuration: object.name_any(),
                answers: answers.get(&service).copied().unwrap_or_default(),
                service,
            };
            services.map(of).collect::<Vec<_>>()
        };
        Facts {
            namespace: state_of(state),
            deployments: deployments.0.iter().map(views::workload).collect(),
            daemon_sets: sets.0.iter().map(views::workload).collect(),
            application: applications.0.iter().find(|object| object.name_any() == app).map(views::workload),
            troubles: [troubles, app_troubles].concat(),
            resources: resources.0.iter().map(resource).collect(),
            pools: pools.0.iter().map(views::pool).collect(),
            advertisements: advertisements.0.iter().map(views::advertisement).collect(),
            peers: peers.0.iter().map(views::peer).collect(),
            profiles: profiles.0.iter().map(ResourceExt::name_any).collect(),
            services: services.0.iter().filter_map(views::balanced).collect(),
            webhooks: hooks.0.iter().flat_map(hook).collect(),
            words: events.0.iter().filter_map(|event| views::words(event, "Service", app)).collect(),
            unread,
        }
    }

    async fn listed(&self, kind: (&str, &str), namespace: Option<&str>) -> Listed {
        match self.found(kind, namespace, None).await {
            Ok(objects) => (objects, None),
            Err(error) => (Vec::new(), Some(format!("{}: {error}", kind.1))),
        }
    }

    /// The problems of a namespace's pods, with the last log line of those that crash.
    async fn troubles_with_words(&self, namespace: &str) -> Vec<PodTrouble> {
        let api: Api<Pod> = Api::namespaced(self.client(), namespace);
        let Ok(pods) = api.list(&ListParams::default()).await else { return Vec::new() };
        let silent = silent_crashes_of(&pods.items);
        let asked = silent.into_iter().map(async |(pod, container)| {
            let words = self.last_log_line(namespace, &pod, &container).await?;
            Some(((pod, container), words))
        });
        let words = futures::future::join_all(asked).await.into_iter().flatten().collect();
        pods.iter().flat_map(|pod| troubles(pod, &words)).collect()
    }
}

fn state_of(namespace: Result<Option<Namespace>, Error>) -> NamespaceState {
    match namespace {
        Ok(Some(namespace)) if namespace.metadata.deletion_timestamp.is_some() => {
            NamespaceState::Terminating(what_keeps(&namespace))
        }
        Ok(Some(_)) => NamespaceState::Active,
        Ok(None) | Err(_) => NamespaceState::Absent,
    }
}

/// The name of a MetalLB resource, and the backend that it requests.
fn resource(object: &Object) -> (String, Option<crate::spec::Backend>) {
    let backend = object.data.pointer("/spec/bgpBackend").and_then(Value::as_str);
    (object.name_any(), backend.and_then(|word| word.parse().ok()))
}

/// Services by name, `true` for those with a ready endpoint.
fn answering(slices: &[Object]) -> BTreeMap<String, bool> {
    let mut all = BTreeMap::new();
    for slice in slices {
        let Some(service) = slice.labels().get("kubernetes.io/service-name") else { continue };
        let endpoints = slice.data.pointer("/endpoints").and_then(Value::as_array);
        let ready = |endpoint: &Value| endpoint.pointer("/conditions/ready").and_then(Value::as_bool).unwrap_or(true);
        *all.entry(service.clone()).or_insert(false) |= endpoints.into_iter().flatten().any(ready);
    }
    all
}
