//! Removing all that a lab made, and nothing else.

use netlab::{Docker, Engine, TeardownReport};
use serde::{Serialize, Serializer};

use crate::bringup::cluster_is_there;
use crate::bringup::kind::Kind;
use crate::context::Context;
use crate::failure::Failure;
use labfile::Lab;

/// A lab that was taken away.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct LabDown {
    /// The lab.
    pub lab: String,
    /// `true` where a kind cluster was deleted; `None` where there was none.
    pub cluster: Option<bool>,
    /// The removed containers and networks, and those that could not be removed.
    #[serde(flatten, serialize_with = "as_names")]
    pub removed: TeardownReport,
    #[serde(skip)]
    cluster_name: String,
}

/// Everything that [`lab_down`] would remove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LabDownPlan {
    /// The lab.
    pub lab: String,
    /// `true`: nothing was removed.
    pub dry_run: bool,
    /// `true` if a kind cluster is there.
    pub cluster: bool,
    /// The containers, by name.
    pub containers: Vec<String>,
    /// The networks, by name.
    pub networks: Vec<String>,
    #[serde(skip)]
    cluster_name: String,
}

impl LabDown {
    /// Returns what was removed, and what could not be, as lines of a diff.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let cluster = self.cluster.is_some().then(|| cluster_line(&self.cluster_name));
        cluster.into_iter().chain(self.removed.to_string().lines().map(str::to_owned)).collect()
    }
}

impl LabDownPlan {
    /// Returns what would be removed, as lines of a diff.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let cluster = self.cluster.then(|| cluster_line(&self.cluster_name));
        let containers = self.containers.iter().map(|name| format!("- container {name}"));
        let networks = self.networks.iter().map(|name| format!("- network {name}"));
        cluster.into_iter().chain(containers).chain(networks).collect()
    }
}

/// Removes the lab's kind cluster, containers and networks, each even where another one fails.
///
/// # Errors
/// A failure with the reason why the cluster cannot be deleted, and what was removed among its causes.
pub async fn lab_down(ctx: &Context) -> Result<LabDown, Failure> {
    let (lab, docker) = (ctx.lab()?, Docker::connect().await?);
    let name = netlab::Name::new(lab.name.as_str()).map_err(|error| Failure::wrong_use(error.to_string()))?;
    ctx.lock(&lab, Some(&docker), "lab-down")?;
    // The cluster first: its nodes are not ours, but live on our network. Whatever the provider is called now, a cluster
    // that an earlier run made goes too.
    let cluster = match cluster_is_seen(&lab, &docker).await? {
        true => Some(Kind { lab: &lab, docker: &docker, progress: &ctx.progress }.delete().await),
        false => None,
    };
    let step = ctx.progress.step("containers and networks");
    let removed = netlab::teardown(&docker, &name).await?;
    step.done("removed");
    match cluster.transpose() {
        Ok(deleted) => {
            let (cluster, cluster_name) = (deleted.map(|()| true), lab.cluster.name.to_string());
            Ok(LabDown { lab: lab.name.to_string(), cluster, removed, cluster_name })
        }
        Err(failure) => Err(removed.to_string().lines().fold(failure, Failure::because)),
    }
}

/// Returns what [`lab_down`] would remove.
///
/// # Errors
/// An engine that does not answer.
pub async fn plan_lab_down(ctx: &Context) -> Result<LabDownPlan, Failure> {
    let (lab, docker) = (ctx.lab()?, Docker::connect().await?);
    let (networks, containers) = futures::try_join!(docker.networks(), docker.containers())?;
    let ours = |label: &Option<String>| label.as_deref() == Some(lab.name.as_str());
    Ok(LabDownPlan {
        lab: lab.name.to_string(),
        dry_run: true,
        cluster: cluster_is_there(&lab, &networks, &containers),
        containers: containers.into_iter().filter(|c| ours(&c.lab)).map(|c| c.name).collect(),
        networks: networks.into_iter().filter(|n| ours(&n.lab)).map(|n| n.name).collect(),
        cluster_name: lab.cluster.name.to_string(),
    })
}

async fn cluster_is_seen(lab: &Lab, docker: &Docker) -> Result<bool, Failure> {
    let (networks, containers) = futures::try_join!(docker.networks(), docker.containers())?;
    Ok(cluster_is_there(lab, &networks, &containers))
}

fn cluster_line(name: &str) -> String {
    format!("- kind cluster {name}")
}

fn as_names<S: Serializer>(report: &TeardownReport, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Names<'a> {
        containers: &'a [String],
        networks: &'a [String],
        failures: Vec<String>,
    }
    let failures = report.failures.iter().map(ToString::to_string).collect();
    Names { containers: &report.containers, networks: &report.networks, failures }.serialize(serializer)
}
