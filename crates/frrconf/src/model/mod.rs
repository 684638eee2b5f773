//! An FRR instance, as its caller puts it together; [`Instance::validate`] checks the whole.
//!
//! If the order of a list means nothing to FRR (neighbors, networks, profiles, static routes, lists and maps among
//! themselves) it means nothing here: validation sorts. Where it does (the rules of a prefix list, the entries of a
//! route map) it is kept.

mod bfd;
mod bgp;
mod neighbor;
mod policy;
mod statics;

pub use bfd::{BfdPeer, BfdProfile, Echo};
pub use bgp::{BestPath, Bgp, GracefulRestart, Listen, RestartRole};
pub use neighbor::{Bfd, Exchange, Families, Neighbor, Peering, Reach};
pub use policy::{Action, Changes, Match, PrefixList, PrefixRule, PrefixRules, RouteMap, RouteMapEntry};
pub use statics::{Gateway, StaticRoute, Via};

use std::net::IpAddr;

use crate::values::{Hostname, LogFile};

/// One FRR instance: everything that its `frr.conf` and `daemons` say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// The name, in the prompt and in BGP's hostname capability.
    pub hostname: Hostname,
    /// The logging.
    pub log: Log,
    /// The address of the daemons' telnet shells. `vtysh` needs none of them.
    pub shells: Shells,
    /// BFD profiles, for BGP neighbors and for BFD peers.
    pub bfd_profiles: Vec<BfdProfile>,
    /// BFD sessions that no routing protocol asks for.
    pub bfd_peers: Vec<BfdPeer>,
    /// Prefix lists, for route maps.
    pub prefix_lists: Vec<PrefixList>,
    /// Route maps, for neighbors.
    pub route_maps: Vec<RouteMap>,
    /// Static routes.
    pub static_routes: Vec<StaticRoute>,
    /// The BGP router, if it speaks BGP.
    pub bgp: Option<Bgp>,
}

impl Instance {
    /// An instance that only forwards.
    pub fn new(hostname: Hostname) -> Self {
        Self {
            hostname,
            log: Log::default(),
            shells: Shells::default(),
            bfd_profiles: Vec::new(),
            bfd_peers: Vec::new(),
            prefix_lists: Vec::new(),
            route_maps: Vec::new(),
            static_routes: Vec::new(),
            bgp: None,
        }
    }

    /// Returns `true` if it needs the BFD daemon.
    pub(crate) fn uses_bfd(&self) -> bool {
        let neighbors = self.bgp.iter().flat_map(|bgp| &bgp.neighbors);
        !self.bfd_profiles.is_empty() || !self.bfd_peers.is_empty() || neighbors.into_iter().any(|n| n.bfd.is_some())
    }
}

/// The logging of an instance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// The destination of messages.
    pub to: LogTarget,
    /// The least severe message that is kept.
    pub level: LogLevel,
}

/// The destination of log messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogTarget {
    /// The daemons' standard output, which a daemon in the background does not have. MetalLB's choice.
    #[default]
    Stdout,
    /// The system's logger.
    Syslog,
    /// A file that user `frr` may write.
    File(LogFile),
}

/// The severity of a message (RFC 5424, section 6.2.1), by FRR's names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names say it")]
pub enum LogLevel {
    Emergencies,
    Alerts,
    Critical,
    Errors,
    Warnings,
    Notifications,
    #[default]
    Informational,
    /// Also turns on the daemons' debug messages about sessions and next hops.
    Debugging,
}

impl LogLevel {
    /// FRR's keyword.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Emergencies => "emergencies",
            Self::Alerts => "alerts",
            Self::Critical => "critical",
            Self::Errors => "errors",
            Self::Warnings => "warnings",
            Self::Notifications => "notifications",
            Self::Informational => "informational",
            Self::Debugging => "debugging",
        }
    }
}

/// The address that the daemons' telnet shells listen on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shells {
    /// On 127.0.0.1, as FRR ships.
    #[default]
    Loopback,
    /// On one address.
    On(IpAddr),
    /// Nowhere: only `vtysh` gets in. Several instances on one host network need this.
    Closed,
}
