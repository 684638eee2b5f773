//! The state of an engine.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::fingerprint::Fingerprint;
use crate::model::Name;
use crate::model::RouteEntry;

/// The label with the lab's name.
pub(crate) const LAB: &str = "netlab.lab";
/// The label with the fingerprint of the specification that the object was made from.
pub(crate) const SPEC: &str = "netlab.spec";
/// The label with the object's role.
pub(crate) const ROLE: &str = "netlab.role";
/// The label with the object's own name.
pub(crate) const NAME: &str = "netlab.name";

/// The labels that make an object a lab's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// The lab that the object belongs to (`netlab.lab`).
    pub lab: Name,
    /// The specification's fingerprint (`netlab.spec`).
    pub spec: Fingerprint,
    /// The role in the lab (`netlab.role`).
    pub role: String,
    /// The object's own name (`netlab.name`). It differs for a container that inherited the labels from an image made
    /// of this one.
    pub name: Name,
}

impl Labels {
    /// Returns the labels as Docker takes them.
    pub fn to_map(&self) -> BTreeMap<String, String> {
        let Self { lab, spec, role, name } = self;
        let pairs = [(LAB, lab.to_string()), (SPEC, spec.to_string()), (ROLE, role.clone()), (NAME, name.to_string())];
        pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
    }
}

/// An engine API version, such as 1.45.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct ApiVersion {
    /// The major number.
    pub major: u16,
    /// The minor number.
    pub minor: u16,
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The version of an engine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EngineVersion {
    /// The server's version, such as `26.1.5`.
    pub server: String,
    /// The newest API that it speaks.
    pub api: ApiVersion,
    /// The kernel's release.
    pub kernel: String,
    /// The architecture, such as `amd64`.
    pub arch: String,
}

/// An existing network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkState {
    /// The id.
    pub id: String,
    /// The name; not unique before Docker 25.
    pub name: String,
    /// The lab, by the label; `None` without a label, or with an inherited one.
    pub lab: Option<String>,
    /// The fingerprint, by the label.
    pub spec: Option<String>,
    /// The driver, such as `bridge`.
    pub driver: String,
    /// `true` if it was created with `--internal`: frames from sources outside its ranges are dropped, so nothing is
    /// routed through it.
    pub internal: bool,
    /// The ranges.
    pub ranges: Vec<IpNet>,
    /// The driver's options.
    pub options: BTreeMap<String, String>,
}

impl NetworkState {
    /// Returns the bridge's interface name on the engine's machine.
    pub fn bridge(&self) -> Option<String> {
        if self.driver != "bridge" {
            return None;
        }
        let named = self.options.get("com.docker.network.bridge.name").cloned();
        named.or_else(|| Some(format!("br-{}", self.id.get(..12)?)))
    }
}

/// An existing container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerState {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The lab, by the label; `None` without a label, or with an inherited one.
    pub lab: Option<String>,
    /// The fingerprint, by the label.
    pub spec: Option<String>,
    /// The image, as it was requested.
    pub image: String,
    /// The run state.
    pub run: RunState,
    /// The connections, by network name.
    pub endpoints: BTreeMap<String, EndpointState>,
}

impl ContainerState {
    /// `true` if it is connected to a network.
    pub fn is_on(&self, network: &NetworkState) -> bool {
        self.endpoints.iter().any(|(name, endpoint)| {
            // A container that never ran knows its networks by name only.
            if endpoint.network_id.is_empty() { *name == network.name } else { endpoint.network_id == network.id }
        })
    }

    /// `true` if it has an address on a network.
    pub fn holds(&self, network: &NetworkState, address: IpAddr) -> bool {
        self.endpoints.values().any(|e| e.network_id == network.id && e.addresses().any(|a| a == address))
    }

    /// Returns its IPv4 address on the network of a name.
    pub fn ipv4(&self, network: &str) -> Option<Ipv4Addr> {
        self.endpoints.get(network)?.ipv4
    }

    /// Returns its IPv6 address on the network of a name.
    pub fn ipv6(&self, network: &str) -> Option<Ipv6Addr> {
        self.endpoints.get(network)?.ipv6
    }
}

/// The run state of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunState {
    /// Created, never started.
    Created,
    /// Running.
    Running,
    /// Paused.
    Paused,
    /// Exited.
    Exited,
    /// Restarting, being removed, or dead.
    Broken,
}

impl RunState {
    /// `true` if its processes exist, running or paused: only then has it addresses.
    pub const fn has_processes(self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }

    /// Returns the state in a word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Exited => "exited",
            Self::Broken => "broken",
        }
    }
}

/// A container's connection to a network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EndpointState {
    /// The network's id; empty where the container never ran.
    pub network_id: String,
    /// The IPv4 address that was requested.
    pub pinned_ipv4: Option<Ipv4Addr>,
    /// The IPv6 address that was requested.
    pub pinned_ipv6: Option<Ipv6Addr>,
    /// The IPv4 address that it has.
    pub ipv4: Option<Ipv4Addr>,
    /// The IPv6 address that it has.
    pub ipv6: Option<Ipv6Addr>,
}

impl EndpointState {
    /// Returns the addresses that it has; none where the container does not run.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> + use<> {
        [self.ipv4.map(IpAddr::V4), self.ipv6.map(IpAddr::V6)].into_iter().flatten()
    }
}

/// The result of a command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ExecOutput {
    /// The standard output.
    pub stdout: String,
    /// The standard error.
    pub stderr: String,
    /// The exit code.
    pub code: i32,
}

/// The end of a container's last run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ending {
    /// The exit code: 128 plus the signal's number where a signal ended it.
    pub exit_code: i32,
    /// `true` if the kernel killed it for lack of memory.
    pub out_of_memory: bool,
    /// The reason why the engine could not start it; empty where it could.
    pub error: String,
    /// The time at which it ended, as the engine writes it (RFC 3339).
    pub finished_at: String,
}

/// Files and routes of a container, read from outside.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProcfsView {
    /// The routes of the container's main tables.
    pub routes: BTreeSet<RouteEntry>,
    /// The contents of the requested files; a file that does not exist is absent.
    pub files: BTreeMap<String, Vec<u8>>,
}
