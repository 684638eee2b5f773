//! Repairs what a restart lost, without making anew what still runs.
//!
//! After a restart of Docker, of a node or of the machine, kind's nodes take addresses in the order in which they
//! start: a node may find itself where another one was, while its own files, its certificates and the cluster's API
//! know it by the address that it was made with (kind #2045). `places` says what each node needs, `apply` does
//! it. Sessions may hold each other up: `stuck`. All else that a restart loses (containers that do not run, routes)
//! is in every plan.

mod action;
mod apply;
mod places;
mod recorded;
pub mod stuck;

use futures::future::try_join_all;
use netlab::{ContainerState, Docker, Observed};

pub(super) use self::action::Action;
pub(super) use self::apply::apply;
use self::places::{Seen, plan};
use super::Change;
use crate::failure::Failure;
use labfile::{Addresses, Lab, Node, NodeRole};

/// Repairs that a kind cluster's nodes need.
#[derive(Debug, Default)]
pub(super) struct RepairPlan {
    /// The names of the nodes that need a repair, each with that repair.
    pub(super) actions: Vec<(String, Action)>,
    /// The nodes at the addresses that they will have then; empty unless that is known of each.
    pub(super) nodes: Vec<Node>,
}

/// Finds the repairs that a kind cluster's nodes need, all of which are there.
///
/// # Errors
/// A machine failure that names, node by node, what cannot be repaired.
pub(super) async fn nodes(lab: &Lab, docker: &Docker, observed: &Observed) -> Result<RepairPlan, Failure> {
    let names: Vec<String> = lab.cluster.node_names().map(|(name, _)| name).collect();
    let there = names.iter().filter_map(|name| observed.container(name));
    let seen = try_join_all(there.map(async |state| {
        let flags = docker.file(&state.name, recorded::FILE.as_ref()).await?;
        let recorded = flags.and_then(|flags| recorded::addresses(&String::from_utf8_lossy(&flags)));
        Ok::<_, Failure>(see(lab, state, recorded))
    }));
    let seen = seen.await?;
    let others = observed.containers.iter().filter(|state| !names.contains(&state.name)).filter_map(|state| {
        let endpoint = state.endpoints.get(lab.cluster.network.as_str())?;
        Some((state.name.clone(), endpoint.addresses().collect()))
    });
    let subnets: Vec<_> = lab.network_of_nodes().into_iter().flat_map(|network| network.subnets.iter()).collect();
    let actions = plan(&seen, &subnets, &others.collect::<Vec<_>>()).map_err(|refusals| {
        let failure = Failure::machine(format!("kind cluster {} cannot be brought back as it was", lab.cluster.name));
        refusals.into_iter().fold(failure, Failure::because).next("`⌘ lab-down` and `lab-up` make it anew")
    })?;
    Ok(RepairPlan { nodes: placed(lab, &seen, &actions).unwrap_or_default(), actions })
}

/// The nodes where they will be.
fn placed(lab: &Lab, seen: &[Seen], actions: &[(String, Action)]) -> Option<Vec<Node>> {
    let place = |(name, _): (String, NodeRole)| {
        let moved = actions.iter().find(|(node, _)| *node == name).and_then(|(_, action)| action.target());
        let is = seen.iter().find(|seen| seen.name == name).and_then(|seen| seen.has.or(seen.pinned));
        lab.cluster.node(&name, moved.copied().or(is)?)
    };
    lab.cluster.node_names().map(place).collect()
}

fn see(lab: &Lab, state: &ContainerState, recorded: Option<Addresses>) -> Seen {
    let endpoint = state.endpoints.get(lab.cluster.network.as_str());
    let subnets = lab.network_of_nodes().map(|own| own.subnets);
    Seen {
        name: state.name.clone(),
        leads: lab.cluster.is_control_plane(&state.name),
        run: state.run,
        connected: endpoint.is_some(),
        has: endpoint.and_then(|at| subnets?.addresses(at.addresses())),
        pinned: endpoint.and_then(|at| Addresses::new(at.pinned_ipv4, at.pinned_ipv6)),
        recorded,
    }
}

/// Returns the repairs as steps of a plan.
pub(super) fn changes(lab: &Lab, actions: &[(String, Action)]) -> Vec<Change> {
    let network = &lab.cluster.network;
    let change = |(node, action): &(String, Action)| Change {
        name: format!("{}:{node}", action.verb()),
        diff: format!("~ node {node}: {}", action.on(network.as_str())),
    };
    actions.iter().map(change).collect()
}
