//! Asks FRR on the nodes of a cluster: in MetalLB's speakers, in frr-k8s, or in the pods of `deploy-frr`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use frrconf::ask::{self, Printed, Question};
use metallb::spec::{Backend, NAMESPACE};
use metallb::{Cluster, ExecOutput, InNamespace, NamespacedName, PodView};
use netlab::Docker;

use super::{Answers, AskError, by_vtysh, near, socket};

/// The longest time that a pod may take: a node that is paused accepts the connection, and never answers.
const BOUND: Duration = Duration::from_secs(5);

/// The namespace of the pods that `deploy-frr` makes.
pub const FRR_NAMESPACE: &str = "frr-nodes";

/// The pods in which FRR runs, one a node.
#[derive(Clone, Debug)]
pub struct Pods {
    cluster: Cluster,
    /// The engine whose containers the nodes are.
    engine: Option<Docker>,
    by_node: BTreeMap<String, Place>,
}

/// The pod in which FRR of a node runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The pod's namespace.
    pub namespace: &'static str,
    /// The pod; its container is [`metallb::frr::CONTAINER`].
    pub pod: String,
}

impl Place {
    /// Returns the pod as the API names it.
    pub fn pod(&self) -> NamespacedName<'_> {
        NamespacedName { namespace: self.namespace, name: &self.pod }
    }
}

impl Pods {
    /// Finds the pods of the installed backend, and of `deploy-frr`. The native backend has none.
    ///
    /// # Errors
    /// An error of the API.
    pub async fn find(cluster: &Cluster, backend: Option<Backend>) -> Result<Self, metallb::Error> {
        let speakers = async {
            match backend {
                Some(backend) => cluster.frr_pods(NAMESPACE, backend).await,
                None => Ok(Vec::new()),
            }
        };
        let selector = format!("app={}", metallb::frr::DAEMON_SET);
        let (speakers, own) = futures::try_join!(speakers, cluster.pods(InNamespace(FRR_NAMESPACE), &selector))?;
        let at = |namespace| move |pod: PodView| (pod.node, Place { namespace, pod: pod.name });
        let by_node = own.into_iter().map(at(FRR_NAMESPACE)).chain(speakers.into_iter().map(at(NAMESPACE)));
        let by_node = by_node.filter(|(node, _)| !node.is_empty()).collect();
        Ok(Self { cluster: cluster.clone(), engine: None, by_node })
    }

    /// Returns the same pods, on nodes that are containers of this engine: their daemons can be asked without the API.
    pub fn in_containers_of(self, engine: &Docker) -> Self {
        Self { engine: Some(engine.clone()), ..self }
    }

    /// `true` if the nodes are containers of an engine here.
    pub const fn are_in_containers(&self) -> bool {
        self.engine.is_some()
    }

    /// Returns the pod of a node.
    pub fn on(&self, node: &str) -> Option<&Place> {
        self.by_node.get(node)
    }

    /// Returns the nodes that have a pod.
    pub fn nodes(&self) -> impl Iterator<Item = &str> {
        self.by_node.keys().map(String::as_str)
    }

    /// `true` if these are the pods of `deploy-frr`.
    pub fn without_metallb(&self) -> bool {
        self.by_node.values().any(|place| place.namespace == FRR_NAMESPACE)
    }

    /// Runs a script in a node's pod.
    ///
    /// # Errors
    /// [`AskError`], if it could not run.
    pub async fn run(&self, node: &str, script: &str) -> Result<ExecOutput, AskError> {
        let name = || node.to_owned();
        let place = self.on(node).ok_or_else(|| AskError::NoPod { node: name() })?;
        let argv = ["sh", "-c", script];
        let exec = self.cluster.exec(place.pod(), Some(metallb::frr::CONTAINER), &argv);
        let ended =
            tokio::time::timeout(BOUND, exec).await.map_err(|_| AskError::Silent { node: name(), bound: BOUND })?;
        ended.map_err(|source| AskError::Pod { node: name(), source: Box::new(source) })
    }

    /// Finds the root of the file system of a node's FRR, if it is seen from here.
    async fn near(&self, node: &str) -> Option<PathBuf> {
        near::root(self.engine.as_ref().filter(|_| self.on(node).is_some())?, node).await
    }

    /// Asks some questions, and returns an answer to each, in their order; a daemon that does not answer holds back no
    /// other's answer.
    ///
    /// # Errors
    /// [`AskError`], if the pod cannot be asked at all.
    pub async fn ask_each(&self, node: &str, questions: &[Question]) -> Result<Answers, AskError> {
        if let Some(root) = self.near(node).await {
            let answers = socket::ask_each(&root, questions, socket::BOUND).await.into_iter();
            return Ok(answers.map(|answer| answer.map_err(|refused| refused.by(node))).collect());
        }
        let output = self.run(node, &ask::script(questions)).await?;
        Ok(by_vtysh(node, Printed { stdout: &output.stdout, stderr: &output.stderr }, questions))
    }
}
