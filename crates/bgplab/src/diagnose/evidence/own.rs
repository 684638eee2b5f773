//! What is the lab's own: a container or network of one of its names may be somebody else's, and is not looked into.

use netlab::{ContainerState, Observed};

use crate::bringup::cluster_is_there;
use labfile::Lab;

/// The container of a name, if it is the lab's: with its label, or a node of the kind cluster on its own network.
pub fn own<'a>(lab: &Lab, observed: &'a Observed, name: &str) -> Option<&'a ContainerState> {
    let is_node = || lab.cluster.is_node(name) && cluster_is_there(lab, &observed.networks, &observed.containers);
    let is_own = |state: &&ContainerState| state.lab.as_ref().map_or_else(is_node, |of| of == lab.name.as_str());
    observed.container(name).filter(is_own)
}

#[cfg(test)]
mod tests {
    use crate::diagnose::evidence::tests::{healthy, healthy_kind};

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
