//! Networks, containers and nodes, as their checks judge them.

use netlab::{ContainerState, Lab, Observed, RunState};

use super::{Line, judged, list};
use crate::checks::{Check, Seen, Subject, Topic, nodes as of_nodes};
use crate::scene::Scene;

const ABSENT: &str = "not there";
pub(super) const RUNNING: &str = RunState::Running.as_str();

/// Returns the lines of networks, and those of containers.
pub(super) fn of_docker(checks: &[Check], topology: &Lab, observed: &Observed) -> (Vec<Line>, Vec<Line>) {
    let network = |check: &Check| match &check.subject {
        Subject::Network(name) => {
            let state = observed.network_of(topology.name(), name);
            let is = state.map_or_else(|| ABSENT.to_owned(), |state| list(&state.ranges));
            Some(judged::line(name, &[check], is))
        }
        _ => None,
    };
    let container = |check: &Check| match &check.subject {
        Subject::Container(name) => Some(container(name, check, observed.container(name))),
        _ => None,
    };
    (checks.iter().filter_map(network).collect(), checks.iter().filter_map(container).collect())
}

fn container(name: &str, check: &Check, state: Option<&ContainerState>) -> Line {
    let Some(state) = state else { return judged::line(name, &[check], ABSENT.to_owned()) };
    let place = |(network, at): (&String, &netlab::EndpointState)| match list(at.addresses()) {
        addresses if addresses.is_empty() => network.clone(),
        addresses => format!("{network} {addresses}"),
    };
    let places = state.endpoints.iter().map(place).collect::<Vec<_>>().join(", ");
    let words = format!("{}, {places}", state.run.as_str());
    // Where it runs, its state alone does not say what is wrong.
    let hidden = !check.passed && state.run == RunState::Running;
    judged::line(name, &[check], if hidden { format!("{words}: {}", check.seen) } else { words })
}

/// Returns the lines of the cluster's nodes, and those of what was wrong with them before the API was asked.
pub(super) fn nodes(scene: &Scene) -> Vec<Line> {
    let seen = scene.cluster.as_ref().map(|(_, Seen { nodes, .. })| nodes.as_slice()).unwrap_or_default();
    let trouble = || scene.trouble().iter().filter(|check| check.topic == Topic::Nodes);
    let of_node = seen.iter().zip(of_nodes(seen)).map(|(node, check)| {
        let ready = if node.ready { "Ready" } else { "NotReady" };
        let words = format!("{ready}, {}, {}", list(&node.addresses), node.kubelet);
        match trouble().find(|other| check.passed && other.subject == check.subject) {
            Some(other) => judged::line(&*node.name, &[other], format!("{words}: {}", other.seen)),
            None => judged::line(&*node.name, &[&check], words),
        }
    });
    let is_seen = |check: &Check| matches!(&check.subject, Subject::Node(name) if seen.iter().any(|n| n.name == *name));
    of_node.chain(trouble().filter(|check| !is_seen(check)).map(judged::plain)).collect()
}
