//! MetalLB's configuration as a cluster has it, whoever made it.

#[cfg(feature = "client")]
mod look;
#[cfg(feature = "client")]
mod read;

use std::collections::BTreeSet;

use crate::spec::Configuration;

/// MetalLB's configuration as a cluster has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Configured {
    /// Peers, pools, advertisements and BFD profiles; no passwords. What sessions and prefixes do not depend on is left
    /// out: timers, communities, preferences.
    pub configuration: Configuration,
    /// The Secrets that peers name and that hold no password: peer, Secret, and what is wrong with it.
    pub secrets: Vec<(String, String, String)>,
    /// The pools that an L2Advertisement takes.
    pub layer2: BTreeSet<String>,
    /// The objects that are not understood, and why.
    pub beside: Vec<String>,
}
