//! Checks of Docker: networks, containers, addresses, routes and files.

use std::net::IpAddr;

use netlab::{ContainerSpec, ContainerState, FileSpec, GuestSpec, Lab, NetworkSpec, Observed, Route, RunState};

use super::{Check, Subject, Topic};

/// Every network and container of the lab, as it should be beside what is there. With a node that has no address, the
/// configurations that name it are not known (`whole`), and are not compared.
pub(crate) fn checks(lab: &Lab, observed: &Observed, whole: bool) -> Vec<Check> {
    let networks = lab.networks().iter().map(|spec| network(lab, spec, observed));
    let containers = lab.containers().iter().map(|spec| container(lab, spec, observed, whole));
    let guests = lab.guests().iter().map(|spec| guest(lab, spec, observed));
    networks.chain(containers).chain(guests).collect()
}

fn network(lab: &Lab, spec: &NetworkSpec, observed: &Observed) -> Check {
    let wanted: Vec<String> = spec.ranges().map(|range| range.to_string()).collect();
    let seen = match observed.network_of(lab.name(), spec.name.as_str()) {
        None => Err(format!("not there, expected {}", wanted.join(", "))),
        Some(state) if spec.ranges().all(|range| state.ranges.contains(&range)) => Ok(wanted.join(", ")),
        Some(state) => {
            let has: Vec<String> = state.ranges.iter().map(ToString::to_string).collect();
            Err(format!("{}, expected {}", has.join(", "), wanted.join(", ")))
        }
    };
    Check::of(Topic::Networks, Subject::Network(spec.name.to_string()), seen).expecting(wanted.join(" "))
}

fn container(lab: &Lab, spec: &ContainerSpec, observed: &Observed, whole: bool) -> Check {
    let seen = running(spec.name.as_str(), observed).and_then(|state| {
        if state.lab.as_deref() != Some(lab.name().as_str()) {
            return Err("there, but not made by this lab".to_owned());
        }
        for endpoint in &spec.endpoints {
            let network = endpoint.network.as_str();
            let has: Vec<IpAddr> = state.endpoints.get(network).map(|e| e.addresses().collect()).unwrap_or_default();
            if let Some(missing) = endpoint.pinned().find(|address| !has.contains(address)) {
                return Err(format!("without its address {missing} on {network}"));
            }
        }
        inside(state, observed, &spec.routes)?;
        let facts = observed.facts.get(&state.name);
        let known = |file: &&FileSpec| whole || !file.path.ends_with("/frr.conf");
        let has = |file: &FileSpec| facts.is_some_and(|facts| facts.has_file(file));
        let changed = spec.files.iter().filter(known).find(|file| !has(file));
        match changed {
            Some(file) => Err(format!("{} is not what the lab says", file.path)),
            None => Ok(place(lab, state)),
        }
    });
    let at = spec.endpoints.iter().map(|at| words(at.network.as_str(), at.pinned())).collect::<Vec<_>>().join(", ");
    of_place(spec.name.as_str(), seen, &at)
}

fn guest(lab: &Lab, spec: &GuestSpec, observed: &Observed) -> Check {
    let seen = running(spec.name.as_str(), observed).and_then(|state| {
        if !state.endpoints.contains_key(spec.network.as_str()) {
            return Err(format!("not on network {}", spec.network));
        }
        inside(state, observed, &spec.routes)?;
        Ok(place(lab, state))
    });
    of_place(spec.name.as_str(), seen, spec.network.as_str())
}

fn of_place(name: &str, seen: Result<String, String>, at: &str) -> Check {
    let expected = format!("{}, {at}", RunState::Running.as_str());
    Check::of(Topic::Containers, Subject::Container(name.to_owned()), seen).expecting(expected)
}

fn running<'a>(name: &str, observed: &'a Observed) -> Result<&'a ContainerState, String> {
    let state = observed.container(name).ok_or("not there")?;
    match state.run {
        RunState::Running => Ok(state),
        other => Err(format!("{}, not running", other.as_str())),
    }
}

/// Says if the routes are there.
fn inside(state: &ContainerState, observed: &Observed, routes: &[Route]) -> Result<(), String> {
    let facts = observed.facts.get(&state.name);
    let missing = routes.iter().find(|route| !facts.is_some_and(|facts| facts.has_route(route)));
    missing.map_or(Ok(()), |route| Err(format!("without its route {route}")))
}

/// Networks and addresses, as `docker ps` and `docker inspect` show them; without those that an engine gives of a family
/// that the lab's network lacks.
pub(crate) fn place(lab: &Lab, state: &ContainerState) -> String {
    let networks = state.endpoints.iter().map(|(network, endpoint)| {
        let spec = lab.network(network);
        words(network, endpoint.addresses().filter(|address| spec.is_none_or(|spec| spec.has_family_of(*address))))
    });
    networks.collect::<Vec<_>>().join(", ")
}

/// A network, and the addresses on it.
fn words(network: &str, addresses: impl Iterator<Item = IpAddr>) -> String {
    addresses.fold(network.to_owned(), |words, address| format!("{words} {address}"))
}
