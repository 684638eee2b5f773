//! The MetalLB resource, which asks the operator for a MetalLB (metallb-operator `api/v1beta1/metallb_types.go`).

use std::fmt;
use std::str::FromStr;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use serde::{Deserialize, Serialize};

use super::root;

/// The implementation of BGP that MetalLB uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Backend {
    /// MetalLB's own implementation: IPv4 only, no BFD.
    Native,
    /// FRR in the speaker's pod.
    Frr,
    /// FRR in a separate DaemonSet, which MetalLB deploys.
    FrrK8s,
    /// FRR in a DaemonSet that is deployed by other means.
    FrrK8sExternal,
}

impl Backend {
    /// The name in the API.
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

    /// `true` if it is FRR, which has BFD, IPv6 and VRFs.
    pub const fn is_frr(self) -> bool {
        !matches!(self, Self::Native)
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that is not the name of a backend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a BGP backend: choose native, frr, frr-k8s or frr-k8s-external")]
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

/// The desired state of a MetalLB that the operator deploys. The operator decides on the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetalLbSpec {
    /// The BGP backend. The operator's default depends on the operator's version: set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bgp_backend: Option<Backend>,
}

/// The status that the operator reports.
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
