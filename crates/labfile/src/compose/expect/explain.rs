//! The choice of each router between the routes to a prefix, with its reasons.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use ipnet::IpNet;
use serde::Serialize;

use super::{NextHops, fabric, tables};
use crate::{
    Lab, Name, Node, Peer,
    compose::service::{self, Observed},
    simulate::{self, Considered, Decision, Fabric, Fate},
};

/// A router's choice between the routes to a prefix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Choice {
    /// The router.
    pub router: Name,
    /// The next hops that it uses; none without a route, and where it has one only by chance.
    pub next_hops: Option<NextHops>,
    /// The routes that it chooses from.
    pub paths: Vec<Path>,
}

/// A route that a router chooses from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Path {
    /// The router or node that it comes from.
    pub from: String,
    /// The neighbor's address.
    pub neighbor: IpAddr,
    /// The next hop.
    pub next_hop: IpAddr,
    /// The local preference.
    pub local_preference: u32,
    /// The AS path, nearest first.
    pub as_path: Vec<u32>,
    /// Communities.
    pub communities: Vec<String>,
    /// The router or node at which it entered this AS, where it was reflected.
    pub originator: Option<String>,
    /// The route reflectors that it passed, nearest first.
    pub clusters: Vec<String>,
    /// `true` if the neighbor sends this route in any case, and no other.
    pub certain: bool,
    /// The end that it comes to.
    pub fate: Fate,
}

/// Returns the prefixes that nodes announce to any router, with the nodes that do.
pub fn announced_by(lab: &Lab, nodes: &[Node], observed: Observed<'_>) -> BTreeMap<IpNet, BTreeSet<String>> {
    let placed = service::placed(lab, observed.addresses);
    let mut all: BTreeMap<IpNet, BTreeSet<String>> = BTreeMap::new();
    for (node, own) in service::here(&placed, nodes, observed) {
        for one in lab.peers.iter().flat_map(|peer| service::sent(&own, node, peer)) {
            all.entry(one.prefix).or_default().insert(node.name.clone());
        }
    }
    all
}

/// Returns the choice of each router that speaks BGP, in the lab's order, or nothing if they never come to rest.
pub fn choices(lab: &Lab, nodes: &[Node], observed: Observed<'_>, prefix: IpNet) -> Option<Vec<Choice>> {
    let placed = service::placed(lab, observed.addresses);
    let here = service::here(&placed, nodes, observed);
    let sends = |node: &Node, peer: &Peer| service::sends(&here, node, peer);
    let fabric = fabric::fabric(lab, nodes, &sends);
    let explained = simulate::explain(&fabric, prefix)?;
    let of = |(router, (decision, considered)): (&crate::Router, (Option<Decision>, Vec<Considered>))| Choice {
        router: router.name.clone(),
        next_hops: decision.as_ref().filter(|decision| decision.certain).map(tables::next_hops),
        paths: considered.into_iter().map(|one| path(&fabric, one)).collect(),
    };
    Some(fabric::speakers(lab).zip(explained).map(of).collect())
}

fn path(fabric: &Fabric, one: Considered) -> Path {
    let name = |speaker: &usize| fabric.speakers.get(*speaker).map(|speaker| speaker.name.clone());
    Path {
        from: name(&one.from).unwrap_or_default(),
        neighbor: one.near,
        next_hop: one.route.next_hop,
        local_preference: one.route.local_preference,
        as_path: one.route.path.clone(),
        communities: one.route.communities.iter().map(ToString::to_string).collect(),
        originator: one.route.originator.as_ref().and_then(name),
        clusters: one.route.clusters.iter().filter_map(name).collect(),
        certain: one.certain,
        fate: one.fate,
    }
}
