//! The Docker engine, by its API.

mod archive;
mod cgroup;
mod container;
mod convert;
mod create;
mod engine;
mod errors;
mod events;
mod exec;
mod feed;
mod file;
mod frozen;
mod history;
mod host;
mod image;
mod make;
mod network;
mod procfs;
mod routes;

use std::time::Duration;

use bollard::{API_DEFAULT_VERSION, ClientVersion};
pub use container::Attachment;
pub use exec::InteractiveExec;

use crate::engine::{ApiVersion, EngineError, EngineVersion};

/// The oldest API that is supported: Docker 20.10.
const OLDEST: ApiVersion = ApiVersion { major: 1, minor: 41 };

/// The timeout for the begin of an answer, in seconds.
const PATIENCE_SECONDS: u64 = 120;

/// The same timeout for requests in which the engine first reads or gathers whole images.
const PATIENCE_FOR_IMAGES: Duration = Duration::from_secs(3600);

/// A connection to a Docker engine. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Docker {
    client: bollard::Docker,
    host: host::Host,
    version: EngineVersion,
}

impl Docker {
    /// Connects to the engine that the `docker` command would talk to: `DOCKER_HOST`, or else the current Docker
    /// context, or else the default socket.
    ///
    /// # Errors
    /// [`EngineError::NoEngine`], [`EngineError::BadHost`], [`EngineError::TooOld`].
    pub async fn connect() -> Result<Self, EngineError> {
        Self::connect_to(host::Host::from_environment()?, None).await
    }

    /// Connects in the same way, and speaks an older API than both sides could, as the `docker` command does by
    /// `DOCKER_API_VERSION`.
    ///
    /// # Errors
    /// As [`Docker::connect`].
    pub async fn connect_with_api(api: ApiVersion) -> Result<Self, EngineError> {
        Self::connect_to(host::Host::from_environment()?, Some(api)).await
    }

    /// Connects to the engine at `unix://PATH` or `tcp://HOST:PORT`.
    ///
    /// # Errors
    /// As [`Docker::connect`].
    pub async fn connect_with_host(host: &str) -> Result<Self, EngineError> {
        Self::connect_to(host::Host::parse(host, "the caller")?, None).await
    }

    async fn connect_to(host: host::Host, api: Option<ApiVersion>) -> Result<Self, EngineError> {
        let speak = api.map_or_else(
            || *API_DEFAULT_VERSION,
            |api| ClientVersion { major_version: api.major.into(), minor_version: api.minor.into() },
        );
        let connected = match &host {
            host::Host::Unix(path) => bollard::Docker::connect_with_unix(path, PATIENCE_SECONDS, &speak),
            host::Host::Tcp(url) => bollard::Docker::connect_with_http(url, PATIENCE_SECONDS, &speak),
        };
        let fail = |error| errors::convert(&host, "connecting", error);
        let client = connected.map_err(fail)?.negotiate_version().await.map_err(fail)?;
        let mut version = convert::version(client.version().await.map_err(fail)?);
        version.api = version.api.min(api.unwrap_or(version.api));
        if version.api < OLDEST {
            return Err(EngineError::TooOld { found: version.api.to_string(), needed: OLDEST.to_string() });
        }
        Ok(Self { client, host, version })
    }

    /// Returns the engine's address, as in `DOCKER_HOST`.
    pub fn host(&self) -> String {
        self.host.to_string()
    }

    /// `true` if the engine is reached through a socket of this machine. It may still run in a virtual machine.
    pub const fn is_local(&self) -> bool {
        matches!(self.host, host::Host::Unix(_))
    }

    /// Returns a client for requests about whole images.
    fn patient(&self) -> bollard::Docker {
        self.client.clone().with_timeout(PATIENCE_FOR_IMAGES)
    }

    fn error(&self, action: impl Into<String>, error: bollard::errors::Error) -> EngineError {
        errors::convert(&self.host, action, error)
    }
}
