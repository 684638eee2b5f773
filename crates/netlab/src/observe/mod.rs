//! The observed state.

mod facts;
#[cfg(feature = "engine")]
mod look;
mod procfs;
#[cfg(feature = "engine")]
pub(crate) mod script;

use std::collections::BTreeMap;

pub(crate) use facts::missing_routes;
pub use facts::{Facts, Source};
#[cfg(feature = "engine")]
pub use look::observe;
pub(crate) use procfs::{parse_proc_ipv4, parse_proc_ipv6};

use crate::engine::{ContainerState, EngineError, EngineVersion, NetworkState};
use crate::model::Name;

/// The state of an engine: all its networks and containers, ours or not, and facts from inside the lab's running
/// containers. The default is an engine that holds nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    /// The engine.
    pub engine: EngineVersion,
    /// All networks, foreign ones too.
    pub networks: Vec<NetworkState>,
    /// All containers, foreign ones too.
    pub containers: Vec<ContainerState>,
    /// Facts from inside the lab's running containers and guests, by name.
    pub facts: BTreeMap<String, Facts>,
    /// The other running ones, and the reason why they could not be looked into: a plan does not guess what they need.
    pub unseen: BTreeMap<String, EngineError>,
}

impl Observed {
    /// Returns the container of a name, the lab's or not.
    pub fn container(&self, name: &str) -> Option<&ContainerState> {
        self.containers.iter().find(|c| c.name == name)
    }

    /// Returns the network of a name that carries the lab's label.
    pub fn network_of(&self, lab: &Name, name: &str) -> Option<&NetworkState> {
        self.networks.iter().find(|n| n.name == name && n.lab.as_deref() == Some(lab.as_str()))
    }

    /// Returns the MTU of Docker's default bridge in bytes; 1500 where it has none set.
    pub(crate) fn default_mtu(&self) -> u16 {
        let default =
            |n: &&NetworkState| n.options.get("com.docker.network.bridge.default_bridge").is_some_and(|v| v == "true");
        let bridge = self.networks.iter().find(default);
        bridge.and_then(|n| n.options.get("com.docker.network.driver.mtu")?.parse().ok()).unwrap_or(1500)
    }
}
