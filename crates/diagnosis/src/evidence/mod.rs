//! Everything that a diagnosis goes by: gathered once, all of it at the same time, and tolerant of what does not answer.

mod cluster;
mod frr;
mod host;
pub mod inside;
pub mod iproute;
mod meant;
pub mod nft;
mod own;
mod paths;
pub(crate) mod ports;
pub mod procfs;
#[cfg(test)]
pub(crate) mod tests;
mod without_lab;

use std::collections::BTreeMap;

use frrconf::running::Running;
use netlab::{ContainerState, Ending, Limits, NetworkState, Observed, RunState};

pub use cluster::ClusterEvidence;
pub use frr::Frr;
pub use host::Host;
pub use inside::Inside;
pub use meant::meant;
pub use own::{cluster_is_there, kind_nodes, network_is_own, node_is_own, own};
pub use procfs::FAILOVER_CHAIN;
pub use without_lab::{Pending, WithoutLab};

use crate::check::Check;
use labfile::compose::{self, ComposeError, Expected};
use labfile::{Lab, Node, Provider};

/// Everything that was seen of a lab.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The lab.
    pub lab: Lab,
    /// The lab as Docker should have it.
    pub topology: netlab::Lab,
    /// Everything that has to be true.
    pub expected: Expected,
    /// The nodes with their addresses.
    pub nodes: Vec<Node>,
    /// The checks that failed.
    pub failed: Vec<Check>,
    /// The state of Docker; `None` where no engine has a part in the lab.
    pub docker: Option<Observed>,
    /// The end, and the last words, of each container of the lab that does not run.
    pub endings: BTreeMap<String, (Ending, String)>,
    /// The limits of each running container and node.
    pub limits: BTreeMap<String, Limits>,
    /// The machine that the engine runs on.
    pub host: Host,
    /// The inside of each running container and node.
    pub inside: BTreeMap<String, Inside>,
    /// The answers of FRR in each place.
    pub frr: BTreeMap<String, Frr>,
    /// The configuration that FRR in each container of ours should run by.
    pub meant: BTreeMap<String, Running>,
    /// The cluster.
    pub cluster: Option<ClusterEvidence>,
    /// The rest, where the lab is inferred from a cluster that no lab file describes.
    pub without_lab: Option<WithoutLab>,
}

impl Evidence {
    /// Returns the evidence of a lab of which nothing was seen, these being its nodes.
    ///
    /// # Errors
    /// [`ComposeError`], which a checked lab does not cause.
    pub fn unseen(lab: Lab, nodes: Vec<Node>) -> Result<Self, ComposeError> {
        let topology = compose::docker_lab(&lab, &nodes)?;
        let (expected, meant) = (compose::expected(&lab, &nodes), meant(&topology));
        Ok(Self::bare((lab, topology), nodes, (expected, meant)))
    }

    /// Returns the evidence of a lab that was inferred from a cluster, of which nothing else was seen: no container is ours.
    ///
    /// # Errors
    /// [`ComposeError`], which an inferred lab does not cause.
    pub fn inferred(lab: Lab, nodes: Vec<Node>, expected: Expected) -> Result<Self, ComposeError> {
        let topology = compose::without_docker(&lab)?;
        Ok(Self::bare((lab, topology), nodes, (expected, BTreeMap::new())))
    }

    fn bare(
        (lab, topology): (Lab, netlab::Lab),
        nodes: Vec<Node>,
        (expected, meant): (Expected, BTreeMap<String, Running>),
    ) -> Self {
        Self {
            expected,
            meant,
            lab,
            topology,
            nodes,
            failed: Vec::new(),
            docker: None,
            endings: BTreeMap::new(),
            limits: BTreeMap::new(),
            host: Host::default(),
            inside: BTreeMap::new(),
            frr: BTreeMap::new(),
            cluster: None,
            without_lab: None,
        }
    }

    /// The state of a container, ours or not.
    pub fn container(&self, name: &str) -> Option<&ContainerState> {
        self.docker.as_ref()?.container(name)
    }

    /// The state of a container that is the lab's.
    pub fn own(&self, name: &str) -> Option<&ContainerState> {
        own(&self.lab, self.docker.as_ref()?, name)
    }

    /// The network of a name that is the lab's.
    pub fn network(&self, name: &str) -> Option<&NetworkState> {
        self.docker.as_ref()?.network_of(self.topology.name(), name)
    }

    /// Returns `true` if a container of the lab's runs.
    pub fn is_running(&self, name: &str) -> bool {
        self.own(name).is_some_and(|state| state.run == RunState::Running)
    }

    /// Names of the lab's containers and nodes.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        let own = self.topology.containers().iter().map(|spec| spec.name.as_str());
        own.chain(self.topology.guests().iter().map(|spec| spec.name.as_str()))
    }

    /// Returns `true` if a node of the cluster is ready and, where it is a container here, runs.
    pub fn node_runs(&self, name: &str) -> bool {
        let ready = |cluster: &ClusterEvidence| cluster.nodes.iter().any(|node| node.name == name && node.ready);
        self.cluster.as_ref().is_some_and(ready)
            && self.own(name).is_none_or(|container| container.run == RunState::Running)
    }

    /// Nodes of the lab's kind cluster of which nothing is known, for they have no container or no address.
    pub fn lost_nodes(&self) -> Vec<String> {
        if self.lab.cluster.provider != Provider::Kind || self.cluster.is_none() && self.nodes.is_empty() {
            return Vec::new();
        }
        let names = self.lab.cluster.node_names().map(|(name, _)| name);
        names.filter(|name| !self.nodes.iter().any(|node| node.name == *name)).collect()
    }

    /// The answers of FRR in a place that runs.
    pub fn frr(&self, name: &str) -> Option<&Frr> {
        self.frr.get(name)
    }
}
