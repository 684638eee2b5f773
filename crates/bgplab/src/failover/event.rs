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
    /// A BFD session came up, or went down.
    Bfd {
        /// The far end.
        peer: IpAddr,
        /// `true` if it came up, `false` if it went down.
        up: bool,
        /// The reason, in the daemon's words.
        why: String,
    },
    /// A BGP session was established, or is no longer.
    Bgp {
        /// The far end.
        peer: IpAddr,
        /// `true` if it was established, `false` if it ended.
        up: bool,
        /// The cause of the change, in the daemon's words.
        why: String,
    },
    /// BGP's table changed: bgpd sent zebra the best path's next hops, none if it withdrew the prefix.
    Table {
        /// The prefix.
        prefix: IpNet,
        /// The next hops.
        hops: BTreeSet<IpAddr>,
    },
    /// The kernel's route changed; no next hops if it was deleted or is no unicast route.
    Kernel {
        /// The prefix.
        prefix: IpNet,
        /// The next hops.
        hops: BTreeSet<IpAddr>,
    },
    /// A link came up, or went away.
    Link {
        /// The link's name.
        name: String,
        /// `true` if it came up, `false` if it went down.
        up: bool,
    },
}

impl What {
    /// Takes an event from a daemon's log; `None` for a kind that is not recorded.
    pub(crate) fn logged(event: LogEvent) -> Option<Self> {
        match event {
            LogEvent::Bfd { peer, up, why } => Some(Self::Bfd { peer, up, why }),
            LogEvent::Bgp { peer, up, why } => Some(Self::Bgp { peer, up, why }),
            LogEvent::Route { prefix, next_hops } => Some(Self::Table { prefix, hops: next_hops }),
            _ => None,
        }
    }
}
