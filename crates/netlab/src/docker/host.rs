//! The engine's address.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::engine::EngineError;
use crate::fingerprint::Fingerprint;

const DEFAULT_SOCKET: &str = "/var/run/docker.sock";

const DEFAULT_PORT: u16 = 2375;

/// The address of an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Host {
    /// The path of a socket.
    Unix(String),
    /// An address, as `tcp://HOST:PORT`.
    Tcp(String),
}

impl Host {
    /// Finds the engine as the `docker` command does (docker/cli `cli/command/cli.go`): `DOCKER_HOST`, then the context
    /// of `DOCKER_CONTEXT` or of the configuration file, then the default socket.
    pub(super) fn from_environment() -> Result<Self, EngineError> {
        Self::find(|name| std::env::var(name).ok())
    }

    fn find(variable: impl Fn(&str) -> Option<String>) -> Result<Self, EngineError> {
        let var = |name: &str| variable(name).filter(|value| !value.is_empty());
        if let Some(host) = var("DOCKER_HOST") {
            let tls = var("DOCKER_TLS_VERIFY").is_some();
            return Self::parse(&host, "DOCKER_HOST")?.without_tls(tls, &host, "DOCKER_HOST");
        }
        let config =
            var("DOCKER_CONFIG").map(PathBuf::from).or_else(|| Some(PathBuf::from(var("HOME")?).join(".docker")));
        let Some(config) = config else { return Ok(Self::Unix(DEFAULT_SOCKET.to_owned())) };
        match var("DOCKER_CONTEXT").or_else(|| current_context(&config)) {
            Some(context) if context != "default" => Self::of_context(&config, &context),
            _ => Ok(Self::Unix(DEFAULT_SOCKET.to_owned())),
        }
    }

    pub(super) fn parse(host: &str, source: &str) -> Result<Self, EngineError> {
        let bad = |cause: &str| EngineError::BadHost {
            host: host.to_owned(),
            source_of: source.to_owned(),
            cause: cause.to_owned(),
        };
        match host.split_once("://") {
            Some((_, "")) => Err(bad("nothing comes after the scheme")),
            Some(("unix", path)) => Ok(Self::Unix(path.to_owned())),
            Some(("tcp" | "http", address)) => Ok(Self::Tcp(format!("tcp://{}", with_port(address)))),
            Some((scheme, _)) => Err(bad(&format!("the scheme {scheme} is not supported"))),
            None => Err(bad("it has no scheme")),
        }
    }

    fn of_context(config: &Path, context: &str) -> Result<Self, EngineError> {
        let source = format!("Docker context {context}");
        // The directory is named by the digest of the context's name.
        let digest = Fingerprint::of_bytes(context.as_bytes());
        let path = config.join("contexts/meta").join(digest.as_str()).join("meta.json");
        let bad = |cause: String| EngineError::BadHost { host: context.to_owned(), source_of: source.clone(), cause };
        let text = std::fs::read_to_string(&path).map_err(|error| bad(format!("{}: {error}", path.display())))?;
        let meta: Meta = serde_json::from_str(&text).map_err(|error| bad(format!("{}: {error}", path.display())))?;
        let host = &meta.endpoints.docker.host;
        let tls = config.join("contexts/tls").join(digest.as_str()).join("docker").is_dir();
        Self::parse(host, &source)?.without_tls(tls, host, &source)
    }

    /// Refuses an address that is behind TLS, which a socket never is.
    fn without_tls(self, tls: bool, host: &str, source: &str) -> Result<Self, EngineError> {
        match self {
            Self::Tcp(_) if tls => Err(EngineError::BadHost {
                host: host.to_owned(),
                source_of: source.to_owned(),
                cause: "TLS is not supported".to_owned(),
            }),
            host => Ok(host),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{path}"),
            Self::Tcp(url) => f.write_str(url),
        }
    }
}

/// Adds the port that the `docker` command takes where none is given (docker/cli `opts/hosts.go`).
fn with_port(address: &str) -> String {
    let (authority, path) = address.split_at(address.find('/').unwrap_or(address.len()));
    // The colons of an IPv6 address are inside its brackets.
    let after_host = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    let host = authority[after_host..].find(':').map_or(authority, |colon| &authority[..after_host + colon]);
    match authority.get(host.len() + 1..) {
        Some(port) if !port.is_empty() => address.to_owned(),
        _ => format!("{host}:{DEFAULT_PORT}{path}"),
    }
}

fn current_context(config: &Path) -> Option<String> {
    #[derive(Deserialize)]
    struct Config {
        #[serde(rename = "currentContext")]
        current: Option<String>,
    }
    let text = std::fs::read_to_string(config.join("config.json")).ok()?;
    serde_json::from_str::<Config>(&text).ok()?.current.filter(|context| !context.is_empty())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Meta {
    endpoints: Endpoints,
}

#[derive(Deserialize)]
struct Endpoints {
    docker: DockerEndpoint,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DockerEndpoint {
    host: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_as_the_docker_command_reads_them() {
        assert_eq!(Host::parse("unix:///run/d.sock", "x").unwrap(), Host::Unix("/run/d.sock".into()));
        for (written, means) in [
            ("tcp://h:2376", "tcp://h:2376"),
            ("http://h:80", "tcp://h:80"),
            ("tcp://h", "tcp://h:2375"),
            ("tcp://h:", "tcp://h:2375"),
            ("tcp://[::1]", "tcp://[::1]:2375"),
            ("tcp://[::1]:1", "tcp://[::1]:1"),
            ("tcp://h/engine", "tcp://h:2375/engine"),
        ] {
            assert_eq!(Host::parse(written, "x").unwrap().to_string(), means);
        }
        for bad in ["", "unix://", "h:2375", "ssh://h", "npipe:////./pipe/x"] {
            let error = Host::parse(bad, "DOCKER_HOST").unwrap_err().to_string();
            assert!(error.contains("DOCKER_HOST") && error.contains("unix://PATH"), "{error}");
        }
    }

    #[test]
    fn an_engine_behind_tls_is_named() {
        let find = |verify: &str, host: &str| {
            let pairs = [("DOCKER_TLS_VERIFY", verify.to_owned()), ("DOCKER_HOST", host.to_owned())];
            Host::find(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()))
        };
        let error = find("1", "tcp://far:2376").unwrap_err().to_string();
        assert!(error.contains("tcp://far:2376") && error.contains("TLS is not supported"), "{error}");
        assert_eq!(find("", "tcp://far:2375").unwrap(), Host::Tcp("tcp://far:2375".into()));
        assert_eq!(find("1", "unix:///d.sock").unwrap(), Host::Unix("/d.sock".into()));
    }

    #[test]
    fn a_context_names_its_host() {
        let config = std::env::temp_dir().join(format!("netlab-context-{}", std::process::id()));
        let digest = Fingerprint::of_bytes(b"rootless");
        let meta = config.join("contexts/meta").join(digest.as_str());
        std::fs::create_dir_all(&meta).unwrap();
        std::fs::write(config.join("config.json"), r#"{"auths":{},"currentContext":"rootless"}"#).unwrap();
        let json =
            r#"{"Name":"rootless","Metadata":{},"Endpoints":{"docker":{"Host":"unix:///run/user/1/docker.sock"}}}"#;
        std::fs::write(meta.join("meta.json"), json).unwrap();
        let tls = config.join("contexts/tls").join(Fingerprint::of_bytes(b"far").as_str()).join("docker");
        std::fs::create_dir_all(tls).unwrap();
        let far = config.join("contexts/meta").join(Fingerprint::of_bytes(b"far").as_str());
        std::fs::create_dir_all(&far).unwrap();
        std::fs::write(far.join("meta.json"), r#"{"Endpoints":{"docker":{"Host":"tcp://far:2376"}}}"#).unwrap();
        let behind_tls = Host::of_context(&config, "far").map_err(|error| error.to_string());
        let context = current_context(&config).unwrap();
        let found = Host::of_context(&config, &context);
        let missing = Host::of_context(&config, "other").unwrap_err();
        std::fs::remove_dir_all(&config).unwrap();
        assert_eq!(found.unwrap(), Host::Unix("/run/user/1/docker.sock".into()));
        assert!(missing.to_string().contains("Docker context other"), "{missing}");
        assert!(behind_tls.as_ref().is_err_and(|error| error.contains("TLS is not supported")), "{behind_tls:?}");
    }
}
