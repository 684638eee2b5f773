//! The effects of requests, as on Docker.

use std::collections::BTreeMap;
use std::io::Read;
use std::net::IpAddr;

use ipnet::IpNet;

use super::{FakeContainer, World, refused};
use crate::engine::{ApiVersion, ContainerState, EndpointState, EngineError, Labels, NetworkState, RunState};
use crate::model::RouteEntry;
use crate::model::{ContainerSpec, Endpoint, NetworkSpec, overlap};

/// The first API with unique names of networks (Docker 25).
const UNIQUE_NAMES: ApiVersion = ApiVersion { major: 1, minor: 44 };

type Done<T = ()> = Result<T, EngineError>;

impl World {
    /// Finds the container of a name or id.
    ///
    /// # Errors
    /// As Docker: 404.
    pub fn find(&mut self, container: &str) -> Done<&mut FakeContainer> {
        let found = self.containers.iter_mut().find(|c| c.state.name == container || c.state.id == container);
        found.ok_or_else(|| refused(404, format!("No such container: {container}")))
    }

    /// Adds a network without labels, as somebody else would.
    pub fn add_foreign_network(&mut self, name: &str, ranges: &[IpNet]) {
        let id = self.id();
        self.networks.push(NetworkState {
            id,
            name: name.to_owned(),
            lab: None,
            spec: None,
            driver: "bridge".to_owned(),
            internal: false,
            ranges: ranges.to_vec(),
            options: BTreeMap::new(),
        });
    }

    /// Adds and starts a container without labels on a network, as somebody else would.
    ///
    /// # Errors
    /// As Docker.
    pub fn add_foreign_container(&mut self, name: &str, endpoint: &Endpoint) -> Done {
        let id = self.id();
        let state = ContainerState {
            id: id.clone(),
            name: name.to_owned(),
            lab: None,
            spec: None,
            image: "foreign".to_owned(),
            run: RunState::Created,
            endpoints: BTreeMap::new(),
        };
        let (files, runs_by, routes, commands) = Default::default();
        self.containers.push(FakeContainer { state, files, runs_by, routes, commands });
        self.connect(&id, endpoint).and_then(|()| self.start(&id))
    }

    pub(super) fn create_network(&mut self, network: &NetworkSpec, mtu: u16, labels: &Labels) -> Done<String> {
        if self.api >= UNIQUE_NAMES && self.networks.iter().any(|n| network.name == *n.name.as_str()) {
            return Err(refused(409, format!("network with name {} already exists", network.name)));
        }
        let ranges: Vec<_> = network.ranges().collect();
        if self.networks.iter().flat_map(|n| &n.ranges).any(|taken| ranges.iter().any(|r| overlap(*r, *taken))) {
            return Err(refused(403, "Pool overlaps with other one on this address space"));
        }
        self.add_foreign_network(network.name.as_str(), &ranges);
        let made = self.networks.last_mut().ok_or_else(|| refused(500, "no network"))?;
        made.lab = Some(labels.lab.to_string());
        made.spec = Some(labels.spec.to_string());
        made.options = [("com.docker.network.driver.mtu".to_owned(), mtu.to_string())].into();
        Ok(made.id.clone())
    }

    pub(super) fn remove_network(&mut self, network: &str) -> Done {
        let found = self.networks.iter().position(|n| n.id == network || n.name == network);
        let at = found.ok_or_else(|| refused(404, format!("network {network} not found")))?;
        if self.containers.iter().filter(|c| c.is_alive()).any(|c| c.state.is_on(&self.networks[at])) {
            return Err(refused(403, format!("error while removing network: network {network} has active endpoints")));
        }
        self.networks.remove(at);
        Ok(())
    }

    pub(super) fn create_container(&mut self, spec: &ContainerSpec, labels: &Labels) -> Done<String> {
        if self.find(spec.name.as_str()).is_ok() {
            return Err(refused(
                409,
                format!("Conflict. The container name {:?} is already in use", spec.name.as_str()),
            ));
        }
        let id = self.id();
        let state = ContainerState {
            id: id.clone(),
            name: spec.name.to_string(),
            lab: Some(labels.lab.to_string()),
            spec: Some(labels.spec.to_string()),
            image: spec.image.clone(),
            run: RunState::Created,
            // A container that never ran knows its networks by name only.
            endpoints: spec.endpoints.first().map(|e| (e.network.to_string(), pinned(e))).into_iter().collect(),
        };
        let (files, runs_by, routes, commands) = Default::default();
        self.containers.push(FakeContainer { state, files, runs_by, routes, commands });
        Ok(id)
    }

    pub(super) fn connect(&mut self, container: &str, endpoint: &Endpoint) -> Done {
        let name = endpoint.network.as_str();
        let network = self.network(name)?.clone();
        let addresses: Vec<IpAddr> = endpoint.pinned().collect();
        if addresses.iter().any(|a| !network.ranges.iter().any(|r| r.contains(a))) {
            return Err(refused(
                400,
                "user specified IP address is supported only when connecting to a network with a user configured subnet",
            ));
        }
        let running = self.find(container)?.is_alive();
        if self.find(container)?.state.endpoints.contains_key(name) {
            return Err(refused(403, format!("endpoint with name {container} already exists in network {name}")));
        }
        let mut state = pinned(endpoint);
        if running {
            state = self.join(&network, &state)?;
        }
        let inside = self.find(container)?;
        inside.state.endpoints.insert(name.to_owned(), state);
        inside.connected_routes(&network);
        Ok(())
    }

    pub(super) fn start(&mut self, container: &str) -> Done {
        let state = self.find(container)?.state.clone();
        if state.run == RunState::Running {
            return Ok(());
        }
        let mut joined = BTreeMap::new();
        for (name, endpoint) in &state.endpoints {
            let network = if endpoint.network_id.is_empty() {
                self.network(name)?.clone()
            } else {
                let same = self.networks.iter().find(|n| n.id == endpoint.network_id).cloned();
                same.ok_or_else(|| refused(404, format!("network {} not found", endpoint.network_id)))?
            };
            joined.insert(name.clone(), (self.join(&network, endpoint)?, network));
        }
        let inside = self.find(container)?;
        inside.state.run = RunState::Running;
        inside.runs_by = inside.files.clone();
        inside.routes.clear();
        for (name, (endpoint, network)) in joined {
            inside.state.endpoints.insert(name, endpoint);
            inside.connected_routes(&network);
        }
        Ok(())
    }

    /// Stops a container, which loses its addresses and routes.
    ///
    /// # Errors
    /// As Docker.
    pub fn stop(&mut self, container: &str) -> Done {
        let inside = self.find(container)?;
        if inside.state.run != RunState::Created {
            inside.state.run = RunState::Exited;
        }
        inside.routes.clear();
        for endpoint in inside.state.endpoints.values_mut() {
            (endpoint.ipv4, endpoint.ipv6) = (None, None);
        }
        Ok(())
    }

    /// Disconnects a container from a network.
    ///
    /// # Errors
    /// As Docker: 404, or 500 where it is not on it.
    pub fn disconnect(&mut self, container: &str, network: &str) -> Done {
        let ranges = self.network(network)?.ranges.clone();
        let inside = self.find(container)?;
        inside.state.endpoints.remove(network).ok_or_else(|| refused(500, "container is not connected"))?;
        inside
            .routes
            .retain(|r| !ranges.contains(&r.dst) && !r.via.iter().any(|v| ranges.iter().any(|n| n.contains(v))));
        Ok(())
    }

    pub(super) fn upload(&mut self, container: &str, tar: &[u8]) -> Done {
        let inside = self.find(container)?;
        let unreadable = |error: std::io::Error| refused(400, error.to_string());
        for entry in tar::Archive::new(tar).entries().map_err(unreadable)? {
            let mut entry = entry.map_err(unreadable)?;
            let path = format!("/{}", entry.path().map_err(unreadable)?.display());
            let mut contents = Vec::new();
            entry.read_to_end(&mut contents).map_err(unreadable)?;
            inside.files.insert(path, contents);
        }
        Ok(())
    }

    fn network(&self, name: &str) -> Done<&NetworkState> {
        let found = self.networks.iter().find(|n| n.name == name);
        found.ok_or_else(|| refused(404, format!("network {name} not found")))
    }

    /// Returns an endpoint with addresses: the pinned ones, or the first unused ones.
    fn join(&self, network: &NetworkState, endpoint: &EndpointState) -> Done<EndpointState> {
        let taken = |a: IpAddr| self.containers.iter().any(|c| c.state.holds(network, a));
        let mut joined = EndpointState { network_id: network.id.clone(), ..endpoint.clone() };
        for range in &network.ranges {
            let asked = match range {
                IpNet::V4(_) => endpoint.pinned_ipv4.map(IpAddr::V4),
                IpNet::V6(_) => endpoint.pinned_ipv6.map(IpAddr::V6),
            };
            if asked.is_some_and(taken) {
                return Err(refused(403, "Address already in use"));
            }
            // The first host address is the bridge's.
            let free = range.hosts().filter(|a| *a != range.network()).skip(1).take(512).find(|a| !taken(*a));
            match asked.or(free) {
                Some(IpAddr::V4(address)) => joined.ipv4 = Some(address),
                Some(IpAddr::V6(address)) => joined.ipv6 = Some(address),
                None => return Err(refused(403, "no available IPv4 addresses on this network's address pools")),
            }
        }
        Ok(joined)
    }
}

impl FakeContainer {
    fn is_alive(&self) -> bool {
        self.state.run.has_processes()
    }

    /// Adds a running container's routes to a connected network.
    fn connected_routes(&mut self, network: &NetworkState) {
        if self.is_alive() {
            self.routes.extend(network.ranges.iter().map(|dst| RouteEntry { dst: *dst, via: Vec::new(), metric: 0 }));
        }
    }
}

fn pinned(endpoint: &Endpoint) -> EndpointState {
    EndpointState { pinned_ipv4: endpoint.ipv4, pinned_ipv6: endpoint.ipv6, ..EndpointState::default() }
}
