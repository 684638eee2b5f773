//! Speakers and services, read from the API.

use k8s_openapi::api::core::v1::{Event, Pod, Service, ServicePort as ApiPort};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use kube::ResourceExt;
use kube::api::{Api, ListParams};

use super::{PodView, PortView, ServiceView};
use crate::error::Answered;
use crate::ready::{addresses, endpoint_nodes, families, is_ready};
use crate::spec::Backend;
use crate::workload::Protocol;
use crate::{Cluster, Error, ExecOutput, InNamespace, NamespacedName};

impl Cluster {
    /// Lists pods by label, ordered by node.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn pods(&self, InNamespace(namespace): InNamespace<'_>, selector: &str) -> Result<Vec<PodView>, Error> {
        let api: Api<Pod> = Api::namespaced(self.client(), namespace);
        let list =
            api.list(&ListParams::default().labels(selector)).await.doing(format!("list pods in {namespace}"))?;
        let view = |pod: &Pod| {
            let spec = pod.spec.clone().unwrap_or_default();
            PodView {
                name: pod.name_any(),
                node: spec.node_name.unwrap_or_default(),
                containers: spec.containers.into_iter().map(|container| container.name).collect(),
                ready: is_ready(pod),
            }
        };
        let living = list.iter().filter(|pod| pod.metadata.deletion_timestamp.is_none());
        let mut pods: Vec<PodView> = living.map(view).collect();
        pods.sort_by(|a, b| (&a.node, &a.name).cmp(&(&b.node, &b.name)));
        Ok(pods)
    }

    /// Lists MetalLB's speakers, ordered by node.
    ///
    /// # Errors
    /// As [`Cluster::pods`].
    pub async fn speakers(&self, namespace: &str) -> Result<Vec<PodView>, Error> {
        self.pods(InNamespace(namespace), "component=speaker").await
    }

    /// Lists the pods in which vtysh can query MetalLB's FRR, ordered by node; none for the native backend.
    ///
    /// # Errors
    /// As [`Cluster::pods`].
    pub async fn frr_pods(&self, namespace: &str, backend: Backend) -> Result<Vec<PodView>, Error> {
        let of_labels = backend.vtysh().iter().map(|selector| self.pods(InNamespace(namespace), selector));
        let mut pods = futures::future::try_join_all(of_labels).await?.concat();
        pods.retain(|pod| pod.containers.iter().any(|name| name == crate::spec::FRR_CONTAINER));
        pods.sort_by(|a, b| (&a.node, &a.name).cmp(&(&b.node, &b.name)));
        pods.dedup();
        Ok(pods)
    }

    /// Runs a vtysh command in a pod of [`Cluster::frr_pods`] or of [`crate::frr`].
    ///
    /// # Errors
    /// As [`Cluster::exec`].
    pub async fn vtysh(&self, pod: NamespacedName<'_>, command: &str) -> Result<ExecOutput, Error> {
        self.exec(pod, Some(crate::spec::FRR_CONTAINER), &["vtysh", "-c", command]).await
    }

    /// Returns the controller's last words on a service that lacks an address of one of its families; `None` while it said
    /// nothing, or if none is lacking.
    ///
    /// # Errors
    /// As [`Cluster::service`].
    pub async fn allocation_failure(&self, service: NamespacedName<'_>) -> Result<Option<String>, Error> {
        let view = self.service(service).await?;
        if view.addresses.len() >= view.families.len() {
            return Ok(None);
        }
        let events: Api<Event> = Api::namespaced(self.client(), service.namespace);
        let fields =
            format!("involvedObject.kind=Service,involvedObject.name={},reason=AllocationFailed", service.name);
        let list = events.list(&ListParams::default().fields(&fields)).await;
        let list = list.doing(format!("list events of service {service}"))?;
        let last = list.items.into_iter().max_by_key(|event| event.last_timestamp.as_ref().map(|time| time.0));
        Ok(last.and_then(|event| event.message))
    }

    /// Reads a service, and the nodes of the service's endpoints.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Unreachable`].
    pub async fn service(&self, service: NamespacedName<'_>) -> Result<ServiceView, Error> {
        let NamespacedName { namespace, name } = service;
        let what = || format!("get service {service}");
        let services: Api<Service> = Api::namespaced(self.client(), namespace);
        let found = services.get(name).await.doing(what())?;
        let slices: Api<EndpointSlice> = Api::namespaced(self.client(), namespace);
        let params = ListParams::default().labels(&format!("kubernetes.io/service-name={name}"));
        let slices = slices.list(&params).await.doing(what())?;
        let spec = found.spec.clone().unwrap_or_default();
        let number = |number: i32| u16::try_from(number).ok();
        let port = |port: &ApiPort| {
            let protocol = match port.protocol.as_deref() {
                None | Some("TCP") => Protocol::Tcp,
                Some("UDP") => Protocol::Udp,
                // A lab has no others.
                Some(_) => return None,
            };
            Some(PortView { number: number(port.port)?, protocol, node_port: port.node_port.and_then(number) })
        };
        Ok(ServiceView {
            addresses: addresses(&found),
            families: families(&found),
            ports: spec.ports.iter().flatten().filter_map(port).collect(),
            local: spec.external_traffic_policy.as_deref() == Some("Local"),
            endpoint_nodes: endpoint_nodes(&slices.items, name),
        })
    }
}
