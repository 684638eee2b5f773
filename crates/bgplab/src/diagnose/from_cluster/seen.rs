//! A look at a cluster, at its speakers, and at the engine here.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use diagnosis::evidence::{Frr, Pending};
use frrconf::ask::Question;
use futures::future::join_all;
use labfile::{Backend, Node};
use metallb::facts::{Application, Balanced, Configured, Facts};
use metallb::spec::NAMESPACE;
use metallb::{Cluster, Installed, NamespacedName, NodeView, PodView};
use netlab::{ContainerState, Docker, Engine, NetworkState, RunState};

use crate::bringup::existing;
use crate::diagnose::gather::QUESTIONS;
use crate::failure::Failure;
use crate::router::{Pods, Routers, read};

/// A cluster, as one look shows it.
pub(super) struct Seen {
    pub(super) cluster: Cluster,
    pub(super) views: Vec<NodeView>,
    pub(super) installed: Installed,
    pub(super) configured: Configured,
    pub(super) balanced: Vec<Balanced>,
    pub(super) facts: Facts,
    pub(super) speakers: Vec<PodView>,
    pub(super) pods: Pods,
    pub(super) docker: Option<Docker>,
    pub(super) networks: Vec<NetworkState>,
    pub(super) containers: Vec<ContainerState>,
}

impl Seen {
    /// Looks at a cluster, and at the engine here, if one answers.
    ///
    /// # Errors
    /// Wrong use where there is no MetalLB in the cluster; an error of the API.
    pub(super) async fn look(cluster: Cluster) -> Result<Self, Failure> {
        let installed = cluster.installed(NAMESPACE).await?;
        if !installed.is_some() {
            return Err(Failure::wrong_use(format!(
                "there is no MetalLB in the cluster of context {}",
                cluster.context()
            ))
            .because(format!("namespace {NAMESPACE} has neither controller nor speakers, and no operator"))
            .next("name another cluster: --kubeconfig FILE, --context NAME"));
        }
        let (views, configured, balanced) =
            futures::try_join!(cluster.nodes(), cluster.configured(NAMESPACE), cluster.balanced())?;
        let services: Vec<NamespacedName<'_>> =
            balanced.iter().map(|one| NamespacedName { namespace: &one.namespace, name: &one.name }).collect();
        let (facts, speakers, pods) = futures::join!(
            cluster.facts(NAMESPACE, &services),
            cluster.speakers(NAMESPACE),
            Pods::find(&cluster, installed.backend),
        );
        let docker = Docker::connect().await.ok();
        let (networks, containers) = match &docker {
            Some(docker) => futures::try_join!(docker.networks(), docker.containers())?,
            None => Default::default(),
        };
        let pods = match &docker {
            Some(docker) => pods?.in_containers_of(docker),
            None => pods?,
        };
        let speakers = speakers?;
        Ok(Self {
            cluster,
            views,
            installed,
            configured,
            balanced,
            facts,
            speakers,
            pods,
            docker,
            networks,
            containers,
        })
    }

    /// The nodes that speakers run on, or should: where the DaemonSet has fewer pods than it wants, those that it selects.
    pub(super) fn nodes(&self) -> Result<Vec<Node>, Failure> {
        let set = self.facts.daemon_set("speaker");
        let short = set.is_some_and(|set| usize::try_from(set.wanted).is_ok_and(|wanted| wanted > self.speakers.len()));
        let label = |view: &NodeView, label: &String| {
            label.split_once('=').is_some_and(|(key, value)| view.labels.get(key).is_some_and(|has| has == value))
        };
        let selected = |view: &NodeView| set.is_some_and(|set| set.node_selector.iter().all(|own| label(view, own)));
        let speaks = |view: &NodeView| self.speakers.iter().any(|pod| pod.node == view.name);
        let own: Vec<NodeView> =
            self.views.iter().filter(|view| speaks(view) || short && selected(view)).cloned().collect();
        existing::nodes_of(&own).map_err(Failure::step)
    }

    /// The peers' ends that are containers here and run.
    fn ends(&self) -> BTreeSet<&str> {
        let at = |address: IpAddr| {
            let mut all = self.containers.iter().filter(|container| container.run == RunState::Running);
            all.find(|container| container.endpoints.values().any(|own| own.addresses().any(|a| a == address)))
        };
        let peers = self.configured.configuration.peers.iter();
        peers.filter_map(|peer| at(peer.spec.peer_address)).map(|container| container.name.as_str()).collect()
    }

    /// The answers of every FRR: on the nodes, and in the peers' containers that run one.
    pub(super) async fn frr(&self) -> BTreeMap<String, Frr> {
        let questions: Vec<Question> = [Question::BgpSummary].into_iter().chain(QUESTIONS).collect();
        let questions = &questions;
        let node = async |node: &str| {
            let answers = self.pods.ask_each(node, questions).await.ok()?;
            Some((node.to_owned(), read(questions, Ok(answers))))
        };
        let nodes = join_all(self.pods.nodes().map(node));
        let ends = async {
            let Some(docker) = &self.docker else { return Vec::new() };
            let routers = Routers::new(docker);
            let one = async |name: &str| {
                let frr = read(questions, routers.ask_each(name, questions).await);
                frr.knows_bgp.then(|| (name.to_owned(), frr))
            };
            join_all(self.ends().into_iter().map(one)).await
        };
        let (nodes, ends) = futures::join!(nodes, ends);
        nodes.into_iter().chain(ends).flatten().collect()
    }

    /// The services without an address that MetalLB is to give one.
    pub(super) fn pending(&self) -> Vec<Pending> {
        let all = self.balanced.iter().zip(&self.facts.applications);
        let waits = all.filter(|(service, _)| service.addresses.is_empty() && service.class.is_none());
        let one = |(service, application): (&Balanced, &Application)| Pending {
            namespace: service.namespace.clone(),
            name: service.name.clone(),
            words: application.words.clone(),
        };
        waits.map(one).collect()
    }

    pub(super) fn backend(&self) -> Option<Backend> {
        use metallb::spec::Backend as Runs;
        Some(match self.installed.backend? {
            Runs::Native => Backend::Native,
            Runs::Frr => Backend::Frr,
            Runs::FrrK8s | Runs::FrrK8sExternal => Backend::FrrK8s,
        })
    }
}
