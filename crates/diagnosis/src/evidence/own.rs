//! The lab's own containers and networks: a container or network of one of its names may be somebody else's, and is not looked into.

use labfile::Lab;
use netlab::{ContainerState, NetworkState, Observed};

/// Returns the container of a name, if it is the lab's: with its label, or a node of the kind cluster on its own network.
pub fn own<'a>(lab: &Lab, observed: &'a Observed, name: &str) -> Option<&'a ContainerState> {
    let is_node = || lab.cluster.is_node(name) && cluster_is_there(lab, &observed.networks, &observed.containers);
    let is_own = |state: &&ContainerState| state.lab.as_ref().map_or_else(is_node, |of| of == lab.name.as_str());
    observed.container(name).filter(is_own)
}

/// Returns `true` if a kind cluster of the lab's is there: one whose nodes live on the lab's own network.
pub fn cluster_is_there(lab: &Lab, networks: &[NetworkState], containers: &[ContainerState]) -> bool {
    kind_nodes(lab, containers).into_iter().any(|node| node_is_own(lab, networks, node))
}

/// Returns the containers that have the name of a node of the lab's kind cluster, by name. One with a label of ours is a
/// standalone node, not kind's.
pub fn kind_nodes<'a>(lab: &Lab, containers: &'a [ContainerState]) -> Vec<&'a ContainerState> {
    let cluster = lab.cluster.name.as_str();
    let mut nodes: Vec<_> = containers.iter().filter(|c| c.lab.is_none() && is_a_node_of(cluster, &c.name)).collect();
    nodes.sort_by(|a, b| a.name.cmp(&b.name));
    nodes
}

/// kind's own names: `kind-control-plane`, `kind-control-plane2`, `kind-worker`, `kind-worker2`.
fn is_a_node_of(cluster: &str, name: &str) -> bool {
    let role = name.strip_prefix(cluster).and_then(|rest| rest.strip_prefix('-'));
    let number = role.and_then(|role| role.strip_prefix("control-plane").or_else(|| role.strip_prefix("worker")));
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns `true` if a node lives on the lab's own network; it may be off it for a moment, while it is given its address
/// back.
pub fn node_is_own(lab: &Lab, networks: &[NetworkState], node: &ContainerState) -> bool {
    network_is_own(lab, networks)
        && (node.endpoints.is_empty() || node.endpoints.contains_key(lab.cluster.network.as_str()))
}

/// Returns `true` if the network of the cluster's nodes is the lab's own.
pub fn network_is_own(lab: &Lab, networks: &[NetworkState]) -> bool {
    let ours = |network: &&NetworkState| network.lab.as_deref() == Some(lab.name.as_str());
    networks.iter().filter(ours).any(|network| network.name == lab.cluster.network.as_str())
}

#[cfg(test)]
mod tests {
    use crate::evidence::tests::{healthy, healthy_kind};

    #[test]
    fn a_label_or_the_labs_network_makes_a_container_its_own() {
        let mut e = healthy();
        assert!(e.own("frr1").is_some() && e.own("nobody").is_none());
        e.docker.as_mut().unwrap().containers.iter_mut().find(|c| c.name == "frr1").unwrap().lab = Some("other".into());
        assert!(e.own("frr1").is_none() && e.container("frr1").is_some());

        let mut e = healthy_kind();
        let docker = e.docker.as_mut().unwrap();
        docker.containers.iter_mut().for_each(|c| c.lab = None);
        assert!(e.own("kind-worker").is_some() && e.own("frr1").is_none(), "kind's nodes carry no label");
        // Another cluster of that name, on a network that is not ours.
        e.docker.as_mut().unwrap().networks.iter_mut().for_each(|n| n.lab = None);
        assert!(e.own("kind-worker").is_none());
    }
}
