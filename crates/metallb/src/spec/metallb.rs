//! The MetalLB resource, which asks the operator for a MetalLB (metallb-operator `api/v1beta1/metallb_types.go`).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use ipnet::IpNet;
use k8s_openapi::api::core::v1::{Affinity, ResourceRequirements, Toleration};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use serde::{Deserialize, Serialize};

use super::root;
use crate::value::Name;

/// What speaks BGP for MetalLB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Backend {
    /// MetalLB's own implementation: IPv4 only, no BFD.
    Native,
    /// FRR in the speaker's pod.
    Frr,
    /// FRR in a DaemonSet of its own, which MetalLB deploys.
    FrrK8s,
    /// FRR in a DaemonSet that something else deploys.
    FrrK8sExternal,
}

impl Backend {
    /// Its name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Frr => "frr",
            Self::FrrK8s => "frr-k8s",
            Self::FrrK8sExternal => "frr-k8s-external",
        }
    }

    /// The value of `METALLB_BGP_TYPE` that makes the webhooks validate for it.
    pub const fn webhook_type(self) -> &'static str {
        match self {
            // The validation of MetalLB (`internal/config/validation.go`) knows three.
            Self::FrrK8sExternal => "frr-k8s",
            other => other.as_str(),
        }
    }

    /// Whether it is FRR, with BFD, IPv6 and VRFs.
    pub const fn is_frr(self) -> bool {
        !matches!(self, Self::Native)
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no backend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no BGP backend: native, frr, frr-k8s or frr-k8s-external")]
pub struct UnknownBackend(String);

impl FromStr for Backend {
    type Err = UnknownBackend;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Native, Self::Frr, Self::FrrK8s, Self::FrrK8sExternal]
            .into_iter()
            .find(|backend| backend.as_str() == text)
            .ok_or_else(|| UnknownBackend(text.to_owned()))
    }
}

/// How much controller and speakers log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum LogLevel {
    All,
    Debug,
    Info,
    Warn,
    Error,
    None,
}

/// What is asked of MetalLB's operator. Unset fields are left to it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetalLbSpec {
    /// What speaks BGP. The operator's own default depends on its version: set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bgp_backend: Option<Backend>,
    /// How much is logged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_level: Option<LogLevel>,
    /// The labels of the nodes that get a speaker.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub node_selector: BTreeMap<String, String>,
    /// Taints that speakers tolerate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speaker_tolerations: Vec<Toleration>,
    /// The labels of the nodes that may run the controller.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub controller_node_selector: BTreeMap<String, String>,
    /// Taints that the controller tolerates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controller_tolerations: Vec<Toleration>,
    /// The load balancer class that MetalLB serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_balancer_class: Option<String>,
    /// More about the controller's pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controller_config: Option<PodConfig>,
    /// More about the speakers' pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker_config: Option<PodConfig>,
    /// What frr-k8s is told.
    #[serde(rename = "frrk8sConfig", default, skip_serializing_if = "Option::is_none")]
    pub frrk8s_config: Option<FrrK8sConfig>,
}

/// More about a pod that the operator deploys.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PodConfig {
    /// Its priority class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority_class_name: Option<Name>,
    /// Its runtime class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_class_name: Option<Name>,
    /// Where it may be scheduled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affinity: Option<Affinity>,
    /// Its annotations.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// The resources that it asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<ResourceRequirements>,
}

/// What frr-k8s is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FrrK8sConfig {
    /// Ranges from which no route is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub always_block: Vec<IpNet>,
    /// The namespace of a frr-k8s that something else deployed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<Name>,
    /// Whether BGP secrets are passed on by name (external mode only).
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub secret_passthrough: bool,
}

/// What the operator reports.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MetalLbStatus {
    /// `Available`, `Progressing`, `Degraded`, and what else it says.
    #[serde(default)]
    pub conditions: Vec<Condition>,
}

root! {
    /// A `MetalLB`: the resource by which the operator is asked for one.
    MetalLb { spec: MetalLbSpec, status: MetalLbStatus },
    "metallb.io", "v1beta1", "MetalLB", "metallbs"
}
