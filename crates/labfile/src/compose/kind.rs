//! kind's configuration (kind.x-k8s.io/v1alpha4).

use serde::Serialize;

use super::ComposeError;
use crate::{Lab, NodeRole, Subnets};

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
}

#[derive(Serialize)]
struct KindNode<'a> {
    role: NodeRole,
    image: &'a str,
}

/// Composes kind's configuration file.
///
/// # Errors
/// [`ComposeError::Yaml`], which no lab causes.
pub fn kind_config(lab: &Lab) -> Result<String, ComposeError> {
    let cluster = &lab.cluster;
    // kind takes both families of a dual-stack cluster in one field.
    let both = |nets: &Subnets| nets.iter().map(|net| net.to_string()).collect::<Vec<_>>().join(",");
    let dual = cluster.pods.v6.is_some() && cluster.services.v6.is_some();
    let config = Cluster {
        kind: "Cluster",
        api_version: "kind.x-k8s.io/v1alpha4",
        name: cluster.name.as_str(),
        networking: Networking {
            ip_family: if dual { "dual" } else { "ipv4" },
            pod_subnet: both(&cluster.pods),
            service_subnet: both(&cluster.services),
        },
        nodes: cluster.node_names().map(|(_, role)| KindNode { role, image: lab.images.node.as_str() }).collect(),
    };
    Ok(serde_saphyr::to_string(&config)?)
}
