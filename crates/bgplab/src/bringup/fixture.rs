//! Containers and networks as Docker might list them, for tests.

use std::collections::BTreeMap;

use netlab::{ContainerState, EndpointState, NetworkState, RunState};

/// A container of nobody's, on some networks.
pub(super) fn container<'a>(
    name: &str,
    run: RunState,
    endpoints: impl IntoIterator<Item = (&'a str, EndpointState)>,
) -> ContainerState {
    ContainerState {
        id: name.to_owned(),
        name: name.to_owned(),
        lab: None,
        spec: None,
        image: String::new(),
        run,
        endpoints: endpoints.into_iter().map(|(network, endpoint)| (network.to_owned(), endpoint)).collect(),
    }
}

/// The network `kind`, of a lab or nobody's.
pub(super) fn network(lab: Option<&str>) -> NetworkState {
    NetworkState {
        id: "n".to_owned(),
        name: "kind".to_owned(),
        lab: lab.map(str::to_owned),
        spec: None,
        driver: "bridge".to_owned(),
        internal: false,
        ranges: Vec::new(),
        options: BTreeMap::new(),
    }
}
