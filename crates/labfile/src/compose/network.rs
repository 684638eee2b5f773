//! Networks, containers and routes for Docker.

use std::net::IpAddr;

use netlab::{ContainerSpec, Endpoint, GuestSpec, LabSpec, Mtu, NetworkSpec, Route};

use super::{
    ComposeError, bfd_only,
    containers::{self, ContainerRole, Frr},
    router, services, speaker,
};
use crate::{Addresses, Lab, Name, Network, Node, NodeRole, Provider};

/// Composes the networks, the routers, and either standalone nodes or the routes of a cluster's given nodes.
///
/// ```
/// use labfile::{Lab, Overrides, ProviderName, compose};
///
/// let overrides = Overrides { provider: Some(ProviderName::Standalone), ..Overrides::default() };
/// let lab = Lab::documented(&overrides)?;
/// let docker = compose::docker_lab(&lab, compose::known_nodes(&lab))?;
/// assert_eq!((docker.networks().len(), docker.containers().len()), (2, 6));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ComposeError`], which no checked lab causes.
pub fn docker_lab(lab: &Lab, nodes: &[Node]) -> Result<netlab::Lab, ComposeError> {
    docker_lab_with(lab, nodes, OnNodes::Speakers)
}

/// The software on the nodes that has sessions with the routers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnNodes {
    /// MetalLB's speakers: BGP, and BFD where a session has it.
    Speakers,
    /// FRR of `deploy-frr`: BFD alone, on the workers.
    BfdOnly,
}

/// Composes the same for the software that runs on the nodes.
///
/// # Errors
/// As [`docker_lab`].
pub fn docker_lab_with(lab: &Lab, nodes: &[Node], on_nodes: OnNodes) -> Result<netlab::Lab, ComposeError> {
    let mut spec = LabSpec {
        name: netlab::Name::new(lab.name.as_str())?,
        networks: lab.networks.iter().map(network).collect::<Result<_, _>>()?,
        containers: Vec::new(),
        guests: Vec::new(),
    };
    for own in &lab.routers {
        let at = own.attachments.iter().map(|(network, addresses)| endpoint(network, addresses));
        let config = match on_nodes {
            OnNodes::Speakers => router(lab, own, nodes)?,
            OnNodes::BfdOnly => bfd_only::router(lab, own, nodes)?,
        };
        let mut container = containers::frr(Frr {
            name: netlab::Name::new(own.name.as_str())?,
            role: ContainerRole::Router,
            image: &lab.images.frr,
            config,
            endpoints: at.collect::<Result<_, _>>()?,
            own: Vec::new(),
        })?;
        container.routes = routes(lab, &own.attachments.iter().map(|(network, _)| network).collect::<Vec<_>>());
        spec.containers.push(container);
    }
    for node in nodes {
        match lab.cluster.provider {
            Provider::Standalone { .. } => spec.containers.push(standalone(lab, node)?),
            Provider::Kind => spec.guests.push(guest(lab, node)?),
            // Its machines are not the lab's.
            Provider::Existing { .. } => {}
        }
    }
    Ok(netlab::Lab::try_from(spec)?)
}

fn network(network: &Network) -> Result<NetworkSpec, ComposeError> {
    Ok(NetworkSpec {
        ipv6: network.subnets.v6,
        dynamic_ipv4: network.dynamic.v4,
        dynamic_ipv6: network.dynamic.v6,
        mtu: network.mtu.map_or(Mtu::Inherit, Mtu::Bytes),
        ..NetworkSpec::new(netlab::Name::new(network.name.as_str())?, network.subnets.v4)
    })
}

fn endpoint(network: &Name, addresses: &Addresses) -> Result<Endpoint, ComposeError> {
    let network = netlab::Name::new(network.as_str())?;
    Ok(Endpoint { ipv4: Some(addresses.v4), ipv6: addresses.v6, ..Endpoint::dynamic(network) })
}

/// Composes a standalone node. A node that advertises the service's addresses also answers at them.
fn standalone(lab: &Lab, node: &Node) -> Result<ContainerSpec, ComposeError> {
    let own: Vec<IpAddr> = match node.role {
        NodeRole::ControlPlane => Vec::new(),
        NodeRole::Worker => services(lab).into_iter().map(|service| service.address).collect(),
    };
    let mut container = containers::frr(Frr {
        name: netlab::Name::new(node.name.as_str())?,
        role: ContainerRole::Node,
        image: &lab.images.frr,
        config: speaker(lab, node)?,
        endpoints: vec![endpoint(&lab.cluster.network, &node.addresses)?],
        own,
    })?;
    container.routes = routes(lab, &[&lab.cluster.network]);
    // Speakers connect; one whose router does not answer yet tries again a second later.
    container.start_after =
        lab.routers.iter().map(|router| netlab::Name::new(router.name.as_str())).collect::<Result<_, _>>()?;
    Ok(container)
}

/// Composes a kind node, which gets routes in its kernel.
fn guest(lab: &Lab, node: &Node) -> Result<GuestSpec, ComposeError> {
    Ok(GuestSpec {
        name: netlab::Name::new(node.name.as_str())?,
        network: netlab::Name::new(lab.cluster.network.as_str())?,
        routes: routes(lab, &[&lab.cluster.network]),
    })
}

/// Returns the static routes of a container on `networks`. FRR sets its own; a node's kernel needs them set.
fn routes(lab: &Lab, networks: &[&Name]) -> Vec<Route> {
    let mut routes = Vec::new();
    for route in lab.routes_on(networks) {
        routes.push(Route::V4 { dst: route.destinations.v4, via: route.next_hops.v4 });
        routes.extend(route.destinations.v6.zip(route.next_hops.v6).map(|(dst, via)| Route::V6 { dst, via }));
    }
    routes
}
