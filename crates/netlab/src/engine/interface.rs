//! Requests to an engine.

use std::collections::BTreeMap;

use futures::future::BoxFuture;

use super::{ContainerState, EngineError, EngineVersion, ExecOutput, Labels, NetworkState, Peek};
use crate::model::{ContainerSpec, Endpoint, Name, NetworkSpec};

/// What an engine answers, later.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, EngineError>>;

/// A container engine. [`Docker`](crate::Docker) is the real one; tests fake it.
///
/// Objects are addressed by name or id, as Docker does. Every method is one request, or a few that succeed or fail
/// together; none of them retries.
pub trait Engine: Send + Sync {
    /// The engine's version.
    fn version(&self) -> Answer<'_, EngineVersion>;

    /// All networks.
    fn networks(&self) -> Answer<'_, Vec<NetworkState>>;

    /// All containers, whatever their state.
    fn containers(&self) -> Answer<'_, Vec<ContainerState>>;

    /// One container; `None` where it is not there.
    fn container<'a>(&'a self, container: &'a str) -> Answer<'a, Option<ContainerState>>;

    /// Reads files and routes of a running container without running anything in it, where the engine is on this
    /// machine and lets us; `None` means that only [`exec`](Self::exec) can tell.
    fn peek<'a>(&'a self, container: &'a str, paths: &'a [&'a str]) -> BoxFuture<'a, Option<Peek>>;

    /// The end of a container's log, on one line, for an error's message.
    fn last_words<'a>(&'a self, container: &'a str) -> BoxFuture<'a, Option<String>>;

    /// Makes a network with our labels and an MTU in bytes; the id.
    fn create_network<'a>(&'a self, network: &'a NetworkSpec, mtu: u16, labels: &'a Labels) -> Answer<'a, String>;

    /// Removes a network.
    fn remove_network<'a>(&'a self, network: &'a str) -> Answer<'a, ()>;

    /// Makes a container with its first endpoint, sysctls and our labels, without starting it; the id.
    fn create_container<'a>(
        &'a self,
        container: &'a ContainerSpec,
        sysctls: &'a BTreeMap<String, String>,
        labels: &'a Labels,
    ) -> Answer<'a, String>;

    /// Connects a container to a network.
    fn connect<'a>(&'a self, container: &'a Name, endpoint: &'a Endpoint) -> Answer<'a, ()>;

    /// Starts a container; one that runs already is left alone.
    fn start<'a>(&'a self, container: &'a str) -> Answer<'a, ()>;

    /// Restarts a container at once, without a grace period.
    fn restart<'a>(&'a self, container: &'a str) -> Answer<'a, ()>;

    /// Lets a paused container go on.
    fn unpause<'a>(&'a self, container: &'a str) -> Answer<'a, ()>;

    /// Removes a container with its anonymous volumes, running or not.
    fn remove_container<'a>(&'a self, container: &'a str) -> Answer<'a, ()>;

    /// Waits until a container that is being removed is gone.
    fn removed<'a>(&'a self, container: &'a str) -> Answer<'a, ()>;

    /// Unpacks a tar archive at the container's root.
    fn upload<'a>(&'a self, container: &'a str, tar: Vec<u8>) -> Answer<'a, ()>;

    /// Runs a command in a running container. A command that is not there answers with exit code 126 or 127.
    fn exec<'a>(&'a self, container: &'a str, argv: &'a [&'a str]) -> Answer<'a, ExecOutput>;
}
