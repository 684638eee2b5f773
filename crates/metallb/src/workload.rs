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
/// The port on which it answers datagrams: with what follows `echo` in them.
const UDP: u16 = 8081;

/// The address families that a service requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the API's")]
pub enum IpFamilyPolicy {
    SingleStack,
    PreferDualStack,
    RequireDualStack,
}

/// The nodes that take a service's traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TrafficPolicy {
    /// Every node. From outside, each is a next hop.
    Cluster,
    /// Only a node with an endpoint. From outside, only these are next hops, and the client's address is kept.
    Local,
}

/// A transport protocol of a service's port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Protocol {
    /// Agnhost answers HTTP.
    Tcp,
    /// Agnhost answers datagrams.
    Udp,
}

/// A port of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServicePort {
    /// The number.
    pub number: u16,
    /// The protocol.
    pub protocol: Protocol,
}

impl ServicePort {
    /// Returns the port's name in the service: one that is alone needs none, and has the documentation's.
    fn name(self, index: usize) -> String {
        match self.protocol {
            Protocol::Tcp if index == 0 => "http".to_owned(),
            Protocol::Tcp => format!("tcp-{}", self.number),
            Protocol::Udp => format!("udp-{}", self.number),
        }
    }

    const fn target(self) -> u16 {
        match self.protocol {
            Protocol::Tcp => HTTP,
            Protocol::Udp => UDP,
        }
    }
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
    /// The labels of the nodes that its pods run on.
    pub node_selector: BTreeMap<String, String>,
    /// The service's ports, behind which agnhost listens.
    pub ports: Vec<ServicePort>,
    /// The number of families of the service.
    pub family_policy: IpFamilyPolicy,
    /// The families, as `IPv6`, its own first; none for those that the cluster chooses.
    pub families: Vec<String>,
    /// `true` if an address of one family is enough: the service prefers both, and its pool has one.
    pub one_address: bool,
    /// The nodes that take its traffic from outside.
    pub external_traffic: TrafficPolicy,
    /// The nodes that take the traffic of their own pods to it.
    pub internal_traffic: TrafficPolicy,
    /// Labels of the service, beside `app`.
    pub labels: BTreeMap<String, String>,
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
            node_selector: BTreeMap::new(),
            ports: vec![ServicePort { number: 80, protocol: Protocol::Tcp }],
            family_policy: IpFamilyPolicy::PreferDualStack,
            families: Vec::new(),
            one_address: false,
            external_traffic: TrafficPolicy::Cluster,
            internal_traffic: TrafficPolicy::Cluster,
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
        }
    }

    /// The Deployment.
    pub fn deployment(&self) -> Result<Deployment, serde_json::Error> {
        let labels = json!({"app": self.name});
        let mut args = vec!["netexec".to_owned(), format!("--http-port={HTTP}")];
        let mut ports = vec![json!({"containerPort": HTTP, "name": "http"})];
        if self.ports.iter().any(|port| port.protocol == Protocol::Udp) {
            args.push(format!("--udp-port={UDP}"));
            ports.push(json!({"containerPort": UDP, "name": "udp", "protocol": "UDP"}));
        }
        let mut pod = json!({
            "terminationGracePeriodSeconds": 1,
            "containers": [{
                "name": "agnhost",
                "image": self.image,
                "imagePullPolicy": "IfNotPresent",
                "args": args,
                "ports": ports,
                "readinessProbe": {"httpGet": {"path": "/healthz", "port": HTTP}, "periodSeconds": 1}
            }]
        });
        if !self.node_selector.is_empty() {
            pod["nodeSelector"] = json!(self.node_selector);
        }
        serde_json::from_value(json!({
            "metadata": {"name": self.name, "namespace": self.namespace, "labels": labels},
            "spec": {
                "replicas": self.replicas,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": pod}
            }
        }))
    }

    /// The service. It has only those fields that differ from the API's defaults, or that the documentation has.
    pub fn service(&self) -> Result<Service, serde_json::Error> {
        let own = BTreeMap::from([("app", self.name.as_str())]);
        let mut labels: BTreeMap<&str, &str> =
            self.labels.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        labels.extend(&own);
        let port = |(index, port): (usize, &ServicePort)| json!({"name": port.name(index), "port": port.number, "targetPort": port.target(), "protocol": port.protocol});
        let mut spec = json!({
            "type": "LoadBalancer",
            "selector": own,
            "ports": self.ports.iter().enumerate().map(port).collect::<Vec<_>>(),
            "ipFamilyPolicy": self.family_policy,
            "externalTrafficPolicy": self.external_traffic
        });
        if !self.families.is_empty() {
            spec["ipFamilies"] = json!(self.families);
        }
        if self.internal_traffic != TrafficPolicy::Cluster {
            spec["internalTrafficPolicy"] = json!(self.internal_traffic);
        }
        serde_json::from_value(json!({
            "metadata": {
                "name": self.name, "namespace": self.namespace, "labels": labels, "annotations": self.annotations},
            "spec": spec
        }))
    }

    /// Both objects, as they are applied.
    pub(crate) fn objects(&self) -> Result<[Object; 2], serde_json::Error> {
        Ok([Object::of(&self.deployment()?, None)?, Object::of(&self.service()?, None)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_has_what_differs_from_the_default() {
        let name = |text: &str| Name::new(text).unwrap();
        let port = |number, protocol| ServicePort { number, protocol };
        let mut own = Workload::agnhost(name("dns"), name("shop"), "agnhost:1");
        own.ports = vec![port(53, Protocol::Udp), port(53, Protocol::Tcp), port(80, Protocol::Tcp)];
        (own.families, own.family_policy) = (vec!["IPv6".to_owned()], IpFamilyPolicy::SingleStack);
        own.internal_traffic = TrafficPolicy::Local;
        own.labels.insert("tier".to_owned(), "front".to_owned());
        own.node_selector.insert("rack".to_owned(), "a".to_owned());
        let service = serde_json::to_value(own.service().unwrap()).unwrap();
        assert_eq!(service["metadata"]["labels"], json!({"app": "dns", "tier": "front"}));
        let ports = service["spec"]["ports"].as_array().unwrap().iter();
        let ports: Vec<String> = ports.map(|port| format!("{} {}", port["name"], port["targetPort"])).collect();
        assert_eq!(ports, ["\"udp-53\" 8081", "\"tcp-53\" 8080", "\"tcp-80\" 8080"]);
        assert_eq!(service["spec"]["ipFamilies"], json!(["IPv6"]));
        assert_eq!(service["spec"]["internalTrafficPolicy"], "Local");
        let pod = serde_json::to_value(own.deployment().unwrap()).unwrap()["spec"]["template"]["spec"].clone();
        assert_eq!(pod["nodeSelector"], json!({"rack": "a"}));
        assert_eq!(pod["containers"][0]["args"], json!(["netexec", "--http-port=8080", "--udp-port=8081"]));
    }
}
