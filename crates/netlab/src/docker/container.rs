//! The request for a container, and the actions on a running one.

use std::collections::BTreeMap;

use bollard::models::{
    ContainerCreateBody, EndpointIpamConfig, EndpointSettings, HostConfig, NetworkDisconnectRequest, NetworkingConfig,
};
use bollard::query_parameters::{KillContainerOptionsBuilder, LogsOptionsBuilder, StopContainerOptionsBuilder};
use futures::TryStreamExt;

use super::Docker;
use super::engine::hash_map;
use crate::engine::{EngineError, Labels};
use crate::model::{ContainerSpec, Endpoint};

/// Returns the request for a container, with its first endpoint only: API versions before 1.44 take no more.
pub(super) fn body(spec: &ContainerSpec, sysctls: &BTreeMap<String, String>, labels: &Labels) -> ContainerCreateBody {
    let first = spec.endpoints.first();
    let capabilities = spec.capabilities.iter().map(|capability| capability.as_str().to_owned()).collect();
    let endpoints = first.map(|first| [(first.network.to_string(), endpoint(first))].into());
    ContainerCreateBody {
        hostname: Some(spec.hostname.clone().unwrap_or_else(|| spec.name.to_string())),
        image: Some(spec.image.clone()),
        entrypoint: spec.entrypoint.clone(),
        cmd: spec.command.clone(),
        env: Some(spec.env.iter().map(|(k, v)| format!("{k}={v}")).collect()),
        labels: Some(hash_map(&labels.to_map())),
        host_config: Some(HostConfig {
            network_mode: first.map(|first| first.network.to_string()),
            cap_add: Some(capabilities),
            sysctls: Some(hash_map(sysctls)),
            ..HostConfig::default()
        }),
        networking_config: Some(NetworkingConfig { endpoints_config: endpoints }),
        ..ContainerCreateBody::default()
    }
}

pub(super) fn endpoint(endpoint: &Endpoint) -> EndpointSettings {
    let pinned = EndpointIpamConfig {
        ipv4_address: endpoint.ipv4.map(|a| a.to_string()),
        ipv6_address: endpoint.ipv6.map(|a| a.to_string()),
        link_local_ips: None,
    };
    EndpointSettings { ipam_config: endpoint.pinned().next().map(|_| pinned), ..EndpointSettings::default() }
}

/// Actions on containers beyond those of a plan.
/// A container's connection to a network, both by name or id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attachment<'a> {
    /// The container.
    pub container: &'a str,
    /// The network.
    pub network: &'a str,
}

impl Docker {
    /// Freezes all processes of a container: its links stay up, and nothing answers.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn pause(&self, container: &str) -> Result<(), EngineError> {
        let paused = self.client.pause_container(container).await;
        paused.map_err(|e| self.error(format!("pausing container {container}"), e))
    }

    /// Stops a container: asks it to end, and kills it where it has not ended within so many seconds.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn stop(&self, container: &str, seconds: i32) -> Result<(), EngineError> {
        let options = StopContainerOptionsBuilder::new().t(seconds).build();
        let stopped = self.client.stop_container(container, Some(options)).await;
        stopped.map_err(|e| self.error(format!("stopping container {container}"), e))
    }

    /// Ends a container's first process at once, by `SIGKILL`.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn kill(&self, container: &str) -> Result<(), EngineError> {
        let options = KillContainerOptionsBuilder::new().signal("SIGKILL").build();
        let killed = self.client.kill_container(container, Some(options)).await;
        killed.map_err(|e| self.error(format!("killing container {container}"), e))
    }

    /// Disconnects a container from a network.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn disconnect(&self, attachment: Attachment<'_>) -> Result<(), EngineError> {
        let Attachment { container, network } = attachment;
        let request = NetworkDisconnectRequest { container: container.to_owned(), force: Some(true) };
        let done = self.client.disconnect_network(network, request).await;
        done.map_err(|e| self.error(format!("disconnecting container {container} from network {network}"), e))
    }

    /// Reads a container's log, standard output and error: the last `tail` lines, or all.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn logs(&self, container: &str, tail: Option<usize>) -> Result<String, EngineError> {
        let tail = tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string());
        let options = LogsOptionsBuilder::new().stdout(true).stderr(true).tail(&tail).build();
        let chunks: Result<Vec<_>, _> = self.client.logs(container, Some(options)).try_collect().await;
        let chunks = chunks.map_err(|e| self.error(format!("reading the log of container {container}"), e))?;
        // Put together before it is read: a chunk may end within a character.
        let log: Vec<u8> = chunks.iter().flat_map(|chunk| chunk.as_ref()).copied().collect();
        Ok(String::from_utf8_lossy(&log).into_owned())
    }
}
