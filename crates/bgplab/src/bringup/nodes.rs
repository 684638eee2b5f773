//! The nodes of a cluster, with the addresses that Docker gave them.

use netlab::{ContainerState, RunState};

use labfile::{Lab, Node};

/// The cluster's nodes with their addresses on the lab's network, control plane first.
///
/// # Errors
/// A failure that names the node that is not there, does not run or has no address.
pub fn nodes_in_docker(lab: &Lab, containers: &[ContainerState]) -> Result<Vec<Node>, String> {
    let (nodes, wrong) = nodes_there(lab, containers);
    let wrong: Vec<String> = wrong.iter().map(|(name, why)| format!("{name} {why}")).collect();
    if wrong.is_empty() { Ok(nodes) } else { Err(wrong.join(", ")) }
}

/// The same, or the lab's standalone nodes where it is they who are there: they are where the lab places them.
///
/// # Errors
/// As [`nodes_in_docker`].
pub fn nodes_of_any(lab: &Lab, containers: &[ContainerState]) -> Result<Vec<Node>, String> {
    if standalone_is_there(lab, containers) {
        Ok(lab.cluster.placement.clone())
    } else {
        nodes_in_docker(lab, containers)
    }
}

/// `true` if a standalone node of the lab's is there: it carries our label.
pub(super) fn standalone_is_there(lab: &Lab, containers: &[ContainerState]) -> bool {
    let ours = |container: &&ContainerState| container.lab.as_deref() == Some(lab.name.as_str());
    containers.iter().filter(ours).any(|container| lab.cluster.is_node(&container.name))
}

/// The cluster's nodes that have an address, running or paused, and what is wrong with the others.
pub fn nodes_there(lab: &Lab, containers: &[ContainerState]) -> (Vec<Node>, Vec<(String, &'static str)>) {
    let network = lab.cluster.network.as_str();
    let subnets = lab.network_of_nodes().map(|own| own.subnets);
    let (mut nodes, mut wrong) = (Vec::new(), Vec::new());
    for (name, _) in lab.cluster.node_names() {
        let state = node(containers, &name);
        let endpoint = state.and_then(|state| state.endpoints.get(network));
        let addresses = endpoint.and_then(|endpoint| subnets?.addresses(endpoint.addresses()));
        match state.map(|state| state.run) {
            Some(RunState::Running) if addresses.is_some() => {}
            Some(RunState::Running) => wrong.push((name.clone(), "not on the cluster's network")),
            Some(other) => wrong.push((name.clone(), other.as_str())),
            None => wrong.push((name.clone(), "not there")),
        }
        nodes.extend(addresses.and_then(|addresses| lab.cluster.node(&name, addresses)));
    }
    (nodes, wrong)
}

/// The container of a node of a cluster. One with a label of ours is a standalone node of that name.
fn node<'a>(containers: &'a [ContainerState], name: &str) -> Option<&'a ContainerState> {
    containers.iter().find(|container| container.name == name && container.lab.is_none())
}

#[cfg(test)]
mod tests {
    use netlab::EndpointState;

    use super::super::fixture::container;
    use super::*;
    use labfile::Overrides;

    fn node(name: &str, run: RunState, address: Option<&str>) -> ContainerState {
        let endpoint = EndpointState { ipv4: address.map(|v4| v4.parse().unwrap()), ..EndpointState::default() };
        container(name, run, [("kind", endpoint)])
    }

    #[test]
    fn a_paused_node_keeps_its_address_and_is_reported() {
        let lab = Lab::documented(&Overrides::default()).unwrap();
        let containers = [
            node("kind-control-plane", RunState::Running, Some("10.0.1.2")),
            node("kind-worker", RunState::Paused, Some("10.0.1.3")),
        ];
        let (nodes, wrong) = nodes_there(&lab, &containers);
        let names: Vec<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
        assert_eq!(names, ["kind-control-plane", "kind-worker"]);
        assert_eq!(wrong, [("kind-worker".to_owned(), "paused"), ("kind-worker2".to_owned(), "not there")]);
        assert!(nodes_in_docker(&lab, &containers).is_err());
    }

    #[test]
    fn standalone_nodes_are_no_clusters() {
        let lab = Lab::documented(&Overrides::default()).unwrap();
        let names = ["kind-control-plane", "kind-worker", "kind-worker2"];
        let mut containers = names.map(|name| node(name, RunState::Running, Some("10.0.1.2")));
        assert!(nodes_in_docker(&lab, &containers).is_ok());
        containers.iter_mut().for_each(|node| node.lab = Some("documented".to_owned()));
        assert!(nodes_in_docker(&lab, &containers).unwrap_err().contains("kind-worker not there"));
        assert_eq!(nodes_there(&lab, &containers).0, []);
        assert_eq!(nodes_of_any(&lab, &containers).unwrap(), lab.cluster.placement);
    }
}
