//! A cluster's API: nodes, MetalLB and the service; and what follows from it for routers and speakers.

pub(crate) mod fresh;
mod judge;

use std::net::SocketAddr;
use std::time::Duration;

use metallb::plan::{Phase, Step};
use metallb::ready::Condition;
use metallb::spec::{Backend, NAMESPACE};
use metallb::{Cluster, Error, InNamespace, Installed, NamespacedName, NodeView, PodView, ServiceView, Source};

use super::{Check, Component, Get, nodes};
use crate::failure::Failure;
use crate::router::Pods;
use labfile::compose::{self, Expected};
use labfile::{Lab, Node, Role};

/// The longest time of a look at one part of MetalLB. What is there shows at once.
const LOOK: Duration = Duration::from_secs(2);

/// A cluster, as one look at its API shows it.
#[derive(Debug)]
pub struct Seen {
    /// The nodes.
    pub nodes: Vec<NodeView>,
    /// The parts of MetalLB that are there.
    pub installed: Installed,
    /// The places of FRR on the nodes.
    pub pods: Pods,
    /// The service, or why it cannot be read.
    pub service: Result<ServiceView, String>,
}

impl Seen {
    /// Looks.
    ///
    /// # Errors
    /// If the API does not answer, or does not let us.
    pub async fn look(cluster: &Cluster, lab: &Lab) -> Result<Self, Error> {
        let (namespace, name) = (lab.workload.namespace.as_str(), lab.workload.name.as_str());
        let service = NamespacedName { namespace, name };
        let (nodes, installed, service) =
            futures::join!(cluster.nodes(), cluster.installed(NAMESPACE), cluster.service(service));
        let (nodes, installed) = (nodes?, installed?);
        let pods = Pods::find(cluster, installed.backend).await?;
        Ok(Self { nodes, installed, pods, service: service.map_err(|error| error.to_string()) })
    }

    /// Returns what has to be true of routers and speakers, on a cluster that looks like this.
    pub fn expected(&self, lab: &Lab, nodes: &[Node]) -> Expected {
        let all = compose::expected_of(lab, nodes, &|node| self.announces(&node.name));
        match (self.installed.is_some(), self.pods.without_metallb()) {
            (true, _) => all,
            (false, true) => self.with_pods(all.bfd_only()),
            (false, false) => all.without_metallb(),
        }
    }

    /// `deploy-frr` brings FRR to the workers only.
    fn with_pods(&self, mut expected: Expected) -> Expected {
        expected.bare_bfd.retain(|pair| self.pods.on(&pair.node.name).is_some());
        expected
    }

    fn announces(&self, node: &str) -> bool {
        judge::announces(&self.nodes, self.service.as_ref().ok(), node)
    }

    /// The service's port, once MetalLB is there.
    pub fn port(&self, lab: &Lab) -> Option<u16> {
        self.installed.is_some().then_some(lab.workload.port)
    }

    /// A request to the node port of each node that takes the service's traffic: from the first router that speaks BGP
    /// or, where the routers are not here, from a node's pod.
    pub fn node_ports(&self, lab: &Lab, nodes: &[Node], routers: bool) -> Vec<Get> {
        let (Ok(service), true) = (&self.service, self.installed.is_some()) else { return Vec::new() };
        let router = lab.routers.iter().find(|router| matches!(router.role, Role::Speaker(_)));
        let from = if routers { router.map(|router| router.name.as_str()) } else { self.pods.nodes().next() };
        let (Some(from), Some(port)) = (from, service.node_port) else { return Vec::new() };
        let takes = |node: &&Node| !service.local || service.endpoint_nodes.contains(&node.name);
        let of_node = |node: &Node| {
            let get = |address| Get::node_port(from, node, SocketAddr::new(address, port));
            node.addresses.iter().filter(|address| serves(service, address.is_ipv4())).map(get).collect::<Vec<_>>()
        };
        nodes.iter().filter(takes).flat_map(of_node).collect()
    }
}

fn serves(service: &ServiceView, v4: bool) -> bool {
    service.families.iter().any(|family| (family == "IPv4") == v4)
}

/// The parts of MetalLB, as they should be beside what the API says.
#[derive(Debug, Clone)]
struct Facts {
    parts: Vec<(Component, Result<(), String>)>,
    speakers: Result<Vec<PodView>, String>,
    /// The differences from the lab's resources.
    changes: Result<Vec<String>, String>,
}

/// The checks of a cluster: its nodes and, where there is any of it, MetalLB.
///
/// # Errors
/// [`Failure`] for a lab that cannot be put into MetalLB's words.
pub(crate) async fn checks(cluster: &Cluster, lab: &Lab, seen: &Seen) -> Result<Vec<Check>, Failure> {
    let mut checks = nodes(&seen.nodes);
    if seen.installed.is_some() {
        checks.extend(of_metallb(cluster, lab, seen).await?);
    }
    Ok(checks)
}

/// The checks of MetalLB and the service alone.
///
/// # Errors
/// An error of the API.
pub async fn of_metallb(cluster: &Cluster, lab: &Lab, seen: &Seen) -> Result<Vec<Check>, Failure> {
    let facts = facts(cluster, lab, &seen.installed).await?;
    Ok([judge::metallb(lab, &seen.installed, &seen.nodes, &facts), judge::service(lab, &seen.service)].concat())
}

async fn facts(cluster: &Cluster, lab: &Lab, installed: &Installed) -> Result<Facts, Failure> {
    let installation = compose::installation(lab, Source::OperatorInstalled)?;
    let parts = conditions(installed).into_iter().map(async |(name, condition)| {
        let end = cluster.look(name.as_str(), InNamespace(NAMESPACE), &[condition], LOOK).await;
        (name, end.map_err(missing))
    });
    let changes = async {
        let plan = cluster.plan(&installation).await.map_err(|error| error.to_string())?;
        // What a manifest brought is not the lab's to say, and without an operator nothing reads a MetalLB resource.
        let ours = |step: &Step| match step.phase {
            Phase::MetalLb => installed.operator,
            Phase::Configuration | Phase::Workload => true,
            Phase::Removal | Phase::Namespaces | Phase::Definitions | Phase::Install => false,
        };
        let steps = plan.steps.into_iter().filter(ours);
        Ok(steps.map(|step| step.to_string().replace('\n', " ")).collect())
    };
    let (parts, speakers, changes) =
        futures::join!(futures::future::join_all(parts), cluster.speakers(NAMESPACE), changes);
    Ok(Facts { parts, speakers: speakers.map_err(|error| error.to_string()), changes })
}

/// Returns the conditions that have to hold.
fn conditions(installed: &Installed) -> Vec<(Component, Condition)> {
    let daemon_set =
        |names: &[&str]| Condition::DaemonSet { any_of: names.iter().map(ToString::to_string).collect(), frr: None };
    let mut conditions = Vec::new();
    if installed.operator {
        conditions.push((Component::Operator, Condition::Deployment(metallb::OPERATOR.to_owned())));
        conditions.push((Component::Resource, Condition::MetalLb("metallb".to_owned())));
    }
    conditions.push((Component::Controller, Condition::Deployment("controller".to_owned())));
    conditions.push((Component::Speakers, daemon_set(&["speaker"])));
    if installed.backend == Some(Backend::FrrK8s) {
        conditions.push((Component::FrrK8s, daemon_set(&["frr-k8s", "frr-k8s-daemon"])));
    }
    conditions
}

/// Returns what a look that ran out saw last.
fn missing(error: Error) -> String {
    match error {
        Error::TimedOut { last, .. } => last,
        other => other.to_string(),
    }
}
