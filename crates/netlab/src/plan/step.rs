//! The steps of a plan.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Serialize, Serializer};

use crate::engine::Labels;
use crate::model::{ContainerSpec, Endpoint, FileSpec, Name, NetworkSpec, OnChange, Route};

/// One effect on one object. The next plan completes a step that was interrupted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Removes a container of the lab.
    RemoveContainer {
        /// The name.
        name: Name,
        /// The id, so that no other container of that name is removed.
        id: String,
        /// The reason.
        reason: Reason,
    },
    /// Removes a network of the lab.
    RemoveNetwork {
        /// The name.
        name: Name,
        /// The id, so that no other network of that name is removed.
        id: String,
        /// The reason.
        reason: Reason,
    },
    /// Creates a network.
    CreateNetwork {
        /// The specification.
        network: NetworkSpec,
        /// The MTU in bytes.
        mtu: u16,
        /// The labels.
        labels: Labels,
    },
    /// Creates a container on its first network, without starting it.
    CreateContainer {
        /// The specification.
        container: Box<ContainerSpec>,
        /// All its sysctls, including those that follow from its networks.
        sysctls: BTreeMap<String, String>,
        /// The labels.
        labels: Labels,
        /// The reason why it is created anew, where it existed before.
        again: Option<Reason>,
    },
    /// Connects a container to a further network.
    Connect {
        /// The container.
        container: Name,
        /// The connection.
        endpoint: Endpoint,
    },
    /// Puts files into a container, with a note of those that are not yet loaded.
    UploadFiles {
        /// The container.
        container: Name,
        /// The files.
        files: Vec<FileSpec>,
        /// The paths that the container has still to load; none where it is about to start.
        pending: BTreeSet<String>,
    },
    /// Starts a container, and reads its addresses back.
    Start {
        /// The container.
        container: Name,
        /// The connections whose pinned addresses it has to have then.
        endpoints: Vec<Endpoint>,
    },
    /// Resumes a paused container.
    Unpause {
        /// The container.
        container: Name,
    },
    /// Makes a running container load changed files.
    Reload {
        /// The container.
        container: Name,
        /// The actions, each once.
        actions: Vec<OnChange>,
        /// The files that they load.
        files: BTreeSet<String>,
        /// The connections whose pinned addresses it has to have after a restart.
        endpoints: Vec<Endpoint>,
    },
    /// Sets static routes in a container or guest, and reads them back.
    SetRoutes {
        /// The container.
        container: Name,
        /// `true` if it is a guest.
        guest: bool,
        /// The routes.
        routes: Vec<Route>,
    },
}

/// The object of a step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Object {
    /// A network.
    Network(Name),
    /// A container of the lab.
    Container(Name),
    /// A guest.
    Guest(Name),
}

/// The reason why an existing object has to be removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// It was made from another specification.
    Changed,
    /// The lab no longer has it.
    NotInLab,
    /// Another network has its name.
    Duplicate,
    /// The label says that it was made from the specification, but it lacks the ranges.
    OtherRanges,
    /// This network of it is created anew.
    NetworkRecreated(Name),
    /// Somebody connected it to this network with other addresses than the pinned ones.
    OtherAddress(Name),
    /// It is neither running nor stopped.
    Broken,
}

impl Step {
    /// Returns the step's stable name, such as `create-container:frr1`.
    pub fn name(&self) -> String {
        match self.object() {
            Object::Network(name) | Object::Container(name) | Object::Guest(name) => match self {
                Self::Connect { endpoint, .. } => format!("{}:{name}:{}", self.verb(), endpoint.network),
                _ => format!("{}:{name}", self.verb()),
            },
        }
    }

    /// Returns the kind of step, without the object: `create-network`, `remove-network`, `create-container`,
    /// `remove-container`, `connect`, `upload`, `start`, `unpause`, `reload`, `routes`.
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

    /// Returns its object.
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
            Self::NetworkRecreated(network) => write!(f, "its network {network} is made anew"),
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
