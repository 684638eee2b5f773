//! Networks, containers and nodes, as their checks judge them.

use labfile::ipnet::IpNet;
use netlab::{ContainerState, Lab, NetworkSpec, NetworkState, Observed, RunState};

use super::{Line, judged, list};
use crate::checks::{Check, Seen, Subject, Topic, nodes as of_nodes, place};
use crate::scene::Scene;

const ABSENT: &str = "not there";
pub(super) const RUNNING: &str = RunState::Running.as_str();

/// Returns the lines of networks, and those of containers.
pub(super) fn of_docker(checks: &[Check], topology: &Lab, observed: &Observed) -> (Vec<Line>, Vec<Line>) {
    let network = |check: &Check| match &check.subject {
        Subject::Network(name) => {
            let state = observed.network_of(topology.name(), name);
            let is = state.map_or_else(|| ABSENT.to_owned(), |state| list(of_families(topology.network(name), state)));
            Some(judged::line(name, &[check], is))
        }
        _ => None,
    };
    let container = |check: &Check| match &check.subject {
        Subject::Container(name) => Some(container(name, check, observed.container(name), topology)),
        _ => None,
    };
    (checks.iter().filter_map(network).collect(), checks.iter().filter_map(container).collect())
}

/// Returns the ranges of a network that the lab asked for, and others of those families: an engine may add one of IPv4.
fn of_families<'a>(spec: Option<&'a NetworkSpec>, state: &'a NetworkState) -> impl Iterator<Item = IpNet> {
    let ranges = state.ranges.iter().copied();
    ranges.filter(move |range| spec.is_none_or(|spec| spec.has_family_of(range.addr())))
}

fn container(name: &str, check: &Check, state: Option<&ContainerState>, topology: &Lab) -> Line {
    let Some(state) = state else { return judged::line(name, &[check], ABSENT.to_owned()) };
    let words = format!("{}, {}", state.run.as_str(), place(topology, state));
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
