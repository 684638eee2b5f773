//! A cluster's API: nodes, MetalLB and the services; and what follows from it for routers and speakers.

pub(crate) mod fresh;
mod judge;

use std::net::SocketAddr;
use std::time::Duration;

use metallb::plan::{Phase, Plan, Step};
use metallb::ready::Condition;
use metallb::spec::{Backend, NAMESPACE};
use metallb::workload::{Protocol, ServicePort};
use metallb::{
    Cluster, Error, InNamespace, Installed, NamespacedName, NodeView, PodView, PortView, ServiceView, Source,
};

use super::{Check, Component, Get, nodes};
use crate::router::Pods;
use labfile::compose::{self, Expected, Observed, Ping};
use labfile::{Lab, Node, Role, Service};

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
    /// The lab's services in their order, or why one cannot be read.
    pub services: Vec<Result<ServiceView, String>>,
}

impl Seen {
    /// Looks.
    ///
    /// # Errors
    /// If the API does not answer, or does not let us.
    pub async fn look(cluster: &Cluster, lab: &Lab) -> Result<Self, Error> {
        let services = lab
            .services
            .iter()
            .map(async |service| cluster.service(named(service)).await.map_err(|error| error.to_string()));
        let (nodes, installed, services) =
            futures::join!(cluster.nodes(), cluster.installed(NAMESPACE), futures::future::join_all(services));
        let (nodes, installed) = (nodes?, installed?);
        let pods = Pods::find(cluster, installed.backend).await?;
        Ok(Self { nodes, installed, pods, services })
    }

    /// Returns what has to be true of routers and speakers, on a cluster that looks like this.
    pub fn expected(&self, lab: &Lab, nodes: &[Node]) -> Expected {
        let all = self.observing(lab, |observed| compose::expected_of(lab, nodes, observed));
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

    /// Calls with what this adds to the lab file.
    pub(crate) fn observing<T>(&self, lab: &Lab, act: impl FnOnce(Observed<'_>) -> T) -> T {
        let announces =
            |node: &Node, service: &Service| judge::announces(&self.nodes, self.view(lab, service), &node.name);
        let addresses =
            |service: &Service| self.view(lab, service).map_or_else(Vec::new, |view| view.addresses.clone());
        act(Observed { announces: &announces, addresses: &addresses })
    }

    /// Returns a service as it was seen.
    fn view(&self, lab: &Lab, service: &Service) -> Option<&ServiceView> {
        let all = lab.services.iter().zip(&self.services);
        let is_it = |own: &Service| (&own.name, &own.namespace) == (&service.name, &service.namespace);
        all.into_iter().find(|(own, _)| is_it(own)).and_then(|(_, view)| view.as_ref().ok())
    }

    /// Returns the ports of a service by the name that people know it by, once MetalLB is there.
    pub fn ports<'a>(&self, lab: &'a Lab, title: &str) -> impl Iterator<Item = ServicePort> + use<'a> {
        let there = self.installed.is_some();
        let service = lab.services.iter().find(|service| there && lab.title(service) == title);
        service.into_iter().flat_map(|service| &service.ports).map(|port| port.0)
    }

    /// Returns the TCP port of a service that can be connected to.
    pub fn tcp_port(&self, lab: &Lab, title: &str) -> Option<u16> {
        self.ports(lab, title).find(|port| port.protocol == Protocol::Tcp).map(|port| port.number)
    }

    /// Returns the requests to the ports of services, once MetalLB is there.
    pub fn answers(&self, lab: &Lab, reach: &[Ping]) -> Option<Vec<Get>> {
        let of = |ping: &Ping| self.ports(lab, &ping.to).map(|port| Get::answer(ping, port)).collect::<Vec<_>>();
        self.installed.is_some().then(|| reach.iter().flat_map(of).collect())
    }

    /// A request to the node ports of each node that takes a service's traffic: from the first router that speaks BGP
    /// or, where the routers are not here, from a node's pod.
    pub fn node_ports(&self, lab: &Lab, nodes: &[Node], routers: bool) -> Vec<Get> {
        if self.installed.is_some() {
            let views = self.services.iter().filter_map(|view| view.as_ref().ok());
            return views.flat_map(|view| self.node_ports_of(view, lab, nodes, routers)).collect();
        }
        Vec::new()
    }

    fn node_ports_of(&self, service: &ServiceView, lab: &Lab, nodes: &[Node], routers: bool) -> Vec<Get> {
        let router = lab.routers.iter().find(|router| matches!(router.role, Role::Speaker(_)));
        let from = if routers { router.map(|router| router.name.as_str()) } else { self.pods.nodes().next() };
        let Some(from) = from else { return Vec::new() };
        let takes = |node: &&Node| !service.local || service.endpoint_nodes.contains(&node.name);
        let of_node = |node: &Node, port: &PortView| {
            let number = port.node_port.into_iter();
            let own = node.addresses.iter().filter(|address| serves(service, address.is_ipv4())).collect::<Vec<_>>();
            let at = number.flat_map(|port| own.iter().map(move |address| SocketAddr::new(*address, port)));
            at.map(|at| Get::node_port(from, node, at, port.protocol)).collect::<Vec<_>>()
        };
        let each = nodes.iter().filter(takes).flat_map(|node| service.ports.iter().map(move |port| (node, port)));
        each.flat_map(|(node, port)| of_node(node, port)).collect()
    }
}

fn serves(service: &ServiceView, v4: bool) -> bool {
    service.families.iter().any(|family| (family == "IPv4") == v4)
}

/// Names a service for the API.
pub(crate) fn named(service: &Service) -> NamespacedName<'_> {
    NamespacedName { namespace: service.namespace.as_str(), name: service.name.as_str() }
}

/// The parts of MetalLB, as they should be beside what the API says.
#[derive(Debug, Clone)]
struct Facts {
    parts: Vec<(Component, Result<(), String>)>,
    speakers: Result<Vec<PodView>, String>,
    /// The differences from the lab's resources.
    changes: Result<Vec<String>, String>,
}

/// The plan that would make MetalLB's resources and the applications what the lab says; or why there is none.
pub(crate) type Differences = Result<Plan, String>;

/// The checks of a cluster with these differences: its nodes and, where there is any of it, MetalLB.
pub(crate) async fn checks(
    cluster: &Cluster,
    lab: &Lab,
    seen: &Seen,
    differences: impl Future<Output = Differences>,
) -> Vec<Check> {
    let mut checks = nodes(&seen.nodes);
    if seen.installed.is_some() {
        checks.extend(judged(cluster, lab, seen, differences).await);
    }
    checks
}

/// The checks of MetalLB and the services alone.
pub async fn of_metallb(cluster: &Cluster, lab: &Lab, seen: &Seen) -> Vec<Check> {
    judged(cluster, lab, seen, differences(cluster, lab, &seen.installed)).await
}

async fn judged(
    cluster: &Cluster,
    lab: &Lab,
    seen: &Seen,
    differences: impl Future<Output = Differences>,
) -> Vec<Check> {
    let facts = facts(cluster, &seen.installed, differences).await;
    [judge::metallb(lab, &seen.installed, &seen.nodes, &facts), judge::services(lab, &seen.services)].concat()
}

async fn facts(cluster: &Cluster, installed: &Installed, differences: impl Future<Output = Differences>) -> Facts {
    let parts = conditions(installed).into_iter().map(async |(name, condition)| {
        let end = cluster.look(name.as_str(), InNamespace(NAMESPACE), &[condition], LOOK).await;
        (name, end.map_err(missing))
    });
    let (parts, speakers, plan) =
        futures::join!(futures::future::join_all(parts), cluster.speakers(NAMESPACE), differences);
    let changes = plan.map(|plan| plan.steps.iter().map(|step| step.to_string().replace('\n', " ")).collect());
    Facts { parts, speakers: speakers.map_err(|error| error.to_string()), changes }
}

/// Plans what would make MetalLB's resources and the application what the lab says.
pub(crate) async fn differences(cluster: &Cluster, lab: &Lab, installed: &Installed) -> Differences {
    let installation = compose::installation(lab, Source::OperatorInstalled).map_err(|error| error.to_string())?;
    let mut plan = cluster.plan(&installation).await.map_err(|error| error.to_string())?;
    // What a manifest brought is not the lab's to say, and without an operator nothing reads a MetalLB resource.
    plan.steps.retain(|step: &Step| match step.phase {
        Phase::MetalLb => installed.operator,
        Phase::Configuration | Phase::Workload => true,
        Phase::Removal | Phase::Namespaces | Phase::Definitions | Phase::Install => false,
    });
    Ok(plan)
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
