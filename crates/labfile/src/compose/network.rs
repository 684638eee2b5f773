//! Networks, containers and routes for Docker.

use std::net::IpAddr;

use netlab::{ContainerSpec, Endpoint, GuestSpec, LabSpec, Mtu, NetworkSpec, Route};

use super::{
    ComposeError, bfd_only,
    containers::{self, ContainerRole, Frr},
    router, service, speaker,
};
use crate::{Addresses, Lab, Name, Network, Node, Provider};

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

/// Composes the lab of which Docker has nothing: no container and no network is the lab's.
///
/// # Errors
/// As [`docker_lab`].
pub fn without_docker(lab: &Lab) -> Result<netlab::Lab, ComposeError> {
    let name = netlab::Name::new(lab.name.as_str())?;
    let spec = LabSpec { name, networks: Vec::new(), containers: Vec::new(), guests: Vec::new() };
    Ok(netlab::Lab::try_from(spec)?)
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
        container.routes = routes(lab, own.name.as_str());
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
        ipv4: network.subnets.v4(),
        ipv6: network.subnets.v6(),
        dynamic_ipv4: network.dynamic.v4,
        dynamic_ipv6: network.dynamic.v6,
        mtu: network.mtu.map_or(Mtu::Inherit, Mtu::Bytes),
        ..NetworkSpec::new(netlab::Name::new(network.name.as_str())?, network.subnets.first())
    })
}

fn endpoint(network: &Name, addresses: &Addresses) -> Result<Endpoint, ComposeError> {
    let network = netlab::Name::new(network.as_str())?;
    Ok(Endpoint { ipv4: addresses.v4(), ipv6: addresses.v6(), ..Endpoint::dynamic(network) })
}

/// Composes a standalone node. A node that announces a service's addresses also answers at them.
fn standalone(lab: &Lab, node: &Node) -> Result<ContainerSpec, ComposeError> {
    let mut own: Vec<IpAddr> = Vec::new();
    for placed in service::as_written(lab).iter().filter(|placed| lab.announces(node, placed.service)) {
        let new = placed.addresses.iter().map(|(address, _)| *address).filter(|address| !own.contains(address));
        own.extend(new.collect::<Vec<_>>());
    }
    let mut container = containers::frr(Frr {
        name: netlab::Name::new(node.name.as_str())?,
        role: ContainerRole::Node,
        image: &lab.images.frr,
        config: speaker(lab, node)?,
        endpoints: vec![endpoint(&lab.cluster.network, &node.addresses)?],
        own,
    })?;
    container.routes = routes(lab, &node.name);
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
        routes: routes(lab, &node.name),
    })
}

/// Returns the static routes that every node needs.
pub fn node_routes(lab: &Lab) -> Vec<Route> {
    converted(lab.routes.iter().filter(|route| route.from == lab.cluster.network))
}

/// Returns the static routes of a container. FRR sets its own; a node's kernel needs them set.
fn routes(lab: &Lab, name: &str) -> Vec<Route> {
    converted(lab.routes_at(name))
}

fn converted<'a>(own: impl Iterator<Item = &'a crate::Route>) -> Vec<Route> {
    let mut routes = Vec::new();
    for route in own {
        let hops = || route.gateways.iter().map(|gateway| gateway.addresses);
        routes.extend(route.destinations.v4().map(|dst| Route::v4(dst, hops().filter_map(|own| own.v4()))));
        routes.extend(route.destinations.v6().map(|dst| Route::v6(dst, hops().filter_map(|own| own.v6()))));
    }
    routes
}
