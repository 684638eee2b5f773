//! The kind cluster: made by `kind`, on a network of ours.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use futures::StreamExt;
use metallb::{Cluster, ExpectedNodes, NodeView};
use netlab::{Docker, Engine, Observed, RunState};
use settle::{Verdict, Wait};

use super::cluster;
pub use super::cluster::State;
use super::made::{self, Made};
use super::nodes_in_docker;
use crate::failure::Failure;
use crate::process::{Cmd, Stream};
use crate::progress::Progress;
use labfile::compose;
use labfile::{Lab, Node};

/// The step's name, for progress and for the tests that interrupt a run after it.
pub const CREATE: &str = "kind-create";
/// `kind create cluster` takes half a minute on two cores with the image at hand; it has its own bounds inside.
const CREATE_BOUND: Duration = Duration::from_secs(900);
/// Deleting three nodes takes 3 s.
const DELETE_BOUND: Duration = Duration::from_secs(120);
/// After a start of stopped nodes, kubelets and the API server take their time.
const READY_BOUND: Duration = Duration::from_secs(240);
/// Time that an API server that has just started may go on refusing everybody.
const RIGHTS_BOUND: Duration = Duration::from_secs(60);
/// Until the engine has seen the end of a container.
const END_BOUND: Duration = Duration::from_secs(20);
/// The engine's clock may be another one than ours.
const CLOCK_SKEW: Duration = Duration::from_secs(60);
/// File that kubeadm writes into a node as the last thing that its joining depends on.
const JOINED: &str = "/etc/kubernetes/kubelet.conf";

const INSTALL: &str = "`⌘ doctor --fix` installs it, or `go install sigs.k8s.io/kind@v0.33.0`";

/// The lab's kind cluster.
#[derive(Debug, Clone, Copy)]
pub struct Kind<'a> {
    /// The lab.
    pub lab: &'a Lab,
    /// The engine that its nodes are on.
    pub docker: &'a Docker,
    /// The run's steps.
    pub progress: &'a Progress,
}

impl Kind<'_> {
    /// Returns the state of the cluster.
    ///
    /// # Errors
    /// A machine failure where somebody else has a cluster of that name; what keeps us from looking into its nodes.
    pub async fn state(&self, observed: &Observed) -> Result<State, Failure> {
        let state = cluster::seen(self.lab, &observed.networks, &observed.containers)?;
        if !matches!(state, State::Running | State::Stopped) {
            return Ok(state);
        }
        for (name, role) in self.lab.cluster.node_names() {
            let of_cluster = made::FILES.into_iter().filter(|_| role.is_control_plane());
            let paths: Vec<&str> = of_cluster.chain([JOINED]).collect();
            let files = self.files(&name, &paths).await?;
            if !files.contains_key(JOINED) {
                return Ok(State::Unfit(format!("{name} never joined")));
            }
            if let Some(why) = cluster::otherwise(self.lab, &Made::of(&files)) {
                return Ok(State::Unfit(why));
            }
        }
        Ok(state)
    }

    /// Files of a node, those that are there.
    async fn files(&self, node: &str, paths: &[&str]) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
        if let Some(view) = self.docker.read_procfs(node, paths).await {
            return Ok(view.files);
        }
        let mut files = BTreeMap::new();
        for path in paths {
            files.extend(self.docker.file(node, path.as_ref()).await?.map(|content| ((*path).to_owned(), content)));
        }
        Ok(files)
    }

    /// Makes the cluster on the lab's network, whose name kind is given.
    ///
    /// # Errors
    /// A machine failure where kind is not installed; a step failure with the end of kind's output.
    pub async fn create(&self) -> Result<(), Failure> {
        let config = write_config(self.lab)?;
        let cmd = self
            .kind(["create", "cluster", "--name", self.lab.cluster.name.as_str(), "--config"])
            .arg(config.path().to_string_lossy())
            .args(["--image", self.lab.images.node.as_str()])
            .within(CREATE_BOUND);
        let mut step = self.progress.step(CREATE);
        match step.follow(Stream::new(cmd).log("logs/kind-create.log"), |_| {}).await {
            Ok(()) => step.done("created"),
            Err(error) => {
                step.failed(error.to_string());
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Removes whatever is there of the cluster; one that is not there is fine.
    ///
    /// # Errors
    /// As [`Kind::create`].
    pub async fn delete(&self) -> Result<(), Failure> {
        let step = self.progress.step("kind-delete");
        let cmd = || self.kind(["delete", "cluster", "--name", self.lab.cluster.name.as_str()]).within(DELETE_BOUND);
        match cmd().read().await {
            Err(_) if self.let_nodes_end().await => cmd().read().await?,
            other => other?,
        };
        step.done("deleted");
        Ok(())
    }

    /// Lets nodes end that could not; `true` if there were any.
    pub async fn let_nodes_end(&self) -> bool {
        let mut any = false;
        for (node, _) in self.lab.cluster.node_names() {
            if !self.docker.thaw_exiting(&node).await {
                continue;
            }
            any = true;
            self.progress.say(&format!("node {node} had ended, but for what is frozen inside: thawed"));
            let wait = Wait::new(format!("node {node} ends"), END_BOUND);
            let ended = wait.poll(async || match self.docker.container(&node).await {
                Ok(Some(state)) if state.run == RunState::Running => Verdict::NotYet("it runs".to_owned()),
                Ok(_) => Verdict::Ready(()),
                Err(error) => Verdict::Failed(error),
            });
            // The steps that follow find out what is there.
            let _ = ended.await;
        }
        any
    }

    /// The nodes with the addresses that Docker gave them, as soon as all of them run.
    ///
    /// # Errors
    /// A failed wait, naming the nodes that are missing.
    pub async fn nodes_started(&self, bound: Duration) -> Result<Vec<Node>, Failure> {
        let since = SystemTime::now().checked_sub(CLOCK_SKEW).unwrap_or(SystemTime::UNIX_EPOCH);
        let now = futures::stream::once(async { Ok(String::new()) });
        let looks = now.chain(self.docker.starts(since)).then(|event| async move {
            event?;
            let containers = self.docker.containers().await?;
            Ok::<_, netlab::EngineError>(nodes_in_docker(self.lab, &containers))
        });
        let verdicts = looks.map(|look| match look {
            Ok(Ok(nodes)) => Verdict::Ready(nodes),
            Ok(Err(missing)) => Verdict::NotYet(missing),
            // An engine that stopped answering is reported as such.
            Err(error) => Verdict::Failed(Failure::from(error)),
        });
        Ok(Wait::new("the nodes' containers run", bound).watch(verdicts).await?)
    }

    /// The API of the cluster.
    ///
    /// # Errors
    /// If kind does not know the cluster, or its API does not answer.
    pub async fn cluster(&self) -> Result<Cluster, Failure> {
        Ok(Cluster::from_kubeconfig_text(&self.kubeconfig().await?, None).await?)
    }

    /// The kubeconfig, in which the cluster is the only one.
    ///
    /// # Errors
    /// If kind does not know the cluster, or its control plane is not set up yet.
    pub async fn kubeconfig(&self) -> Result<String, Failure> {
        Ok(self.kind(["get", "kubeconfig", "--name", self.lab.cluster.name.as_str()]).read().await?)
    }

    /// Waits until every node is Ready.
    ///
    /// # Errors
    /// A wait that ran out, naming the nodes and what they say.
    pub async fn nodes_ready(&self) -> Result<Vec<NodeView>, Failure> {
        let step = self.progress.step("nodes ready");
        let names = self.lab.cluster.node_names().map(|(name, _)| name).collect();
        let (cluster, expected) = (self.cluster().await?, ExpectedNodes::Named(names));
        let wait = Wait::new("nodes ready", RIGHTS_BOUND + READY_BOUND);
        let nodes = wait.poll(async || match cluster.wait_nodes_ready(&expected, READY_BOUND).await {
            Ok(nodes) => Verdict::Ready(nodes),
            // An API server that has just started knows nobody's rights, not even the administrator's.
            Err(error @ metallb::Error::Forbidden { .. }) => Verdict::NotYet(error.to_string()),
            Err(error) => Verdict::Failed(Failure::from(error)),
        });
        let nodes = nodes.await?;
        step.done("all Ready");
        Ok(nodes)
    }

    fn kind<const N: usize>(&self, args: [&str; N]) -> Cmd {
        Cmd::new("kind")
            .args(args)
            .env("KIND_EXPERIMENTAL_DOCKER_NETWORK", self.lab.cluster.network.as_str())
            .env("DOCKER_HOST", self.docker.host())
            .remedy(INSTALL)
    }

    /// Fails early where kind is not installed.
    pub fn find(&self) -> Result<(), Failure> {
        self.kind([]).find()?;
        Ok(())
    }
}

fn write_config(lab: &Lab) -> Result<tempfile::NamedTempFile, Failure> {
    let cannot = |error: &std::io::Error| Failure::machine("cannot write kind's configuration").cause(error);
    let file = tempfile::Builder::new().prefix("kind-").suffix(".yaml").tempfile().map_err(|e| cannot(&e))?;
    fs_err::write(file.path(), compose::kind_config(lab)?).map_err(|e| cannot(&e))?;
    Ok(file)
}
