//! The state of a lab that works.

mod explain;
mod fabric;
mod forwarding;
mod own;
mod reach;
mod sessions;
mod tables;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use ipnet::IpNet;
use serde::Serialize;

pub use explain::{Choice, Path, announced_by, choices};
pub use own::Own;

use super::service::{self, Advertised, Observed};
use crate::{Family, Lab, Name, Node, Peer};

/// The prefixes that a node sends on the session of a peer.
type Sends<'a> = dyn Fn(&Node, &Peer) -> Vec<Advertised> + 'a;

/// The state of a lab that works: everything that a check looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Expected {
    /// Every BGP session, established.
    pub sessions: Vec<SessionState>,
    /// Every BFD session without BGP.
    pub bare_bfd: Vec<BareBfd>,
    /// Every prefix in every router's table.
    pub tables: Vec<TableEntry>,
    /// Every prefix that a node announces, or must not announce.
    pub announced: Vec<Announced>,
    /// Every prefix of a service that MetalLB announces to nobody: a lab that works has none.
    pub unannounced: Vec<IpNet>,
    /// Every ping between a node and a router, both ways, both families.
    pub forwarding: Vec<Ping>,
    /// Every ping (or request) from a router to an address of a service.
    pub reach: Vec<Ping>,
    /// Every check of the lab file's own.
    pub own: Vec<Own>,
}

/// An established session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionState {
    /// The `BGPPeer`, or nothing between two routers.
    pub peer: Option<Name>,
    /// The end that opens the session: a node, or the router that names the other.
    pub opener: Side,
    /// The end that answers: always a router.
    pub answerer: Side,
    /// The address families exchanged.
    pub families: Vec<Family>,
    /// The number of prefixes of each family that a node sends; nothing between two routers.
    pub advertised: Option<BTreeMap<Family, u64>>,
    /// BFD, up at both ends.
    pub bfd: Option<BfdHops>,
}

/// One end of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The node or router.
    pub name: String,
    /// The address.
    pub address: IpAddr,
    /// The AS number.
    pub asn: u32,
    /// `true` if it is a node.
    pub is_node: bool,
}

/// A BFD session between a router and a node, without BGP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BareBfd {
    /// The router.
    pub router: Side,
    /// The node.
    pub node: Side,
    /// The kind.
    pub hops: BfdHops,
}

/// The kind of a BFD session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BfdHops {
    /// On one network.
    Single,
    /// Across a router.
    Multi,
}

/// A prefix that has to be in a router's BGP table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableEntry {
    /// The router.
    pub router: Name,
    /// The prefix.
    pub prefix: IpNet,
    /// The next hops.
    pub next_hops: NextHops,
    /// The neighbors that the router learns it from: nodes and routers.
    pub learned_from: BTreeSet<String>,
}

/// Next hops of a prefix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NextHops {
    /// All of these and no others.
    All(BTreeSet<IpAddr>),
    /// At least one of these and no others: a neighbor passes on one of several that no configuration prefers, or zebra
    /// uses those alone that are on a connected network, if the best path is one of these.
    AnyOf(BTreeSet<IpAddr>),
}

/// A prefix in a node's own BGP table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Announced {
    /// The node.
    pub node: String,
    /// The prefix.
    pub prefix: IpNet,
    /// `true` if it has to be there; else it must not.
    pub by: bool,
    /// The cause for which it must not be there.
    pub left_out_by: LeftOutBy,
}

/// The cause for which a node does not announce a prefix, where it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOutBy {
    /// Load balancing excludes the node.
    LoadBalancing,
    /// The node has no pod of a service whose traffic policy is Local.
    Pods,
    /// Advertisements, or peers, select others.
    Advertisements,
}

impl Announced {
    /// Names the cause for which its node must not announce it: `load balancing leaves`, before `this node out`.
    pub const fn leaves_out(&self) -> &'static str {
        match self.left_out_by {
            LeftOutBy::LoadBalancing => "load balancing leaves",
            LeftOutBy::Pods => "the policy Local, without a pod here, leaves",
            LeftOutBy::Advertisements => "the lab's advertisements leave",
        }
    }
}

/// A request that has to be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ping {
    /// The sender.
    pub from: String,
    /// The name of what answers.
    pub to: String,
    /// The address.
    pub address: IpAddr,
}

impl Expected {
    /// Returns both ends of every session.
    pub fn ends(&self) -> impl Iterator<Item = &Side> {
        let sessions = self.sessions.iter().flat_map(|session| [&session.opener, &session.answerer]);
        sessions.chain(self.bare_bfd.iter().flat_map(|pair| [&pair.router, &pair.node]))
    }

    /// Converts it for FRR on the nodes instead of MetalLB: a BFD session in place of each BGP session with a node.
    #[must_use]
    pub fn bfd_only(self) -> Self {
        let bare = self.sessions.iter().filter(|session| session.peer.is_some()).filter_map(|session| {
            Some(BareBfd { router: session.answerer.clone(), node: session.opener.clone(), hops: session.bfd? })
        });
        let bare_bfd = bare.collect();
        Self { bare_bfd, ..self.without_metallb() }
    }

    /// Removes everything that only MetalLB brings: sessions with nodes, and the nodes' advertisements.
    #[must_use]
    pub fn without_metallb(mut self) -> Self {
        self.sessions.retain(|session| session.peer.is_none());
        self.tables.clear();
        self.announced.clear();
        self.unannounced.clear();
        self.reach.clear();
        self.own.retain(|own| !own.by_metallb);
        self
    }
}

/// Returns the state of the lab with these nodes, whose workers announce.
///
/// ```
/// use labfile::{Lab, Overrides, compose};
///
/// let lab = Lab::documented(&Overrides::default())?;
/// let expected = compose::expected(&lab, &lab.cluster.placement);
/// // Two peers of three nodes, and the router between with both routers.
/// assert_eq!(expected.sessions.len(), 2 * 3 + 2);
/// assert!(expected.tables.iter().any(|entry| entry.prefix.to_string() == "203.0.113.200/32"));
/// assert!(expected.unannounced.is_empty());
/// # Ok::<(), labfile::LabError>(())
/// ```
pub fn expected(lab: &Lab, nodes: &[Node]) -> Expected {
    unobserved(lab, |observed| expected_of(lab, nodes, observed))
}

/// Calls with what is known where nothing has been observed: nodes announce as the lab file says.
pub fn unobserved<T>(lab: &Lab, act: impl FnOnce(Observed<'_>) -> T) -> T {
    let announces = |node: &Node, service: &crate::Service| lab.announces(node, service);
    act(Observed { announces: &announces, addresses: &|_| Vec::new() })
}

/// Returns the state of the lab with these nodes, and services that have been observed.
pub fn expected_of(lab: &Lab, nodes: &[Node], observed: Observed<'_>) -> Expected {
    let placed = service::placed(lab, observed.addresses);
    let here = service::here(&placed, nodes, observed);
    let sends = |node: &Node, peer: &Peer| service::sends(&here, node, peer);
    let tables = tables::tables(lab, nodes, (&placed, &sends));
    Expected {
        sessions: sessions::sessions(lab, nodes, &sends),
        bare_bfd: Vec::new(),
        reach: reach::reach(lab, (&here, &placed), &tables),
        tables,
        announced: tables::announced(lab, &here, (&placed, &sends)),
        unannounced: tables::unannounced(lab, nodes, &placed),
        forwarding: forwarding::forwarding(lab, nodes),
        own: own::own(lab, nodes),
    }
}
