//! A cluster, reached through a kubeconfig and nothing else.

mod breaking;
mod exec;
mod nodes;
mod shell;

use std::path::Path;
use std::time::Duration;

use k8s_openapi::NamespaceResourceScope;
use kube::api::{Api, ListParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config, Resource};
use serde::de::DeserializeOwned;

pub use breaking::SavedNode;
pub use exec::ExecOutput;
pub use nodes::ExpectedNodes;
pub use shell::Shell;

use crate::Error;
use crate::error::Answered;

/// The bound of a connection to the API server.
const CONNECT: Duration = Duration::from_secs(10);

/// A cluster's API, as one kubeconfig context sees it.
///
/// Constructing one sends no request: the first call does, and fails with [`Error::Unreachable`] without an answer.
#[derive(Clone)]
pub struct Cluster {
    client: Client,
    context: String,
    server: String,
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("context", &self.context).field("server", &self.server).finish_non_exhaustive()
    }
}

impl Cluster {
    /// Makes a client for `context` (or the current one) of the kubeconfig file at `path`.
    ///
    /// ```no_run
    /// # async fn connect() -> Result<(), metallb::Error> {
    /// let cluster = metallb::Cluster::connect("kubeconfig".as_ref(), Some("kind-kind")).await?;
    /// for node in cluster.nodes().await? {
    ///     println!("{} {:?}", node.name, node.addresses);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Kubeconfig`], [`Error::WrongContext`] and [`Error::NoContext`].
    pub async fn connect(path: &Path, context: Option<&str>) -> Result<Self, Error> {
        let place = path.display().to_string();
        let kubeconfig =
            Kubeconfig::read_from(path).map_err(|source| Error::Kubeconfig { place: place.clone(), source })?;
        Self::from_kubeconfig(kubeconfig, place, context).await
    }

    /// Makes a client from a kubeconfig's text. Files that it refers to need absolute paths.
    ///
    /// # Errors
    /// As [`Cluster::connect`].
    pub async fn from_kubeconfig_text(text: &str, context: Option<&str>) -> Result<Self, Error> {
        let place = "text".to_owned();
        let kubeconfig =
            Kubeconfig::from_yaml(text).map_err(|source| Error::Kubeconfig { place: place.clone(), source })?;
        Self::from_kubeconfig(kubeconfig, place, context).await
    }

    /// Makes a cluster from a client; `name` stands in for the context's name.
    pub fn from_client(client: Client, name: impl Into<String>) -> Self {
        Self { client, context: name.into(), server: String::new() }
    }

    async fn from_kubeconfig(kubeconfig: Kubeconfig, place: String, context: Option<&str>) -> Result<Self, Error> {
        let available: Vec<String> = kubeconfig.contexts.iter().map(|context| context.name.clone()).collect();
        let chosen =
            context.map(str::to_owned).or_else(|| kubeconfig.current_context.clone().filter(|c| !c.is_empty()));
        let Some(chosen) = chosen else { return Err(Error::NoContext { place, available }) };
        if !available.contains(&chosen) {
            return Err(Error::WrongContext { place, wanted: chosen, available });
        }
        let options = KubeConfigOptions { context: Some(chosen.clone()), ..KubeConfigOptions::default() };
        let mut config = Config::from_custom_kubeconfig(kubeconfig, &options)
            .await
            .map_err(|source| Error::Kubeconfig { place, source })?;
        config.connect_timeout = Some(CONNECT);
        let server = config.cluster_url.to_string();
        let client = Client::try_from(config).doing(format!("connect to {server}"))?;
        Ok(Self { client, context: chosen, server })
    }

    /// The client, for everything beyond this crate.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Lists the objects of a kind in a namespace.
    pub(crate) async fn all_in<K>(&self, namespace: &str) -> Result<Vec<K>, Error>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope> + Clone + DeserializeOwned + std::fmt::Debug,
    {
        let list = Api::<K>::namespaced(self.client(), namespace).list(&ListParams::default()).await;
        Ok(list.doing(format!("list {} in {namespace}", K::plural(&())))?.items)
    }

    /// The context's name.
    pub fn context(&self) -> &str {
        &self.context
    }

    /// Reads the API server's version, as `v1.35.4`.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::Unauthorized`].
    pub async fn server_version(&self) -> Result<String, Error> {
        let what = format!("ask {} for its version", self.server);
        self.client.apiserver_version().await.map(|info| info.git_version).doing(what)
    }
}
