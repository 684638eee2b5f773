//! The lab's containers, and guests that others made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Serialize;

use super::{Name, Route};

/// A container that the lab makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerSpec {
    /// The name in Docker.
    pub name: Name,
    /// The image's reference. What the reference resolves to may change without the container being made anew.
    pub image: String,
    /// The hostname; its name where absent.
    pub hostname: Option<String>,
    /// The role in the lab (`router`, `node`): a label, and a word in the plan.
    pub role: String,
    /// Replaces the image's entrypoint.
    pub entrypoint: Option<Vec<String>>,
    /// Replaces the image's command.
    pub command: Option<Vec<String>>,
    /// Environment variables.
    pub env: BTreeMap<String, String>,
    /// Capabilities beyond Docker's default set.
    pub capabilities: BTreeSet<Capability>,
    /// `true` if it forwards packets of every address family that its networks have.
    pub forwarding: bool,
    /// Further sysctls, set at creation; only `net.*`, which belong to the container alone.
    pub sysctls: BTreeMap<String, String>,
    /// The networks that it is connected to; at least one.
    pub endpoints: Vec<Endpoint>,
    /// Files that are in place before it starts, and are repaired where their content differs.
    pub files: Vec<FileSpec>,
    /// Static routes.
    pub routes: Vec<Route>,
    /// The party that sets the routes when it starts.
    pub routes_by: RoutesBy,
    /// Containers listed before it in the lab that are started first, where both have to be started: a client after its
    /// server, so that it need not try again.
    pub start_after: BTreeSet<Name>,
}

/// The party that sets a container's static routes when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum RoutesBy {
    /// The lab, by a command after the start.
    #[default]
    Command,
    /// The container itself, such as a routing daemon in it; a command only repairs routes that are found to differ
    /// later.
    Itself,
}

/// Linux capabilities that a router may need. Nothing in a lab needs more, and nothing runs privileged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Capability {
    /// Interfaces, addresses and routes.
    NetAdmin,
    /// Raw sockets: ping, BFD.
    NetRaw,
    /// Needed by FRR's daemons.
    SysAdmin,
}

/// A connection to a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// The network's name.
    pub network: Name,
    /// The pinned IPv4 address; Docker chooses one where it is absent.
    pub ipv4: Option<Ipv4Addr>,
    /// The pinned IPv6 address; Docker chooses one where it is absent.
    pub ipv6: Option<Ipv6Addr>,
}

/// A file in a container.
#[derive(Clone, PartialEq, Eq)]
pub struct FileSpec {
    /// The absolute path.
    pub path: String,
    /// The content.
    pub contents: Vec<u8>,
    /// The permission bits.
    pub mode: u32,
    /// The owner, by number.
    pub uid: u32,
    /// The group, by number.
    pub gid: u32,
    /// The action that makes a running container load changed content.
    pub on_change: OnChange,
}

/// The action that makes a running container load a file's changed content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnChange {
    /// A command in the container; exit code 0 means that the content is loaded.
    Reload(Vec<String>),
    /// A restart of the container.
    Restart,
}

/// A container that others make (a cluster's node) on a network of the lab. The lab sets its routes, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestSpec {
    /// The name in Docker.
    pub name: Name,
    /// The lab's network that it has to be connected to; a container of that name elsewhere is somebody else's.
    pub network: Name,
    /// Static routes.
    pub routes: Vec<Route>,
}

impl Capability {
    /// Returns the capability's name, without `CAP_`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NetAdmin => "NET_ADMIN",
            Self::NetRaw => "NET_RAW",
            Self::SysAdmin => "SYS_ADMIN",
        }
    }
}

impl Endpoint {
    /// Returns a connection whose addresses Docker chooses.
    pub const fn dynamic(network: Name) -> Self {
        Self { network, ipv4: None, ipv6: None }
    }

    /// Returns the pinned addresses, IPv4 first.
    pub fn pinned(&self) -> impl Iterator<Item = IpAddr> + use<> {
        [self.ipv4.map(IpAddr::V4), self.ipv6.map(IpAddr::V6)].into_iter().flatten()
    }
}

impl ContainerSpec {
    /// Creates a container with the image's own command, and without capabilities, files or routes.
    pub fn new(name: Name, image: impl Into<String>, endpoints: Vec<Endpoint>) -> Self {
        Self {
            name,
            image: image.into(),
            hostname: None,
            role: "container".to_owned(),
            entrypoint: None,
            command: None,
            env: BTreeMap::new(),
            capabilities: BTreeSet::new(),
            forwarding: false,
            sysctls: BTreeMap::new(),
            endpoints,
            files: Vec::new(),
            routes: Vec::new(),
            routes_by: RoutesBy::default(),
            start_after: BTreeSet::new(),
        }
    }

    /// Returns the file at a path.
    pub fn file(&self, path: &str) -> Option<&FileSpec> {
        self.files.iter().find(|file| file.path == path)
    }
}

impl fmt::Debug for FileSpec {
    /// Omits the content, which may hold passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileSpec")
            .field("path", &self.path)
            .field("bytes", &self.contents.len())
            .field("mode", &format_args!("{:o}", self.mode))
            .field("uid", &self.uid)
            .field("gid", &self.gid)
            .field("on_change", &self.on_change)
            .finish()
    }
}
