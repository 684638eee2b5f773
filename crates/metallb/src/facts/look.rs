//! Reading, all of it at the same time.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use k8s_openapi::api::core::v1::{Namespace, Pod};
use kube::ResourceExt;
use kube::api::{Api, ListParams};
use serde_json::Value;

use super::{Application, Facts, NamespaceState, WebhookView, views, words};
use crate::object::Object;
use crate::ready::{PodTrouble, silent_crashes_of, troubles};
use crate::remove::what_keeps;
use crate::{Cluster, Error, InNamespace, NamespacedName};

const SLICE: (&str, &str) = ("discovery.k8s.io/v1", "EndpointSlice");
const WEBHOOKS: (&str, &str) = ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration");

/// The objects of a kind, and why they could not be read.
type Listed = (Vec<Object>, Option<String>);

impl Cluster {
    /// Reads everything that a diagnosis needs of MetalLB in `namespace`, and of applications, by namespace and by
    /// the name that deployment and service share. It returns no error: anything that cannot be read is listed in
    /// [`Facts::unread`].
    pub async fn facts(&self, namespace: &str, applications: &[NamespacedName<'_>]) -> Facts {
        let outside: BTreeSet<&str> =
            applications.iter().map(|app| app.namespace).filter(|of| *of != namespace).collect();
        let outside = &outside;
        let deployments = self.of_each(("apps/v1", "Deployment"), outside);
        let events = self.of_each(("v1", "Event"), outside);
        let here = Some(namespace);
        let custom = |kind| self.listed(("metallb.io/v1beta1", kind), here);
        let parts = async {
            futures::join!(
                self.namespace(namespace),
                self.listed(("apps/v1", "Deployment"), here),
                self.listed(("apps/v1", "DaemonSet"), here),
                deployments,
                custom("MetalLB"),
                custom("IPAddressPool"),
                custom("BGPAdvertisement"),
            )
        };
        let around = async {
            futures::join!(
                self.listed(("metallb.io/v1beta2", "BGPPeer"), here),
                custom("BFDProfile"),
                self.listed(("v1", "Service"), None),
                self.listed(WEBHOOKS, None),
                self.listed(SLICE, here),
                events,
                self.pods(InNamespace(namespace), ""),
                self.troubles_with_words(namespace),
                join_all(outside.iter().map(|namespace| self.troubles_with_words(namespace))),
            )
        };
        let said = async {
            futures::join!(
                custom("ConfigurationState"),
                self.listed(("frrk8s.metallb.io/v1beta1", "FRRNodeState"), None),
                self.served(("metallb.io/v1beta1", "ServiceBGPStatus"), here, None),
                self.listed(("v1", "Event"), here),
            )
        };
        let (parts, around, said) = futures::join!(parts, around, said);
        let (state, deployments, sets, of_applications, resources, pools, advertisements) = parts;
        let (peers, profiles, services, hooks, slices, events, pods, troubles, app_troubles) = around;
        let (states, node_states, offers, warnings) = said;
        let lists = [
            &states,
            &node_states,
            &warnings,
            &deployments,
            &sets,
            &of_applications,
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
        let endpoints = endpoints(&slices.0);
        let hook = |object: &Object| {
            let services = views::webhook_services(object, namespace).into_iter();
            let of = |service: String| {
                let (answers, nodes) = endpoints.get(&service).cloned().unwrap_or_default();
                WebhookView { configuration: object.name_any(), answers, service, nodes }
            };
            services.map(of).collect::<Vec<_>>()
        };
        let offers = offers.ok().flatten();
        let application = |of: &NamespacedName<'_>| {
            let is_in = |object: &&Object| object.namespace().as_deref() == Some(of.namespace);
            let deployments = deployments.0.iter().chain(&of_applications.0).filter(is_in);
            let offered = |all: &Vec<Object>| {
                all.iter().filter_map(|offer| words::offered(offer, of.namespace, of.name)).collect()
            };
            Application {
                deployment: deployments.into_iter().find(|object| object.name_any() == of.name).map(views::workload),
                words: events
                    .0
                    .iter()
                    .chain(&warnings.0)
                    .filter(is_in)
                    .filter_map(|event| views::words(event, "Service", of.name))
                    .collect(),
                offered: offers.as_ref().map(offered),
            }
        };
        Facts {
            namespace: state_of(state),
            deployments: deployments.0.iter().map(views::workload).collect(),
            daemon_sets: sets.0.iter().map(views::workload).collect(),
            applications: applications.iter().map(application).collect(),
            pods: pods.unwrap_or_default(),
            troubles: [troubles, app_troubles.concat()].concat(),
            resources: resources.0.iter().map(resource).collect(),
            pools: pools.0.iter().map(views::pool).collect(),
            advertisements: advertisements.0.iter().map(views::advertisement).collect(),
            peers: peers.0.iter().map(views::peer).collect(),
            profiles: profiles.0.iter().map(ResourceExt::name_any).collect(),
            services: services.0.iter().filter_map(views::balanced).collect(),
            webhooks: hooks.0.iter().flat_map(hook).collect(),
            refused: states
                .0
                .iter()
                .filter_map(words::configuration)
                .chain(node_states.0.iter().filter_map(words::node_state))
                .collect(),
            warned: warnings.0.iter().filter_map(words::warned).collect(),
            unread,
        }
    }

    /// Lists the objects of a kind in each of these namespaces.
    async fn of_each(&self, kind: (&str, &str), namespaces: &BTreeSet<&str>) -> Listed {
        let lists = join_all(namespaces.iter().map(|namespace| self.listed(kind, Some(namespace)))).await;
        let error = lists.iter().find_map(|(_, error)| error.clone());
        (lists.into_iter().flat_map(|(objects, _)| objects).collect(), error)
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
        let words = join_all(asked).await.into_iter().flatten().collect();
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

/// Services by name: `true` for those with a ready endpoint, and the nodes of their endpoints.
fn endpoints(slices: &[Object]) -> BTreeMap<String, (bool, BTreeSet<String>)> {
    let mut all: BTreeMap<String, (bool, BTreeSet<String>)> = BTreeMap::new();
    for slice in slices {
        let Some(service) = slice.labels().get("kubernetes.io/service-name") else { continue };
        let endpoints = slice.data.pointer("/endpoints").and_then(Value::as_array).into_iter().flatten();
        let ready = |endpoint: &Value| endpoint.pointer("/conditions/ready").and_then(Value::as_bool).unwrap_or(true);
        let (answers, nodes) = all.entry(service.clone()).or_default();
        *answers |= endpoints.clone().any(ready);
        nodes.extend(endpoints.filter_map(|endpoint| Some(endpoint.pointer("/nodeName")?.as_str()?.to_owned())));
    }
    all
}
