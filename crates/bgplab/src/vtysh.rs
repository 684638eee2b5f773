//! The place in which FRR's shell runs: the container of a router or a standalone node, or the pod that speaks for a node.

use metallb::Cluster;
use netlab::{Docker, Engine, RunState};

use crate::bringup::kind::Kind;
use crate::bringup::{existing, running::Running};
use crate::checks::Seen;
use crate::context::Context;
use crate::failure::Failure;
use crate::router::Place;
use labfile::{Lab, Provider};

/// A place in which FRR's shell runs.
#[derive(Debug)]
pub enum Target {
    /// A container, by its name.
    Container(Docker, String),
    /// A node's pod.
    Pod(Cluster, Place),
}

/// The output of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Output {
    /// The standard output.
    pub stdout: String,
    /// The standard error.
    pub stderr: String,
    /// The exit code.
    pub code: i32,
}

impl Target {
    /// Runs a command, to its end.
    ///
    /// # Errors
    /// An error of the engine or of the API; a command that fails is no error.
    pub async fn exec(&self, argv: &[&str]) -> Result<Output, Failure> {
        match self {
            Self::Container(docker, name) => {
                let output = docker.exec(name, argv).await?;
                Ok(Output { stdout: output.stdout, stderr: output.stderr, code: output.code })
            }
            Self::Pod(cluster, place) => {
                let output = cluster.exec(place.pod(), Some(metallb::frr::CONTAINER), argv).await?;
                Ok(Output { stdout: output.stdout, stderr: output.stderr, code: output.code })
            }
        }
    }
}

/// Finds the FRR of a router, of a standalone node, or that speaks for a cluster's node.
///
/// # Errors
/// Wrong use where the lab has no such router or node; a step failure where no FRR runs there.
pub async fn find(ctx: &Context, name: &str) -> Result<Target, Failure> {
    let running = Running::find(ctx).await?;
    let lab = &running.lab;
    let is_router = lab.routers.iter().any(|router| router.name.as_str() == name);
    let cluster = match &lab.cluster.provider {
        Provider::Standalone { .. } if lab.cluster.is_node(name) => None,
        _ if is_router => None,
        Provider::Standalone { .. } => return Err(unknown(lab, name)),
        Provider::Kind if !lab.cluster.is_node(name) => return Err(unknown(lab, name)),
        Provider::Kind => Some(Kind { lab, docker: running.docker()?, progress: &ctx.progress }.cluster().await?),
        Provider::Existing { .. } => Some(existing::cluster(lab).await?),
    };
    let Some(cluster) = cluster else { return container(running.docker()?, name).await };
    let seen = Seen::look(&cluster, lab).await?;
    match seen.pods.on(name) {
        Some(place) => Ok(Target::Pod(cluster, place.clone())),
        None if seen.nodes.iter().any(|node| node.name == name) => {
            let (why, next) = match seen.installed.backend {
                Some(backend) if !backend.is_frr() => {
                    ("MetalLB's native backend has no vtysh", "⌘ deploy-metallb --backend frr")
                }
                Some(_) => ("MetalLB has no FRR on this node", "⌘ diagnose"),
                None => ("MetalLB is not deployed", "⌘ deploy-metallb"),
            };
            Err(Failure::step(format!("there is no FRR on node {name}")).because(why).next(next))
        }
        None => Err(unknown(lab, name)),
    }
}

/// Returns a container that runs: the engine's own words about another would not say what to do.
async fn container(docker: &Docker, name: &str) -> Result<Target, Failure> {
    let is = match docker.container(name).await? {
        Some(state) if state.run == RunState::Running => return Ok(Target::Container(docker.clone(), name.to_owned())),
        Some(state) => state.run.as_str(),
        None => "not there",
    };
    Err(Failure::step(format!("there is no FRR to ask: container {name} is {is}")).next("⌘ lab-up"))
}

fn unknown(lab: &Lab, name: &str) -> Failure {
    let routers = lab.routers.iter().map(|router| router.name.to_string());
    let names: Vec<String> = routers.chain(lab.cluster.node_names().map(|(node, _)| node)).collect();
    Failure::wrong_use(format!("lab {} has no router or node `{name}`", lab.name))
        .next(format!("one of {}", names.join(", ")))
}
