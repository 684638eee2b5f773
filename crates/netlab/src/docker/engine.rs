//! Docker as an `Engine`.

use std::collections::{BTreeMap, HashMap};

use bollard::body_full;
use bollard::errors::Error;
use bollard::models::NetworkConnectRequest;
use bollard::query_parameters::{
    InspectContainerOptions, ListContainersOptionsBuilder, ListNetworksOptions, RemoveContainerOptionsBuilder,
    RestartContainerOptionsBuilder, StartContainerOptions, UploadToContainerOptionsBuilder,
    WaitContainerOptionsBuilder,
};
use futures::TryStreamExt;
use futures::future::BoxFuture;

use super::{Docker, container, convert};
use crate::engine::{Answer, ContainerState, Engine, EngineVersion, ExecOutput, Labels, NetworkState, ProcfsView};
use crate::model::{ContainerSpec, Endpoint, Name, NetworkSpec};

impl Engine for Docker {
    fn version(&self) -> Answer<'_, EngineVersion> {
        Box::pin(async move { Ok(self.version.clone()) })
    }

    fn networks(&self) -> Answer<'_, Vec<NetworkState>> {
        Box::pin(async move {
            let networks = self.client.list_networks(None::<ListNetworksOptions>).await;
            let networks = networks.map_err(|e| self.error("listing networks", e))?;
            Ok(networks.into_iter().map(convert::network).collect())
        })
    }

    fn containers(&self) -> Answer<'_, Vec<ContainerState>> {
        Box::pin(async move {
            let options = ListContainersOptionsBuilder::new().all(true).build();
            let containers = self.client.list_containers(Some(options)).await;
            let containers = containers.map_err(|e| self.error("listing containers", e))?;
            Ok(containers.into_iter().map(convert::container).collect())
        })
    }

    fn container<'a>(&'a self, container: &'a str) -> Answer<'a, Option<ContainerState>> {
        Box::pin(async move {
            let inspected = self.client.inspect_container(container, None::<InspectContainerOptions>).await;
            match inspected.map_err(|e| self.error(format!("inspecting container {container}"), e)) {
                Ok(inspected) => Ok(Some(convert::inspected(inspected))),
                Err(error) if error.is_not_found() => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    fn read_procfs<'a>(&'a self, container: &'a str, paths: &'a [&'a str]) -> BoxFuture<'a, Option<ProcfsView>> {
        Box::pin(async move { self.read_proc(container, paths).await })
    }

    fn log_tail<'a>(&'a self, container: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(async move {
            let log = self.logs(container, Some(5)).await.ok()?;
            let lines: Vec<_> = log.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            (!lines.is_empty()).then(|| lines.join("; "))
        })
    }

    fn create_network<'a>(&'a self, spec: &'a NetworkSpec, mtu: u16, labels: &'a Labels) -> Answer<'a, String> {
        Box::pin(self.make_network(spec, mtu, labels))
    }

    fn remove_network<'a>(&'a self, network: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let removed = self.client.remove_network(network).await;
            removed.map_err(|e| self.error(format!("removing network {network}"), e))
        })
    }

    fn create_container<'a>(
        &'a self,
        spec: &'a ContainerSpec,
        sysctls: &'a BTreeMap<String, String>,
        labels: &'a Labels,
    ) -> Answer<'a, String> {
        Box::pin(self.make_container(spec, sysctls, labels))
    }

    fn connect<'a>(&'a self, name: &'a Name, endpoint: &'a Endpoint) -> Answer<'a, ()> {
        Box::pin(async move {
            let request = NetworkConnectRequest {
                container: name.to_string(),
                endpoint_config: Some(container::endpoint(endpoint)),
            };
            let connected = self.client.connect_network(endpoint.network.as_str(), request).await;
            connected.map_err(|e| self.error(format!("connecting container {name} to network {}", endpoint.network), e))
        })
    }

    fn start<'a>(&'a self, container: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let started = self.client.start_container(container, None::<StartContainerOptions>).await;
            started.map_err(|e| self.error(format!("starting container {container}"), e))
        })
    }

    fn restart<'a>(&'a self, container: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let options = RestartContainerOptionsBuilder::new().t(0).build();
            let restarted = self.client.restart_container(container, Some(options)).await;
            restarted.map_err(|e| self.error(format!("restarting container {container}"), e))
        })
    }

    fn unpause<'a>(&'a self, container: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let unpaused = self.client.unpause_container(container).await;
            unpaused.map_err(|e| self.error(format!("unpausing container {container}"), e))
        })
    }

    fn remove_container<'a>(&'a self, container: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
            let removed = self.client.remove_container(container, Some(options)).await;
            removed.map_err(|e| self.error(format!("removing container {container}"), e))
        })
    }

    fn removed<'a>(&'a self, container: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let options = WaitContainerOptionsBuilder::new().condition("removed").build();
            match self.client.wait_container(container, Some(options)).try_next().await {
                // Its exit code does not matter.
                Ok(_) | Err(Error::DockerContainerWaitError { .. }) => Ok(()),
                Err(error) => Err(self.error(format!("waiting for the removal of container {container}"), error)),
            }
        })
    }

    fn upload<'a>(&'a self, container: &'a str, tar: Vec<u8>) -> Answer<'a, ()> {
        Box::pin(async move {
            let options = UploadToContainerOptionsBuilder::new().path("/").build();
            let uploaded = self.client.upload_to_container(container, Some(options), body_full(tar.into())).await;
            uploaded.map_err(|e| self.error(format!("uploading files to container {container}"), e))
        })
    }

    fn exec<'a>(&'a self, container: &'a str, argv: &'a [&'a str]) -> Answer<'a, ExecOutput> {
        Box::pin(async move { self.exec_in(container, argv).await })
    }
}

/// Returns a map as bollard takes it.
pub(super) fn hash_map(map: &BTreeMap<String, String>) -> HashMap<String, String> {
    map.iter().map(|(k, v)| (k.clone(), v.clone())).collect()
}
