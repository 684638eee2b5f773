//! Conditions: named, and looked at in what the watches show.

use std::fmt;

use kube::ResourceExt;
use settle::Verdict;

use super::world::Kind;
use super::{World, metallb, rollout, service};
use crate::Error;
use crate::spec::Backend;

/// Something that can be waited for in one namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// These custom resource definitions are established.
    Established(Vec<String>),
    /// A deployment's newest generation is rolled out, whole.
    Deployment(String),
    /// A DaemonSet has a ready pod of its newest generation on every node that it is meant for.
    DaemonSet {
        /// Its name, or one of these names: it differs between the operator and the manifests.
        any_of: Vec<String>,
        /// Whether its pods must have a container in which FRR runs, or must not; none where it does not matter.
        frr: Option<bool>,
    },
    /// The operator calls the MetalLB resource available, and not degraded.
    MetalLb(String),
    /// A service has a load balancer address of each of its families.
    Addresses(String),
    /// A service has a ready endpoint.
    Endpoints(String),
}

impl Condition {
    /// What MetalLB consists of with this backend: the controller and a speaker a node, with FRR in it or without, and what
    /// else the backend needs.
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

    /// The kinds that must be watched for it.
    pub(crate) fn kinds(&self) -> &'static [Kind] {
        match self {
            Self::Established(_) => &[Kind::Definitions],
            Self::Deployment(_) => &[Kind::Deployments, Kind::Pods],
            Self::DaemonSet { .. } => &[Kind::DaemonSets, Kind::Nodes, Kind::Pods],
            Self::MetalLb(_) => &[Kind::MetalLbs],
            Self::Addresses(_) => &[Kind::Services],
            Self::Endpoints(_) => &[Kind::EndpointSlices],
        }
    }

    /// What is wrong and passes by itself, or does not: only time tells.
    pub(crate) fn doubt(&self, world: &World) -> Option<Error> {
        let Self::MetalLb(name) = self else { return None };
        metallb::degraded(world, name).map(|message| Error::Degraded { name: name.clone(), message })
    }

    /// Whether it holds.
    pub fn look(&self, world: &World) -> Verdict<(), Error> {
        match self {
            Self::Established(names) => established(world, names),
            Self::Deployment(name) => rollout::deployment(world, name),
            Self::DaemonSet { any_of, frr } => {
                let here = |name: &&String| world.daemon_sets.iter().flatten().any(|set| set.name_any() == **name);
                match any_of.iter().find(here).or(any_of.first()) {
                    Some(name) => rollout::daemon_set(world, name, *frr),
                    None => Verdict::Ready(()),
                }
            }
            Self::MetalLb(name) => metallb::available(world, name),
            Self::Addresses(name) => service::has_addresses(world, name),
            Self::Endpoints(name) => service::has_endpoints(world, name),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Established(names) => write!(f, "{} custom resource definitions established", names.len()),
            Self::Deployment(name) => write!(f, "deployment {name}"),
            Self::DaemonSet { any_of, .. } => write!(f, "DaemonSet {}", any_of.join(" or ")),
            Self::MetalLb(name) => write!(f, "MetalLB resource {name} available"),
            Self::Addresses(name) => write!(f, "addresses of service {name}"),
            Self::Endpoints(name) => write!(f, "endpoints of service {name}"),
        }
    }
}

/// All of them at once: the first failure, or everything that is missing.
pub(crate) fn look_at_all(conditions: &[Condition], world: &World) -> Verdict<(), Error> {
    let mut missing = Vec::new();
    for condition in conditions {
        match condition.look(world) {
            Verdict::Ready(()) => {}
            Verdict::NotYet(text) => missing.push(text),
            failed @ Verdict::Failed(_) => return failed,
        }
    }
    Verdict::all_of(&missing)
}

fn established(world: &World, names: &[String]) -> Verdict<(), Error> {
    let Some(all) = &world.definitions else { return Verdict::NotYet("definitions not seen yet".to_owned()) };
    let is_established = |name: &&String| {
        let found = all.iter().find(|definition| definition.name_any() == **name);
        let conditions = found.and_then(|f| f.status.as_ref()).and_then(|status| status.conditions.as_ref());
        conditions.into_iter().flatten().any(|condition| condition.type_ == "Established" && condition.status == "True")
    };
    let missing: Vec<String> =
        names.iter().filter(|name| !is_established(name)).map(|name| format!("{name} is not established")).collect();
    Verdict::all_of(&missing)
}
