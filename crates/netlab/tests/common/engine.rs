//! A lab on the real engine, and its removal whatever happens.
#![allow(dead_code, reason = "every test target uses a part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot be set up fails")]

use std::panic::AssertUnwindSafe;

use bollard::models::{ContainerCreateBody, EndpointIpamConfig, EndpointSettings, HostConfig, NetworkingConfig};
use bollard::query_parameters::{CreateContainerOptionsBuilder, StartContainerOptions};
use futures::FutureExt;
use netlab::{Applied, Docker, Engine, Lab, LabSpec, Plan, apply, observe, plan, teardown};
use tokio::net::{TcpListener, UnixStream};

/// A lab under test.
pub(crate) struct Bed {
    pub(crate) docker: Docker,
    pub(crate) lab: Lab,
}

/// Runs a test with a lab of two networks, and removes the lab before and after, also where the test fails. Further
/// containers and networks of the test have to be named `{lab}-foreign…`; they are removed too.
pub(crate) async fn with_lab(name: &str, at: u8, test: impl AsyncFnOnce(&Bed)) {
    with_spec(crate::common::two_networks(name, at), test).await;
}

/// Does the same with any lab.
pub(crate) async fn with_spec(spec: LabSpec, test: impl AsyncFnOnce(&Bed)) {
    let docker = Docker::connect().await.expect("the engine tier needs a Docker engine");
    with_docker(docker, spec, test).await;
}

/// Does the same through the caller's connection.
pub(crate) async fn with_docker(docker: Docker, spec: LabSpec, test: impl AsyncFnOnce(&Bed)) {
    let bed = Bed { docker, lab: Lab::try_from(spec).unwrap() };
    bed.clear().await;
    let result = AssertUnwindSafe(test(&bed)).catch_unwind().await;
    bed.clear().await;
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
}

/// Leads a TCP port to the engine's socket, and returns its host: an engine that cannot be looked into from outside.
pub(crate) async fn through_tcp(host: &str) -> String {
    let socket = host.strip_prefix("unix://").expect("the engine tier needs an engine on this machine").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = format!("tcp://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut engine = UnixStream::connect(&socket).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut client, &mut engine).await });
        }
    });
    host
}

impl Bed {
    pub(crate) fn name(&self, short: &str) -> String {
        format!("{}-{short}", self.lab.name())
    }

    async fn clear(&self) {
        let foreign = format!("{}-foreign", self.lab.name());
        for container in self.docker.containers().await.unwrap() {
            if container.name.starts_with(&foreign) {
                self.docker.remove_container(&container.id).await.unwrap();
            }
        }
        let report = teardown(&self.docker, self.lab.name()).await.unwrap();
        assert!(report.is_clean(), "{report}");
        for network in self.docker.networks().await.unwrap() {
            if network.name.starts_with(&foreign) {
                self.docker.remove_network(&network.id).await.unwrap();
            }
        }
    }

    pub(crate) async fn plan(&self) -> Plan {
        plan(&self.lab, &observe(&self.docker, &self.lab).await.unwrap()).unwrap()
    }

    pub(crate) async fn apply(&self, plan: &Plan) -> Applied {
        apply(&self.docker, plan, &()).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Brings the lab up, and returns the plan.
    pub(crate) async fn up(&self) -> Plan {
        let plan = self.plan().await;
        self.apply(&plan).await;
        plan
    }

    /// Runs a shell command in one of the lab's containers, and returns its output.
    pub(crate) async fn sh(&self, short: &str, script: &str) -> String {
        let output = self.docker.exec(&self.name(short), &["sh", "-c", script]).await.unwrap();
        assert_eq!(output.code, 0, "{script}: {}{}", output.stdout, output.stderr);
        output.stdout
    }

    /// Starts a container without labels on a network.
    pub(crate) async fn foreign(&self, name: &str, network: &str, ipv4: Option<&str>) {
        let client = bollard::Docker::connect_with_local_defaults().unwrap();
        let pinned = EndpointIpamConfig { ipv4_address: ipv4.map(str::to_owned), ..EndpointIpamConfig::default() };
        let settings = EndpointSettings { ipam_config: Some(pinned), ..EndpointSettings::default() };
        let body = ContainerCreateBody {
            image: Some(crate::common::IMAGE.to_owned()),
            entrypoint: Some(vec!["sleep".to_owned(), "infinity".to_owned()]),
            host_config: Some(HostConfig { network_mode: Some(network.to_owned()), ..HostConfig::default() }),
            networking_config: Some(NetworkingConfig {
                endpoints_config: Some([(network.to_owned(), settings)].into()),
            }),
            ..ContainerCreateBody::default()
        };
        let options = CreateContainerOptionsBuilder::new().name(name).build();
        client.create_container(Some(options), body).await.unwrap();
        client.start_container(name, None::<StartContainerOptions>).await.unwrap();
    }

    /// Starts a container without labels in the machine's own network, with the right to change it.
    pub(crate) async fn on_host(&self, name: &str) {
        let client = bollard::Docker::connect_with_local_defaults().unwrap();
        let body = ContainerCreateBody {
            image: Some(crate::common::IMAGE.to_owned()),
            entrypoint: Some(vec!["sleep".to_owned(), "infinity".to_owned()]),
            host_config: Some(HostConfig {
                network_mode: Some("host".to_owned()),
                cap_add: Some(vec!["NET_ADMIN".to_owned()]),
                ..HostConfig::default()
            }),
            ..ContainerCreateBody::default()
        };
        let options = CreateContainerOptionsBuilder::new().name(name).build();
        client.create_container(Some(options), body).await.unwrap();
        client.start_container(name, None::<StartContainerOptions>).await.unwrap();
    }

    /// Makes a network without labels.
    pub(crate) async fn foreign_network(&self, name: &str, subnet: &str) {
        let config = bollard::models::IpamConfig { subnet: Some(subnet.to_owned()), ..Default::default() };
        let request = bollard::models::NetworkCreateRequest {
            name: name.to_owned(),
            ipam: Some(bollard::models::Ipam { config: Some(vec![config]), ..Default::default() }),
            ..Default::default()
        };
        let client = bollard::Docker::connect_with_local_defaults().unwrap();
        client.create_network(request).await.unwrap();
    }
}
