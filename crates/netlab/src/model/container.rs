//! Containers of ours, and guests that others made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Serialize;

use super::{Name, Route};

/// A container that the lab makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerSpec {
    /// Its name in Docker.
    pub name: Name,
    /// The image's reference. What the reference resolves to may change without the container being made anew.
    pub image: String,
    /// Its hostname; its name where absent.
    pub hostname: Option<String>,
    /// What it is in the lab (`router`, `node`); a label, and a word in the plan.
    pub role: String,
    /// Replaces the image's entrypoint.
    pub entrypoint: Option<Vec<String>>,
    /// Replaces the image's command.
    pub command: Option<Vec<String>>,
    /// Environment variables.
    pub env: BTreeMap<String, String>,
    /// Capabilities beyond Docker's default set.
    pub capabilities: BTreeSet<Capability>,
    /// Whether it forwards packets of every family that it has an address of.
    pub forwarding: bool,
    /// Further sysctls, set at creation; only `net.*`, which is the container's own.
    pub sysctls: BTreeMap<String, String>,
    /// The networks that it is connected to; at least one.
    pub endpoints: Vec<Endpoint>,
    /// Files that are in place before it starts, and repaired where their content differs.
    pub files: Vec<FileSpec>,
    /// Static routes.
    pub routes: Vec<Route>,
    /// Who sets the routes when it starts.
    pub routes_by: RoutesBy,
    /// Containers before it in the lab that are started before it is, where both have to be: what calls starts after
    /// what answers, instead of calling in vain and trying again.
    pub start_after: BTreeSet<Name>,
}

/// Who sets a container's static routes when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RoutesBy {
    /// We do, by a command after the start.
    #[default]
    Command,
    /// Its own start does, as a routing daemon's; a command only puts right what is found to differ later.
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
    /// FRR's daemons ask for it.
    SysAdmin,
}

/// A connection to a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// The network's name.
    pub network: Name,
    /// The IPv4 address, where it is pinned; Docker chooses otherwise.
    pub ipv4: Option<Ipv4Addr>,
    /// The IPv6 address, where it is pinned.
    pub ipv6: Option<Ipv6Addr>,
}

/// A file in a container.
#[derive(Clone, PartialEq, Eq)]
pub struct FileSpec {
    /// Its absolute path.
    pub path: String,
    /// Its content.
    pub contents: Vec<u8>,
    /// Its permission bits.
    pub mode: u32,
    /// Its owner, by number.
    pub uid: u32,
    /// Its group, by number.
    pub gid: u32,
    /// What makes a running container take a changed content.
    pub on_change: OnChange,
}

/// What makes a running container take a file's changed content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnChange {
    /// This command, run in the container; exit code 0 means taken.
    Reload(Vec<String>),
    /// A restart of the container.
    Restart,
}

/// A container that others make (a cluster's node) and that lives on a network of the lab. It only gets routes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestSpec {
    /// Its name in Docker.
    pub name: Name,
    /// The lab's network that it has to be connected to, or else it is someone else's container of that name.
    pub network: Name,
    /// Static routes.
    pub routes: Vec<Route>,
}

impl Capability {
    /// The capability's name, without `CAP_`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NetAdmin => "NET_ADMIN",
            Self::NetRaw => "NET_RAW",
            Self::SysAdmin => "SYS_ADMIN",
        }
    }
}

impl Endpoint {
    /// A connection whose addresses Docker chooses.
    pub const fn dynamic(network: Name) -> Self {
        Self { network, ipv4: None, ipv6: None }
    }

    /// The pinned addresses, IPv4 first.
    pub fn pinned(&self) -> impl Iterator<Item = IpAddr> + use<> {
        [self.ipv4.map(IpAddr::V4), self.ipv6.map(IpAddr::V6)].into_iter().flatten()
    }
}

impl ContainerSpec {
    /// A container of an image on some networks, with the image's own command and no capabilities, files or routes.
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

    /// The file at a path.
    pub fn file(&self, path: &str) -> Option<&FileSpec> {
        self.files.iter().find(|file| file.path == path)
    }
}

impl fmt::Debug for FileSpec {
    /// Without the content, which may hold passwords.
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
