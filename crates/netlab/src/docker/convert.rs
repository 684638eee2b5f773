//! Converting Docker's answers.

use std::collections::{BTreeMap, HashMap};

use bollard::models::{
    ContainerStateStatusEnum, ContainerSummary, ContainerSummaryStateEnum, EndpointSettings, Network, SystemVersion,
};

use crate::engine::{ApiVersion, ContainerState, EndpointState, EngineVersion, NetworkState, RunState};
use crate::engine::{LAB, NAME, SPEC};

pub(super) fn version(version: SystemVersion) -> EngineVersion {
    let api = version.api_version.unwrap_or_default();
    let mut numbers = api.split('.').map(|n| n.parse().unwrap_or(0));
    EngineVersion {
        server: version.version.unwrap_or_default(),
        api: ApiVersion { major: numbers.next().unwrap_or(0), minor: numbers.next().unwrap_or(0) },
        kernel: version.kernel_version.unwrap_or_default(),
        arch: version.arch.unwrap_or_default(),
    }
}

pub(super) fn network(network: Network) -> NetworkState {
    let labels = network.labels.unwrap_or_default();
    let subnets = network.ipam.and_then(|ipam| ipam.config).unwrap_or_default();
    let name = network.name.unwrap_or_default();
    NetworkState {
        id: network.id.unwrap_or_default(),
        lab: lab_of(&labels, &name),
        name,
        spec: labels.get(SPEC).cloned(),
        driver: network.driver.unwrap_or_default(),
        internal: network.internal.unwrap_or_default(),
        ranges: subnets.into_iter().filter_map(|config| config.subnet?.parse().ok()).collect(),
        options: network.options.unwrap_or_default().into_iter().collect(),
    }
}

pub(super) fn container(summary: ContainerSummary) -> ContainerState {
    let labels = summary.labels.unwrap_or_default();
    // Names of links have further slashes; the container's own has the first only.
    let names = summary.names.unwrap_or_default();
    let own = names.iter().find_map(|name| name.strip_prefix('/').filter(|rest| !rest.contains('/')));
    let name = own.unwrap_or_default().to_owned();
    let run = match summary.state {
        Some(ContainerSummaryStateEnum::CREATED) => RunState::Created,
        Some(ContainerSummaryStateEnum::RUNNING) => RunState::Running,
        Some(ContainerSummaryStateEnum::PAUSED) => RunState::Paused,
        Some(ContainerSummaryStateEnum::EXITED) => RunState::Exited,
        _ => RunState::Broken,
    };
    ContainerState {
        id: summary.id.unwrap_or_default(),
        lab: lab_of(&labels, &name),
        name,
        spec: labels.get(SPEC).cloned(),
        image: summary.image.unwrap_or_default(),
        run,
        endpoints: endpoints(run, summary.network_settings.and_then(|settings| settings.networks)),
    }
}

pub(super) fn inspected(container: bollard::models::ContainerInspectResponse) -> ContainerState {
    let config = container.config.unwrap_or_default();
    let labels = config.labels.unwrap_or_default();
    let name = container.name.unwrap_or_default().trim_start_matches('/').to_owned();
    let run = match container.state.and_then(|state| state.status) {
        Some(ContainerStateStatusEnum::CREATED) => RunState::Created,
        Some(ContainerStateStatusEnum::RUNNING) => RunState::Running,
        Some(ContainerStateStatusEnum::PAUSED) => RunState::Paused,
        Some(ContainerStateStatusEnum::EXITED) => RunState::Exited,
        _ => RunState::Broken,
    };
    ContainerState {
        id: container.id.unwrap_or_default(),
        lab: lab_of(&labels, &name),
        name,
        spec: labels.get(SPEC).cloned(),
        image: config.image.unwrap_or_default(),
        run,
        endpoints: endpoints(run, container.network_settings.and_then(|settings| settings.networks)),
    }
}

/// Returns the lab that an object belongs to. An image that is committed from a container inherits its labels, and so
/// does every container of that image: those have another name than the label, and are somebody else's. Objects of
/// earlier versions have no label with their name, and Docker may list an object that it is removing without a name.
fn lab_of(labels: &HashMap<String, String>, name: &str) -> Option<String> {
    let inherited = labels.get(NAME).is_some_and(|own| own != name && !name.is_empty());
    labels.get(LAB).filter(|_| !inherited).cloned()
}

fn endpoints(run: RunState, networks: Option<HashMap<String, EndpointSettings>>) -> BTreeMap<String, EndpointState> {
    // An engine that was itself killed still lists the addresses of containers that ended: another may have them now.
    networks
        .unwrap_or_default()
        .into_iter()
        .map(|(name, settings)| (name, endpoint(run.has_processes(), settings)))
        .collect()
}

fn endpoint(has_processes: bool, settings: EndpointSettings) -> EndpointState {
    let pinned = settings.ipam_config.unwrap_or_default();
    EndpointState {
        network_id: settings.network_id.unwrap_or_default(),
        pinned_ipv4: pinned.ipv4_address.and_then(|a| a.parse().ok()),
        pinned_ipv6: pinned.ipv6_address.and_then(|a| a.parse().ok()),
        ipv4: settings.ip_address.filter(|_| has_processes).and_then(|a| a.parse().ok()),
        ipv6: settings.global_ipv6_address.filter(|_| has_processes).and_then(|a| a.parse().ok()),
    }
}

/// Returns an exit code as a process has it; Docker's API writes it in 64 bits.
pub(super) fn exit_code(code: i64) -> i32 {
    i32::try_from(code).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_that_does_not_run_has_no_address() {
        let has = |state: &str| {
            let summary = serde_json::json!({"Names": ["/kind-worker"], "State": state, "NetworkSettings": {"Networks":
                {"kind": {"IPAddress": "10.0.1.3", "IPAMConfig": {"IPv4Address": "10.0.1.3"}}}}});
            container(serde_json::from_value(summary).unwrap()).endpoints.remove("kind").unwrap()
        };
        let address = Some([10, 0, 1, 3].into());
        assert_eq!((has("running").ipv4, has("paused").ipv4), (address, address));
        let ended = has("exited");
        assert_eq!((ended.ipv4, ended.pinned_ipv4), (None, address));
    }

    /// The case after `docker commit frr1 image` and `docker run --name mine image`.
    #[test]
    fn inherited_labels_do_not_count() {
        let lab = |name: &str, labels: serde_json::Value| {
            let summary = serde_json::json!({"Names": [format!("/{name}")], "State": "running", "Labels": labels});
            let inspected = serde_json::json!({"Name": format!("/{name}"), "Config": {"Labels": labels}});
            let net = serde_json::json!({"Name": name, "Labels": labels});
            let listed = container(serde_json::from_value(summary).unwrap()).lab;
            assert_eq!(super::inspected(serde_json::from_value(inspected).unwrap()).lab, listed);
            assert_eq!(network(serde_json::from_value(net).unwrap()).lab, listed);
            listed
        };
        let labels = serde_json::json!({"netlab.lab": "t", "netlab.name": "frr1"});
        assert_eq!(lab("frr1", labels.clone()).as_deref(), Some("t"));
        assert_eq!(lab("mine", labels), None);
        assert_eq!(lab("old", serde_json::json!({"netlab.lab": "t"})).as_deref(), Some("t"));
    }
}
