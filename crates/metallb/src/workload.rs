//! The application behind the load balancer: a Deployment of agnhost, and a service of type LoadBalancer.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Service;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::object::Object;
use crate::value::Name;

/// The port on which agnhost's `netexec` answers HTTP.
const HTTP: u16 = 8080;

/// The address families that a service requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the API's")]
pub enum IpFamilyPolicy {
    SingleStack,
    PreferDualStack,
    RequireDualStack,
}

/// The nodes that take a service's traffic from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TrafficPolicy {
    /// Every node is a next hop.
    Cluster,
    /// Only a node with an endpoint is a next hop, and the client's address is kept.
    Local,
}

/// An application and its service, both of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// The name of both.
    pub name: Name,
    /// The namespace of both.
    pub namespace: Name,
    /// The agnhost image.
    pub image: String,
    /// The number of pods.
    pub replicas: u16,
    /// The service's port; agnhost listens on 8080 behind it.
    pub port: u16,
    /// The families of the service.
    pub ip_families: IpFamilyPolicy,
    /// The nodes that take its traffic.
    pub traffic: TrafficPolicy,
    /// Annotations of the service, as `metallb.io/loadBalancerIPs`.
    pub annotations: BTreeMap<String, String>,
}

impl Workload {
    /// Makes an agnhost with one pod and a dual-stack service on port 80, in the namespace `default`.
    pub fn agnhost(name: Name, namespace: Name, image: impl Into<String>) -> Self {
        Self {
            name,
            namespace,
            image: image.into(),
            replicas: 1,
            port: 80,
            ip_families: IpFamilyPolicy::PreferDualStack,
            traffic: TrafficPolicy::Cluster,
            annotations: BTreeMap::new(),
        }
    }

    /// The Deployment.
    pub fn deployment(&self) -> Result<Deployment, serde_json::Error> {
        let labels = json!({"app": self.name});
        serde_json::from_value(json!({
            "metadata": {"name": self.name, "namespace": self.namespace, "labels": labels},
            "spec": {
                "replicas": self.replicas,
                "selector": {"matchLabels": labels},
                "template": {
                    "metadata": {"labels": labels},
                    "spec": {
                        "terminationGracePeriodSeconds": 1,
                        "containers": [{
                            "name": "agnhost",
                            "image": self.image,
                            "imagePullPolicy": "IfNotPresent",
                            "args": ["netexec", format!("--http-port={HTTP}")],
                            "ports": [{"containerPort": HTTP, "name": "http"}],
                            "readinessProbe": {
                                "httpGet": {"path": "/healthz", "port": HTTP}, "periodSeconds": 1}
                        }]
                    }
                }
            }
        }))
    }

    /// The service.
    pub fn service(&self) -> Result<Service, serde_json::Error> {
        let labels = json!({"app": self.name});
        serde_json::from_value(json!({
            "metadata": {
                "name": self.name, "namespace": self.namespace, "labels": labels, "annotations": self.annotations},
            "spec": {
                "type": "LoadBalancer",
                "selector": labels,
                "ports": [{"name": "http", "port": self.port, "targetPort": HTTP, "protocol": "TCP"}],
                "ipFamilyPolicy": self.ip_families,
                "externalTrafficPolicy": self.traffic
            }
        }))
    }

    /// Both objects, as they are applied.
    pub(crate) fn objects(&self) -> Result<[Object; 2], serde_json::Error> {
        Ok([Object::of(&self.deployment()?, None)?, Object::of(&self.service()?, None)?])
    }
}
