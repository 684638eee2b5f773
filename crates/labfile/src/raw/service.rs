//! Services and their applications as they are written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::super::{
    At, Name,
    port::Port,
    selector::{LabelKey, LabelValue},
    values::Ip,
};
use super::RawFamily;

/// The nodes that take traffic for the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum RawTrafficPolicy {
    /// Every node.
    #[default]
    Cluster,
    /// Nodes with an endpoint.
    Local,
}

/// The application behind the advertised address: agnhost's `netexec`. Fields that are not given are as documented.
/// It is one service among those of `[[service]]`, in short.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawWorkload {
    /// The name of its Deployment and Service. Default: test-agnhost.
    pub name: Option<At<Name>>,
    /// The namespace. Default: default.
    pub namespace: Option<Name>,
    /// The service's port. Default: 80.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<At<u16>>,
    /// The number of pods. Default: 1.
    #[schemars(range(min = 1, max = 100))]
    pub replicas: Option<At<u16>>,
    /// The pool that the service asks for (`metallb.io/address-pool`). Default: the one that MetalLB assigns from by
    /// itself; where several would do, one has to be named.
    pub pool: Option<At<Name>>,
    /// The nodes that take traffic. Default: Cluster.
    #[serde(default)]
    pub external_traffic_policy: RawTrafficPolicy,
}

/// A service of type LoadBalancer, and the application behind it: agnhost's `netexec`, which answers HTTP and datagrams.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[non_exhaustive]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawService {
    /// The name of its Deployment and Service.
    pub name: At<Name>,
    /// The namespace. Default: default.
    pub namespace: Option<At<Name>>,
    /// The service's labels, by which pools and advertisements select it, in addition to `app`, which is its name.
    #[serde(default)]
    pub labels: BTreeMap<At<LabelKey>, LabelValue>,
    /// The ports, as `80/TCP` or `53/UDP`. Default: 80/TCP.
    pub ports: Option<At<Vec<At<Port>>>>,
    /// The pool that it asks for (`metallb.io/address-pool`). Default: the one that MetalLB assigns from by itself.
    pub pool: Option<At<Name>>,
    /// The addresses that it asks for (`metallb.io/loadBalancerIPs`), at most one of each family.
    pub addresses: Option<At<Vec<At<Ip>>>>,
    /// The key by which services share an address (`metallb.io/allow-shared-ip`): those with the same key, without a port
    /// in common. Default: an address of its own.
    pub sharing_key: Option<At<String>>,
    /// The number of families. Default: each that its pool, or its addresses, have.
    pub ip_family_policy: Option<At<RawFamilyPolicy>>,
    /// The families, its own first. Default: ipv4 first.
    pub families: Option<At<Vec<At<RawFamily>>>>,
    /// The nodes that take traffic from outside. Default: Cluster.
    #[serde(default)]
    pub external_traffic_policy: RawTrafficPolicy,
    /// The nodes that take the traffic of their own pods. Default: Cluster.
    #[serde(default)]
    pub internal_traffic_policy: RawTrafficPolicy,
    /// The number of pods. Default: 1.
    #[schemars(range(min = 1, max = 100))]
    pub replicas: Option<At<u16>>,
    /// The labels of the nodes that its pods run on. Default: any worker.
    pub node_selector: Option<At<BTreeMap<LabelKey, LabelValue>>>,
}

/// The number of families of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum RawFamilyPolicy {
    /// One.
    SingleStack,
    /// Both, if its pool has both.
    PreferDualStack,
    /// Both.
    RequireDualStack,
}
