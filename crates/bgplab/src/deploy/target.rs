//! The cluster to which MetalLB goes.

use std::time::Duration;

use metallb::Cluster;
use netlab::{Docker, Engine};
use settle::{Verdict, Wait};

use crate::bringup::existing;
use crate::bringup::kind::Kind;
use crate::bringup::stages::{API, NODES, Stages};
use crate::context::Context;
use crate::failure::Failure;
use crate::process::Cmd;
use labfile::{Lab, Provider};

/// From the nodes' start until the API lets us in: 10 to 20 s on two cores.
const API_BOUND: Duration = Duration::from_secs(300);

/// Time between two looks.
const EVERY: Duration = Duration::from_millis(500);

/// File that kubeadm writes on the control plane, and that kind's kubeconfig is made from.
const ADMIN: &str = "/etc/kubernetes/admin.conf";

/// A cluster whose API answers.
#[derive(Debug)]
pub struct Target {
    /// The cluster.
    pub cluster: Cluster,
    /// kind's kubeconfig for it; of an existing cluster it is only made when make needs it.
    text: Option<String>,
}

impl Target {
    /// Once the API answers.
    ///
    /// # Errors
    /// An error of the API; wrong use where a kubeconfig does not say what is needed.
    pub async fn reached(ctx: &Context, lab: &Lab, docker: Option<&Docker>, stages: &Stages) -> Result<Self, Failure> {
        let Some(docker) = docker else { return Self::now(ctx, lab, None).await };
        let nodes = stages.nodes.passed().await;
        let mut step = ctx.progress.step(API);
        step.after(NODES);
        let control_plane = nodes.first().map_or("", |node| node.name.as_str());
        let mut found = None;
        let wait = Wait::new(format!("API of cluster {}", lab.cluster.name), API_BOUND).every(EVERY);
        wait.poll(async || {
            if found.is_none() && !is_set_up(docker, control_plane).await {
                return Verdict::NotYet(format!("{control_plane} is not set up yet"));
            }
            let target = match found.take() {
                Some(target) => target,
                None => match Self::now(ctx, lab, Some(docker)).await {
                    Ok(target) => target,
                    Err(failure) => return Verdict::<_, Failure>::NotYet(failure.message().to_owned()),
                },
            };
            // Rights come after the API itself: kubeadm binds them at the end.
            let answer = target.cluster.nodes().await;
            found = Some(target);
            match answer {
                Ok(_) => Verdict::Ready(()),
                Err(error) => {
                    step.note(error.to_string());
                    Verdict::NotYet(error.to_string())
                }
            }
        })
        .await?;
        step.done("answers");
        stages.api.open(());
        match found {
            Some(target) => Ok(target),
            None => Self::now(ctx, lab, Some(docker)).await,
        }
    }

    /// The cluster as it is, without waiting.
    ///
    /// # Errors
    /// As [`Target::reached`].
    pub async fn now(ctx: &Context, lab: &Lab, docker: Option<&Docker>) -> Result<Self, Failure> {
        if let Provider::Standalone { .. } = lab.cluster.provider {
            return Err(Failure::wrong_use("a standalone lab has no Kubernetes").next("--provider kind"));
        }
        let Some(docker) = docker else {
            let cluster = existing::cluster(lab).await?;
            cluster.nodes().await?;
            return Ok(Self { cluster, text: None });
        };
        let text = Kind { lab, docker, progress: &ctx.progress }.kubeconfig().await?;
        Ok(Self { cluster: Cluster::from_kubeconfig_text(&text, None).await?, text: Some(text) })
    }

    /// A kubeconfig in which this cluster is the only one.
    ///
    /// # Errors
    /// A machine failure where kubectl is not installed, and its own failure.
    pub(super) async fn kubeconfig(&self, lab: &Lab) -> Result<String, Failure> {
        if let Some(text) = &self.text {
            return Ok(text.clone());
        }
        let cmd = Cmd::new("kubectl").args(["config", "view", "--minify", "--flatten", "--raw"]);
        let cmd = match &lab.cluster.provider {
            Provider::Existing { kubeconfig: Some(path), .. } => cmd.args(["--kubeconfig", path.as_str()]),
            _ => cmd,
        };
        Ok(cmd.args(["--context", self.cluster.context()]).read().await?)
    }
}

/// `true` if there can be a kubeconfig. Asking kind costs a good part of a second of CPU, a look at the node a
/// millisecond; where that is not allowed, kind has to be asked.
async fn is_set_up(docker: &Docker, control_plane: &str) -> bool {
    docker.read_procfs(control_plane, &[ADMIN]).await.is_none_or(|view| view.files.contains_key(ADMIN))
}
