//! What of the engine's machine has a say in the lab.

use netlab::preflight::{BridgeNf, Conflict};

use super::procfs::Filter;

/// The machine that the engine runs on; empty where it is another one.
#[derive(Debug, Clone, Default)]
pub struct Host {
    /// Whether the kernel shows bridged packets to packet filters.
    pub bridge_nf: BridgeNf,
    /// What stands in the way of the lab's ranges: bridges and rules that an engine left behind.
    pub conflicts: Vec<Conflict>,
    /// Packet filter rules.
    pub filters: Vec<Filter>,
    /// Kernel limits that several kind nodes need, where they are lower: the name, what is, what should be.
    pub low_limits: Vec<(&'static str, u64, u64)>,
}
