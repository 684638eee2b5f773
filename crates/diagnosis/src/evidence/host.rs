//! The engine's machine, as far as it has a say in the lab.

use std::collections::BTreeSet;

use netlab::preflight::{BridgeNf, Conflict};

use super::procfs::Filter;

/// The machine that the engine runs on; empty where it is another one.
#[derive(Debug, Clone, Default)]
pub struct Host {
    /// The families whose bridged packets the kernel shows to packet filters.
    pub bridge_nf: BridgeNf,
    /// The obstacles in the lab's ranges: bridges and rules that an engine left behind.
    pub conflicts: Vec<Conflict>,
    /// Bridges of the lab's networks that are turned off.
    pub bridges_down: BTreeSet<String>,
    /// Packet filter rules.
    pub filters: Vec<Filter>,
    /// Kernel limits that several kind nodes need, where they are lower: the name, what is, what should be.
    pub low_limits: Vec<(&'static str, u64, u64)>,
}
