//! Breaks one thing, and restores exactly that.

pub(crate) mod apply;
mod course;
pub(crate) mod packets;
pub(crate) mod processes;
pub(crate) mod undo;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use frrconf::vty::Daemon;

use super::redeploy::Redeployment;
use super::scenario::{Kind, Scenario};
use super::target::{Target, endpoints};
use super::vantage::daemons;
use crate::failure::Failure;
use crate::scene::Scene;
use labfile::Lab;

/// An action that is done, and undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// A container's processes stand still, and its kernel takes and gives no packets.
    Pause(String),
    /// A container drops the packets of BGP and BFD.
    Drop(String),
    /// A container is taken off a network.
    Unplug {
        /// The container.
        container: String,
        /// The network.
        network: String,
        /// The addresses that it has there.
        addresses: (Option<Ipv4Addr>, Option<Ipv6Addr>),
    },
    /// Daemons in a container are killed.
    KillDaemons(String, Vec<Daemon>),
    /// A router shuts its sessions with some neighbors down.
    Shutdown(String, Vec<IpAddr>),
    /// A container is killed.
    KillContainer(String),
    /// The pod that speaks for a node is deleted.
    DeletePod(String),
    /// A node is deleted from the Kubernetes API.
    DeleteNode(String),
    /// A node takes no new pods.
    Cordon(String),
    /// A node takes no new pods, and its pods are evicted.
    Drain(String),
    /// The application's pods on a node are deleted.
    DeleteEndpoints(String),
    /// The pods of every speaker are replaced, node after node.
    RestartSpeakers,
    /// MetalLB is deployed in place.
    Deploy(Box<Lab>),
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pause(container) => write!(f, "pause {container}"),
            Self::Drop(container) => write!(f, "drop BGP and BFD in {container}"),
            Self::Unplug { container, network, .. } => write!(f, "take {container} off network {network}"),
            Self::KillDaemons(container, daemons) => {
                let names: Vec<&str> = daemons.iter().map(|daemon| daemon.name()).collect();
                write!(f, "kill {} in {container}", names.join(" and "))
            }
            Self::Shutdown(router, neighbors) => {
                let neighbors: Vec<String> = neighbors.iter().map(ToString::to_string).collect();
                write!(f, "shut down {} on {router}", neighbors.join(" "))
            }
            Self::KillContainer(container) => write!(f, "kill {container}"),
            Self::DeletePod(node) => write!(f, "delete the speaker's pod on {node}"),
            Self::DeleteNode(node) => write!(f, "delete node {node} from the API"),
            Self::Cordon(node) => write!(f, "cordon {node}"),
            Self::Drain(node) => write!(f, "drain {node}"),
            Self::DeleteEndpoints(node) => write!(f, "delete the services' pods on {node}"),
            Self::RestartSpeakers => f.write_str("restart every speaker"),
            Self::Deploy(lab) => {
                let backend = metallb::spec::Backend::from(lab.metallb.backend);
                write!(f, "deploy MetalLB {} with backend {backend}", lab.metallb.version)
            }
        }
    }
}

/// Returns the actions of a scenario on a target.
///
/// # Errors
/// If the target has nothing of the kind.
pub(crate) fn actions(
    scene: &Scene,
    scenario: Scenario,
    target: &Target,
    daemon: Daemon,
    redeploy: Option<&Redeployment>,
) -> Result<Vec<Action>, Failure> {
    let name = target.name.clone();
    let standalone = scene.cluster.is_none();
    let running = daemons(&scene.expected, &name);
    if scenario == Scenario::Daemon && !running.contains(&daemon) {
        return Err(Failure::wrong_use(format!("{name} runs no {daemon}: none of its sessions uses it")));
    }
    if scenario == Scenario::Endpoint && !endpoints(scene).contains(&name) {
        return Err(Failure::wrong_use(format!("{name} runs no pod of a service of the lab")));
    }
    let actions = match scenario {
        Scenario::Pause => vec![Action::Pause(name)],
        Scenario::Drop => vec![Action::Drop(name)],
        Scenario::Link => vec![unplugged(scene, target)?],
        Scenario::Speaker if standalone => vec![Action::KillDaemons(name, running)],
        Scenario::Speaker => vec![Action::DeletePod(name)],
        Scenario::Bgp => shutdowns(scene, target),
        Scenario::Daemon => vec![Action::KillDaemons(name, vec![daemon])],
        Scenario::NodeDelete => vec![Action::DeleteNode(name)],
        Scenario::Router => vec![Action::KillContainer(name)],
        Scenario::Cordon => vec![Action::Cordon(name)],
        Scenario::Drain => vec![Action::Drain(name)],
        Scenario::Endpoint => vec![Action::DeleteEndpoints(name)],
        Scenario::RollingRestart => vec![Action::RestartSpeakers],
        Scenario::Upgrade | Scenario::Backend => {
            redeploy.map(|redeploy| Action::Deploy(Box::new(redeploy.to.clone()))).into_iter().collect()
        }
    };
    if actions.is_empty() {
        return Err(Failure::wrong_use(format!("{} has no BGP session to shut down", target.name)));
    }
    Ok(actions)
}

/// Returns the action that takes a target off its network: a node off the cluster's, a router off the one from which it
/// reaches the nodes.
fn unplugged(scene: &Scene, target: &Target) -> Result<Action, Failure> {
    let of_router = || {
        let router = scene.lab.routers.iter().find(|router| router.name.as_str() == target.name)?;
        router.attachments.first().map(|(network, addresses)| (network.to_string(), *addresses))
    };
    let of_node = || {
        let node = scene.nodes.iter().find(|node| node.name == target.name)?;
        Some((scene.lab.cluster.network.to_string(), node.addresses))
    };
    let place = match target.kind {
        Kind::Node => of_node(),
        Kind::Router => of_router(),
        Kind::Speakers => None,
    };
    let (network, addresses) =
        place.ok_or_else(|| Failure::wrong_use(format!("{} is on no network of the lab", target.name)))?;
    let addresses = (addresses.v4(), addresses.v6());
    Ok(Action::Unplug { container: target.name.clone(), network, addresses })
}

/// Returns the shutdowns of a target's sessions, each at its router's end, which is the lab's own.
fn shutdowns(scene: &Scene, target: &Target) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    for session in &scene.expected.sessions {
        let (near, far) = (&session.answerer, &session.opener);
        let (router, neighbor) = if far.name == target.name && !near.is_node {
            (near, far)
        } else if near.name == target.name {
            // A router as the target shuts down all its own sessions.
            (near, far)
        } else {
            continue;
        };
        match actions.iter_mut().find(|action| matches!(action, Action::Shutdown(of, _) if *of == router.name)) {
            Some(Action::Shutdown(_, neighbors)) => neighbors.push(neighbor.address),
            _ => actions.push(Action::Shutdown(router.name.clone(), vec![neighbor.address])),
        }
    }
    actions
}
