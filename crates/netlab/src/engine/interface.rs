//! Requests to an engine.

use std::collections::BTreeMap;

use futures::future::BoxFuture;

use super::{ContainerState, EngineError, EngineVersion, ExecOutput, Labels, NetworkState, ProcfsView};
use crate::model::{ContainerSpec, Endpoint, Name, NetworkSpec};

/// The answer to a request, as a future.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, EngineError>>;

/// A container engine. `Docker` (feature `docker`) is the real one, `fake::Fake` (feature `fake`) one for tests.
///
/// Objects are addressed by name or id, as Docker does. Every method is one request, or a few that succeed or fail
/// together; no method retries.
pub trait Engine: Send + Sync {
    /// Reads the engine's version.
    fn version(&self) -> Answer<'_, EngineVersion>;

    /// Lists all networks.
    fn networks(&self) -> Answer<'_, Vec<NetworkState>>;

    /// Lists all containers, whatever their state.
    fn containers(&self) -> Answer<'_, Vec<ContainerState>>;

    /// Inspects one container; `None` where it does not exist.
    fn container<'a>(&'a self, container: &'a str) -> Answer<'a, Option<ContainerState>>;

    /// Reads files and routes of a running container without running anything in it, where the engine is on this
    /// machine and permissions allow it; `None` means that only [`exec`](Self::exec) can read them.
    fn read_procfs<'a>(&'a self, container: &'a str, paths: &'a [&'a str]) -> BoxFuture<'a, Option<ProcfsView>>;

    /// Reads the end of a container's log, on one line, for an error's message.
    fn log_tail<'a>(&'a self, container: &'a str) -> BoxFuture<'a, Option<String>>;

    /// Creates a network with the given labels and an MTU in bytes, and returns its id.
    fn create_network<'a>(&'a self, network: &'a NetworkSpec, mtu: u16, labels: &'a Labels) -> Answer<'a, String>;

    /// Removes a network.
    fn remove_network<'a>(&'a self, network: &'a str) -> Answer<'a, ()>;

    /// Creates a container with its first endpoint, sysctls and the given labels, without starting it, and returns its
    /// id.
    fn create_container<'a>(
        &'a self,
        container: &'a ContainerSpec,
        sysctls: &'a BTreeMap<String, String>,
        labels: &'a Labels,
    ) -> Answer<'a, String>;

    /// Connects a container to a network.
    fn connect<'a>(&'a self, container: &'a Name, endpoint: &'a Endpoint) -> Answer<'a, ()>;

    /// Starts a container; a running one is left alone.
    fn start<'a>(&'a self, container: &'a str) -> Answer<'a, ()>;

    /// Restarts a container at once, without a grace period.
    fn restart<'a>(&'a self, container: &'a str) -> Answer<'a, ()>;

    /// Resumes a paused container.
    fn unpause<'a>(&'a self, container: &'a str) -> Answer<'a, ()>;

    /// Removes a container with its anonymous volumes, running or not.
    fn remove_container<'a>(&'a self, container: &'a str) -> Answer<'a, ()>;

    /// Waits until a container that is being removed no longer exists.
    fn removed<'a>(&'a self, container: &'a str) -> Answer<'a, ()>;

    /// Unpacks a tar archive at the container's root.
    fn upload<'a>(&'a self, container: &'a str, tar: Vec<u8>) -> Answer<'a, ()>;

    /// Runs a command in a running container. A missing command is no error: its exit code is 126 or 127.
    fn exec<'a>(&'a self, container: &'a str, argv: &'a [&'a str]) -> Answer<'a, ExecOutput>;
}
