//! Running configurations: `show running-config`, read into the settings that a session depends on.
//!
//! A view, not a model: settings are those that it knows, so that any release, and a configuration of any origin
//! (MetalLB's speakers, a person at vtysh), can be read and compared with the intended one. All lines together, known or
//! not, are in [`Lines`].
//!
//! ```
//! use frrconf::running::Running;
//!
//! let running = Running::parse(
//!     "frr version 10.3\nrouter bgp 64500\n neighbor 10.0.1.3 remote-as 64500\n neighbor 10.0.1.3 shutdown\nexit\n",
//! );
//! assert_eq!(running.version, Some((10, 3)));
//! assert!(running.bgp.unwrap().neighbors[&"10.0.1.3".parse().unwrap()].shutdown);
//! ```

mod bfd;
mod bgp;
mod lines;
mod policy;
mod read;

use std::collections::BTreeMap;

pub use bfd::{RunningBfd, RunningBfdPeer, RunningProfile};
pub use bgp::{RunningBgp, RunningExchange, RunningNeighbor};
pub use lines::{Line, Lines};
pub use policy::{RunningList, RunningMap, RunningMapEntry};

/// The running configuration of FRR.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Running {
    /// FRR's release, major and minor.
    pub version: Option<(u16, u16)>,
    /// The BGP instance of the default VRF.
    pub bgp: Option<RunningBgp>,
    /// BFD profiles, and sessions that no routing protocol asks for.
    pub bfd: RunningBfd,
    /// Route maps by name.
    pub route_maps: BTreeMap<String, RunningMap>,
    /// Prefix lists of both families, by name.
    pub prefix_lists: BTreeMap<String, RunningList>,
    /// Every line of BGP, BFD and their policies.
    pub lines: Lines,
}

impl Running {
    /// The command that prints it. A daemon asked over its socket prints its own part; parts read one after the other
    /// ([`Running::read`]) add up.
    pub const COMMAND: &str = "show running-config";

    /// Reads a whole configuration, or a file of it.
    pub fn parse(text: &str) -> Self {
        let mut running = Self::default();
        running.read(text);
        running
    }

    /// Reads another daemon's part into this one.
    pub fn read(&mut self, text: &str) {
        read::read(self, text);
        self.lines.read(text);
    }

    /// Adds another daemon's part, where both were read. What both parts have counts once.
    pub fn merge(&mut self, other: Self) {
        self.version = self.version.or(other.version);
        self.bgp = self.bgp.take().or(other.bgp);
        self.bfd.profiles.extend(other.bfd.profiles);
        self.bfd.peers.extend(other.bfd.peers);
        self.lines.merge(other.lines);
        for (name, map) in other.route_maps {
            self.route_maps.entry(name).or_default().merge(map);
        }
        for (name, list) in other.prefix_lists {
            self.prefix_lists.entry(name).or_default().merge(list);
        }
    }
}
