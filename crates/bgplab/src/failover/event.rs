//! What daemons and the kernel said, each with its moment.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use super::stamp::Stamp;

/// Something that happened somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// When.
    pub at: Stamp,
    /// In which router's or node's container.
    pub place: String,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// A BFD session came up, or went down.
    Bfd {
        /// The far end.
        peer: IpAddr,
        /// Up, or no longer.
        up: bool,
        /// Why, in the daemon's words.
        why: String,
    },
    /// A BGP session was established, or is no longer.
    Bgp {
        /// The far end.
        peer: IpAddr,
        /// Established, or no longer.
        up: bool,
        /// What ended it, in the daemon's words.
        why: String,
    },
    /// BGP's table changed: the best path's next hops, as bgpd tells them to zebra; none where the prefix is gone.
    Table {
        /// The prefix.
        prefix: IpNet,
        /// Its next hops.
        hops: BTreeSet<IpAddr>,
    },
    /// The kernel's route changed; no next hops where it is gone.
    Kernel {
        /// The prefix.
        prefix: IpNet,
        /// Its next hops.
        hops: BTreeSet<IpAddr>,
    },
    /// A link came up, or went away.
    Link {
        /// Its name.
        name: String,
        /// Up, or no longer.
        up: bool,
    },
}
