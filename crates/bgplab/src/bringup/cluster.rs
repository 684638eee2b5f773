//! The state of the lab's kind cluster and the owner of the containers with its nodes' names, by what Docker lists.

use diagnosis::evidence::{kind_nodes, node_is_own};
use netlab::{ContainerState, NetworkState, RunState};

use super::made::Made;
use crate::failure::Failure;
use labfile::Lab;

/// State of a kind cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Absent,
    /// The cluster cannot become what the lab file says, for this reason: its creation was interrupted, or the lab file
    /// said something else then.
    Unfit(String),
    /// All its nodes are there, some of them stopped or paused.
    Stopped,
    /// All its nodes run.
    Running,
}

/// Returns the state of the lab's cluster.
///
/// # Errors
/// A machine failure where somebody else has a cluster of that name; a step failure where a node is just changing.
pub(super) fn seen(lab: &Lab, networks: &[NetworkState], containers: &[ContainerState]) -> Result<State, Failure> {
    let names: Vec<String> = lab.cluster.node_names().map(|(name, _)| name).collect();
    let (ours, others): (Vec<_>, Vec<_>) =
        kind_nodes(lab, containers).into_iter().partition(|node| node_is_own(lab, networks, node));
    let strangers: Vec<_> = others.into_iter().filter(|node| names.contains(&node.name)).collect();
    if !strangers.is_empty() {
        return Err(refused(lab, &strangers));
    }
    if ours.is_empty() {
        return Ok(State::Absent);
    }
    let (meant, surplus): (Vec<&ContainerState>, Vec<_>) =
        ours.iter().copied().partition(|node| names.contains(&node.name));
    if meant.len() < names.len() || !surplus.is_empty() {
        let there: Vec<&str> = ours.iter().map(|node| node.name.as_str()).collect();
        return Ok(State::Unfit(format!("there are {}, not {}", there.join(", "), names.join(", "))));
    }
    if let Some(node) = meant.iter().find(|node| node.run == RunState::Broken) {
        // The node may have stopped a moment later; no running node is removed because of it.
        return Err(Failure::step(format!("node {} is neither running nor stopped", node.name))
            .because("Docker is just restarting or removing it, or could not end it")
            .next("the same command once more; where that does not help, ⌘ lab-down"));
    }
    if meant.iter().any(|node| node.run == RunState::Created) {
        return Ok(State::Unfit("a node was made and never ran".to_owned()));
    }
    let image = lab.images.node.as_str();
    if let Some(node) = meant.iter().find(|node| !same_image(&node.image, image)) {
        return Ok(State::Unfit(format!("{} is made of {}, not of {image}", node.name, node.image)));
    }
    Ok(if meant.iter().all(|node| node.run == RunState::Running) { State::Running } else { State::Stopped })
}

/// Explains why a running cluster is not the one of the lab file; `None` if it is. A setting that `made` lacks counts
/// as right.
pub(super) fn otherwise(lab: &Lab, made: &Made) -> Option<String> {
    let differs = |what: &str, is: &[ipnet::IpNet], should: &labfile::Subnets| {
        let mut should: Vec<ipnet::IpNet> = should.iter().map(|net| net.trunc()).collect();
        let mut is: Vec<ipnet::IpNet> = is.iter().map(|net| net.trunc()).collect();
        should.sort_unstable();
        is.sort_unstable();
        let list = |nets: &[ipnet::IpNet]| nets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        (!is.is_empty() && is != should).then(|| format!("its {what} are in {}, not in {}", list(&is), list(&should)))
    };
    differs("pods", &made.pods, &lab.cluster.pods)
        .or_else(|| differs("services", &made.services, &lab.cluster.services))
        .or_else(|| {
            let (is, should) = (made.kube_proxy?, lab.cluster.kube_proxy);
            (is != should).then(|| format!("its kube-proxy uses {is}, not {should}"))
        })
}

fn refused(lab: &Lab, nodes: &[&ContainerState]) -> Failure {
    let (cluster, network) = (&lab.cluster.name, &lab.cluster.network);
    let failure =
        Failure::machine(format!("a kind cluster {cluster} is there already, and not the lab's; nothing was changed"));
    let place = |node: &&ContainerState| {
        let on: Vec<&str> = node.endpoints.keys().map(String::as_str).collect();
        let on = if on.is_empty() { "no network".to_owned() } else { format!("network {}", on.join(", ")) };
        format!("container {} is on {on}, not on the lab's own network {network}", node.name)
    };
    nodes.iter().map(place).fold(failure, Failure::because).next(format!(
        "name the lab's cluster otherwise (`[cluster] name` in the lab file), or, if nobody needs the other one: \
         kind delete cluster --name {cluster}"
    ))
}

/// Registry of an image that names none.
const HUB: &str = "docker.io/";

/// `true` if two references mean one image, as far as can be known: an image whose tag has moved is listed by its id,
/// and one that was asked for by digest may be listed without it.
fn same_image(is: &str, should: &str) -> bool {
    let by_digest = |image: &str| image.contains('@') || image.starts_with("sha256:");
    let id = !is.is_empty() && is.bytes().all(|byte| byte.is_ascii_hexdigit());
    is.is_empty()
        || id
        || by_digest(is)
        || by_digest(should)
        || is.trim_start_matches(HUB) == should.trim_start_matches(HUB)
}

#[cfg(test)]
mod tests;
