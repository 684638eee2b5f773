//! Events that daemons and the kernel reported, each with its time stamp.

use std::collections::BTreeSet;
use std::net::IpAddr;

use frrconf::log::LogEvent;
use ipnet::IpNet;

use super::stamp::Stamp;

/// One event at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// The time.
    pub at: Stamp,
    /// The name of the router's or node's container.
    pub place: String,
    /// The event itself.
    pub what: What,
}

/// A kind of event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// A daemon logged it.
    Logged(LogEvent),
    /// The kernel's route changed; no next hops if it was deleted or is no unicast route.
    Kernel {
        /// The prefix.
        prefix: IpNet,
        /// The next hops.
        hops: BTreeSet<IpAddr>,
    },
}
