//! Log lines of bgpd and bfdd, read into the events of sessions and routes.
//!
//! FRR 8.4 to 10.x write them with `debug bgp neighbor-events`, `debug bgp zebra` and `debug bfd peer`, which
//! [`DebugLog`](crate::change::DebugLog) turns on. A daemon stamps a line when it writes it.
//!
//! ```
//! use frrconf::log::{LogEvent, LogReader};
//!
//! let line = "2026/11/25 08:09:35.723395 BFD: [SEY1D-NT8EQ] state-change: \
//!             [mhop:yes peer:10.0.1.3 local:10.0.2.3 vrf:default] up -> down reason:control-expired";
//! let (time, event) = LogReader::default().take(line).unwrap();
//! assert_eq!(time.micros() % 1_000_000, 723_395);
//! assert!(matches!(event, LogEvent::Bfd { up: false, .. }));
//! ```

mod reader;
mod time;

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

pub use reader::LogReader;
pub use time::LogTime;

/// An event that a daemon logged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogEvent {
    /// A BFD session came up or went down.
    Bfd {
        /// The far end.
        peer: IpAddr,
        /// `true` if it came up.
        up: bool,
        /// The reason, in the daemon's words; empty where it names none.
        why: String,
    },
    /// A BGP session was established or ended.
    Bgp {
        /// The far end.
        peer: IpAddr,
        /// `true` if it was established.
        up: bool,
        /// The event of the state machine that caused it (RFC 4271, section 8.1), in the daemon's words.
        why: String,
    },
    /// The BGP table changed: bgpd sent a route to zebra, or withdrew it.
    Route {
        /// The prefix.
        prefix: IpNet,
        /// The next hops; none if the route was withdrawn.
        next_hops: BTreeSet<IpAddr>,
    },
}
