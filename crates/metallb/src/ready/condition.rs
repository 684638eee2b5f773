//! Conditions that can be waited for, by name.

use std::fmt;

use crate::spec::Backend;

/// A condition that can be waited for in one namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// These custom resource definitions are established.
    Established(Vec<String>),
    /// A deployment's newest generation is rolled out, whole.
    Deployment(String),
    /// A DaemonSet has a ready pod of the newest generation on every eligible node.
    DaemonSet {
        /// The name, or one of these names: it differs between the operator and the manifests.
        any_of: Vec<String>,
        /// `true` if its pods must have an FRR container, `false` if they must not; none where it does not matter.
        frr: Option<bool>,
    },
    /// The operator is rolled out, and MetalLB's parts have the images that it names: those of the operator before it
    /// run, and are reported available, until it has acted.
    AsOperated,
    /// The operator reports the MetalLB resource as available, and not as degraded.
    MetalLb(String),
    /// A service has a load balancer address for each of the service's address families.
    Addresses(String),
    /// A service has a load balancer address.
    Address(String),
    /// A service has a ready endpoint.
    Endpoints(String),
}

impl Condition {
    /// The workloads of MetalLB with this backend: the controller and a speaker per node, with FRR in it or without,
    /// and what else the backend needs.
    pub fn of_backend(backend: Backend) -> Vec<Self> {
        let daemon_set = |names: &[&str], frr| Self::DaemonSet {
            any_of: names.iter().map(ToString::to_string).collect(),
            frr: Some(frr),
        };
        let controller = Self::Deployment("controller".to_owned());
        match backend {
            Backend::Native | Backend::FrrK8sExternal => vec![controller, daemon_set(&["speaker"], false)],
            Backend::Frr => vec![controller, daemon_set(&["speaker"], true)],
            Backend::FrrK8s => {
                vec![controller, daemon_set(&["speaker"], false), daemon_set(&["frr-k8s", "frr-k8s-daemon"], true)]
            }
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Established(names) => write!(f, "{} custom resource definitions established", names.len()),
            Self::Deployment(name) => write!(f, "deployment {name}"),
            Self::DaemonSet { any_of, .. } => write!(f, "DaemonSet {}", any_of.join(" or ")),
            Self::AsOperated => f.write_str("MetalLB's parts as the operator deploys them"),
            Self::MetalLb(name) => write!(f, "MetalLB resource {name} available"),
            Self::Addresses(name) => write!(f, "addresses of service {name}"),
            Self::Address(name) => write!(f, "an address of service {name}"),
            Self::Endpoints(name) => write!(f, "endpoints of service {name}"),
        }
    }
}
