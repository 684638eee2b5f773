//! kind's configuration (kind.x-k8s.io/v1alpha4).

use std::collections::BTreeMap;

use serde::Serialize;

use super::ComposeError;
use crate::{KubeProxy, Lab, Node, NodeRole, Subnets};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cluster<'a> {
    kind: &'static str,
    api_version: &'static str,
    name: &'a str,
    networking: Networking,
    nodes: Vec<KindNode<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Networking {
    ip_family: &'static str,
    pod_subnet: String,
    service_subnet: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kube_proxy_mode: Option<&'static str>,
}

#[derive(Serialize)]
struct KindNode<'a> {
    role: NodeRole,
    image: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<&'a str, &'a str>,
}

/// Composes kind's configuration file.
///
/// # Errors
/// [`ComposeError::Yaml`], which no lab causes.
pub fn kind_config(lab: &Lab) -> Result<String, ComposeError> {
    let cluster = &lab.cluster;
    // kind takes both families of a dual-stack cluster in one field.
    let both = |nets: &Subnets| nets.iter().map(|net| net.to_string()).collect::<Vec<_>>().join(",");
    let config = Cluster {
        kind: "Cluster",
        api_version: "kind.x-k8s.io/v1alpha4",
        name: cluster.name.as_str(),
        networking: Networking {
            ip_family: match cluster.pods {
                Subnets::V4(_) => "ipv4",
                Subnets::V6(_) => "ipv6",
                Subnets::Both(..) => "dual",
            },
            pod_subnet: both(&cluster.pods),
            service_subnet: both(&cluster.services),
            kube_proxy_mode: (cluster.kube_proxy != KubeProxy::default()).then(|| cluster.kube_proxy.as_str()),
        },
        nodes: cluster.placement.iter().map(|each| node(each, lab.images.node.as_str())).collect(),
    };
    Ok(serde_saphyr::to_string(&config)?)
}

/// Composes a node. The kubelet sets its labels, also when it registers anew.
fn node<'a>(node: &'a Node, image: &'a str) -> KindNode<'a> {
    let labels = node.own_labels().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    KindNode { role: node.role, image, labels }
}
