//! The steps of a plan.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Serialize, Serializer};

use crate::engine::Labels;
use crate::model::{ContainerSpec, Endpoint, FileSpec, Name, NetworkSpec, OnChange, Route};

/// One effect on one object. What an interrupted one left is in the next plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Removes a container of ours.
    RemoveContainer {
        /// Its name.
        name: Name,
        /// Its id, so that no other is hit.
        id: String,
        /// Why.
        reason: Reason,
    },
    /// Removes a network of ours.
    RemoveNetwork {
        /// Its name.
        name: Name,
        /// Its id, so that no other of that name is hit.
        id: String,
        /// Why.
        reason: Reason,
    },
    /// Makes a network.
    CreateNetwork {
        /// What it should be.
        network: NetworkSpec,
        /// The MTU in bytes.
        mtu: u16,
        /// Its labels.
        labels: Labels,
    },
    /// Makes a container on its first network, without starting it.
    CreateContainer {
        /// What it should be.
        container: Box<ContainerSpec>,
        /// All its sysctls, with those that follow from its networks.
        sysctls: BTreeMap<String, String>,
        /// Its labels.
        labels: Labels,
        /// Why it is made anew, where it was there before.
        again: Option<Reason>,
    },
    /// Connects a container to a further network.
    Connect {
        /// The container.
        container: Name,
        /// The connection.
        endpoint: Endpoint,
    },
    /// Puts files into a container, with a note of what is not yet taken.
    UploadFiles {
        /// The container.
        container: Name,
        /// The files.
        files: Vec<FileSpec>,
        /// The paths that the container does not run by until they are taken; none where it is about to start.
        pending: BTreeSet<String>,
    },
    /// Starts a container, and reads its addresses back.
    Start {
        /// The container.
        container: Name,
        /// The pinned addresses that it has to have then.
        endpoints: Vec<Endpoint>,
    },
    /// Lets a paused container go on.
    Unpause {
        /// The container.
        container: Name,
    },
    /// Makes a running container take changed files.
    Reload {
        /// The container.
        container: Name,
        /// What to do, each once.
        actions: Vec<OnChange>,
        /// The files that are taken thereby.
        files: BTreeSet<String>,
        /// The pinned addresses that it has to have after a restart.
        endpoints: Vec<Endpoint>,
    },
    /// Sets static routes in a container or guest, and reads them back.
    SetRoutes {
        /// The container.
        container: Name,
        /// Whether it is a guest.
        guest: bool,
        /// The routes.
        routes: Vec<Route>,
    },
}

/// What a step is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Object {
    /// A network.
    Network(Name),
    /// A container of ours.
    Container(Name),
    /// A guest.
    Guest(Name),
}

/// Why something that is there has to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// It was made from another specification.
    Changed,
    /// The lab does not have it any more.
    NotInLab,
    /// It is there twice.
    Duplicate,
    /// It says that it was made from the specification, and has not its ranges.
    OtherRanges,
    /// Its network is made anew.
    NetworkRemade(Name),
    /// Somebody connected it to this network without the addresses that it was made with.
    OtherAddress(Name),
    /// It is neither running nor stopped.
    Broken,
}

impl Step {
    /// The step's stable name, such as `create-container:frr1`.
    pub fn name(&self) -> String {
        match self.object() {
            Object::Network(name) | Object::Container(name) | Object::Guest(name) => match self {
                Self::Connect { endpoint, .. } => format!("{}:{name}:{}", self.verb(), endpoint.network),
                _ => format!("{}:{name}", self.verb()),
            },
        }
    }

    /// What is done, without the object: `create-network`, `remove-network`, `create-container`, `remove-container`,
    /// `connect`, `upload`, `start`, `unpause`, `reload`, `routes`.
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::RemoveContainer { .. } => "remove-container",
            Self::RemoveNetwork { .. } => "remove-network",
            Self::CreateNetwork { .. } => "create-network",
            Self::CreateContainer { .. } => "create-container",
            Self::Connect { .. } => "connect",
            Self::UploadFiles { .. } => "upload",
            Self::Start { .. } => "start",
            Self::Unpause { .. } => "unpause",
            Self::Reload { .. } => "reload",
            Self::SetRoutes { .. } => "routes",
        }
    }

    /// What it is about.
    pub fn object(&self) -> Object {
        match self {
            Self::RemoveNetwork { name, .. } => Object::Network(name.clone()),
            Self::CreateNetwork { network, .. } => Object::Network(network.name.clone()),
            Self::RemoveContainer { name, .. } => Object::Container(name.clone()),
            Self::CreateContainer { container, .. } => Object::Container(container.name.clone()),
            Self::SetRoutes { container, guest: true, .. } => Object::Guest(container.clone()),
            Self::Connect { container, .. }
            | Self::UploadFiles { container, .. }
            | Self::Start { container, .. }
            | Self::Unpause { container }
            | Self::Reload { container, .. }
            | Self::SetRoutes { container, .. } => Object::Container(container.clone()),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed => f.write_str("its specification changed"),
            Self::NotInLab => f.write_str("not in the lab"),
            Self::Duplicate => f.write_str("there twice"),
            Self::OtherRanges => f.write_str("without the ranges that it was made with"),
            Self::NetworkRemade(network) => write!(f, "its network {network} is made anew"),
            Self::OtherAddress(network) => write!(f, "somebody connected it to {network} at another address"),
            Self::Broken => f.write_str("neither running nor stopped"),
        }
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.name())?;
        map.serialize_entry("step", self.verb())?;
        map.serialize_entry("object", &self.object())?;
        map.serialize_entry("diff", &self.to_string())?;
        map.end()
    }
}
