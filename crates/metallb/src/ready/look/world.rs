//! The part of a cluster that waits look at, as its watches last reported it.

use std::collections::BTreeMap;

use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment};
use k8s_openapi::api::core::v1::{Node, Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::runtime::watcher;
use kube::{Api, Client, Resource};

use crate::Error;
use crate::spec::MetalLb;
use crate::watching::{Seen, snapshots};

/// A kind that can be watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are the kinds")]
pub(crate) enum Kind {
    Nodes,
    Definitions,
    Deployments,
    DaemonSets,
    Pods,
    Services,
    EndpointSlices,
    MetalLbs,
}

/// The present state of one namespace and of the cluster around it. A kind that was not seen yet is none.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    /// The cluster's nodes.
    pub(crate) nodes: Option<Vec<Node>>,
    /// The cluster's custom resource definitions.
    pub(crate) definitions: Option<Vec<CustomResourceDefinition>>,
    /// The namespace's deployments.
    pub(crate) deployments: Option<Vec<Deployment>>,
    /// The namespace's DaemonSets.
    pub(crate) daemon_sets: Option<Vec<DaemonSet>>,
    /// The namespace's pods.
    pub(crate) pods: Option<Vec<Pod>>,
    /// The namespace's services.
    pub(crate) services: Option<Vec<Service>>,
    /// The namespace's endpoint slices.
    pub(crate) endpoint_slices: Option<Vec<EndpointSlice>>,
    /// The namespace's MetalLB resources.
    pub(crate) metallbs: Option<Vec<MetalLb>>,
    /// The last log line of crashed containers, by pod and container.
    pub(crate) last_log_line: BTreeMap<(String, String), String>,
}

impl World {
    /// `true` once a kind was seen.
    pub(crate) const fn shows(&self, kind: Kind) -> bool {
        match kind {
            Kind::Nodes => self.nodes.is_some(),
            Kind::Definitions => self.definitions.is_some(),
            Kind::Deployments => self.deployments.is_some(),
            Kind::DaemonSets => self.daemon_sets.is_some(),
            Kind::Pods => self.pods.is_some(),
            Kind::Services => self.services.is_some(),
            Kind::EndpointSlices => self.endpoint_slices.is_some(),
            Kind::MetalLbs => self.metallbs.is_some(),
        }
    }
}

/// An event of a watch.
pub(crate) enum Update {
    /// A kind's objects as they are now.
    Seen(Box<dyn FnOnce(&mut World) + Send>),
    /// A watch is interrupted.
    Trouble(String),
    /// A watch is not allowed.
    Refused(Error),
}

/// The changes of these kinds in `namespace`.
pub(crate) fn updates(client: &Client, namespace: &str, kinds: &[Kind]) -> impl Stream<Item = Update> + use<> {
    let streams = kinds.iter().map(|kind| match kind {
        Kind::Nodes => stream(Api::all(client.clone()), "watch nodes", |world, all| world.nodes = Some(all)),
        Kind::Definitions => stream(Api::all(client.clone()), "watch custom resource definitions", |world, all| {
            world.definitions = Some(all);
        }),
        Kind::Deployments => stream(Api::namespaced(client.clone(), namespace), "watch deployments", |world, all| {
            world.deployments = Some(all);
        }),
        Kind::DaemonSets => stream(Api::namespaced(client.clone(), namespace), "watch DaemonSets", |world, all| {
            world.daemon_sets = Some(all);
        }),
        Kind::Pods => stream(Api::namespaced(client.clone(), namespace), "watch pods", |world, all| {
            world.pods = Some(all);
        }),
        Kind::Services => stream(Api::namespaced(client.clone(), namespace), "watch services", |world, all| {
            world.services = Some(all);
        }),
        Kind::EndpointSlices => {
            stream(Api::namespaced(client.clone(), namespace), "watch endpoint slices", |world, all| {
                world.endpoint_slices = Some(all);
            })
        }
        Kind::MetalLbs => {
            stream(Api::namespaced(client.clone(), namespace), "watch MetalLB resources", |world, all| {
                world.metallbs = Some(all);
            })
        }
    });
    futures::stream::select_all(streams.collect::<Vec<_>>())
}

fn stream<K>(api: Api<K>, what: &'static str, put: fn(&mut World, Vec<K>)) -> BoxStream<'static, Update>
where
    K: Resource<DynamicType = ()> + Clone + serde::de::DeserializeOwned + std::fmt::Debug + Send + Sync + 'static,
{
    snapshots(api, watcher::Config::default(), what)
        .map(move |seen| match seen {
            Seen::All(objects) => Update::Seen(Box::new(move |world: &mut World| put(world, objects))),
            Seen::Trouble(text) => Update::Trouble(text),
            Seen::Refused(error) => Update::Refused(error),
        })
        .boxed()
}
