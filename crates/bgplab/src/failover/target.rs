//! The target: found by name, or chosen so that the clients' packets go through it.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;
use netlab::Docker;
use serde::Serialize;

use super::scenario::{Kind, Scenario};
use super::watch::client::Question;
use super::watch::monitor;
use super::watch::netlink::Packet;
use crate::bringup::running::{name_of, word};
use crate::failure::Failure;
use crate::scene::Scene;
use labfile::{Family, Lab};
use metallb::ServiceView;

/// The number of routers after which a packet's way is followed no further.
const HOPS: usize = 8;

/// The name of the target that consists of all nodes' speakers.
pub(crate) const SPEAKERS: &str = "speakers";

/// The node or router that is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// The node's or router's name, which is its container's.
    pub name: String,
    /// The kind.
    pub kind: Kind,
    /// The containers or nodes that it consists of: itself, or all nodes.
    pub places: Vec<String>,
    /// The addresses by which next hops and neighbors refer to it.
    pub addresses: Vec<IpAddr>,
    /// `true` if the service answers nowhere else, so that no route restores the data path.
    pub only_endpoint: bool,
}

/// The way that a client's packets take, router by router.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// The router that the client's packets come from.
    pub from: String,
    /// The address that they go to.
    pub to: IpAddr,
    /// The routers and nodes that they pass, by name where the lab knows the address.
    pub through: Vec<String>,
}

impl Target {
    /// `true` if an address is the target's.
    pub fn has(&self, address: IpAddr) -> bool {
        self.addresses.contains(&address)
    }

    /// `true` if a container or node is the target, or part of it.
    pub fn is(&self, place: &str) -> bool {
        self.places.iter().any(|one| one == place)
    }
}

/// Finds the node or router of a name.
///
/// # Errors
/// Wrong use, if there is none or the scenario cannot be done to it.
pub(crate) fn named(scene: &Scene, scenario: Scenario, name: &str) -> Result<Target, Failure> {
    if name == SPEAKERS && !scene.lab.routers.iter().any(|router| router.name.as_str() == SPEAKERS) {
        allowed(&scene.lab, scenario, Kind::Speakers)?;
        return Ok(speakers(scene));
    }
    let all = places(scene);
    let Some((_, kind, addresses)) = all.iter().find(|(place, ..)| place == name) else {
        let names: Vec<&str> = all.iter().map(|(place, ..)| place.as_str()).collect();
        return Err(Failure::wrong_use(format!("lab {} has no node or router `{name}`", scene.lab.name))
            .next(format!("one of {}", names.join(", "))));
    };
    allowed(&scene.lab, scenario, *kind)?;
    Ok(Target {
        name: name.to_owned(),
        kind: *kind,
        places: vec![name.to_owned()],
        addresses: addresses.clone(),
        only_endpoint: has_only_endpoint(scene, name),
    })
}

/// The speakers of all nodes.
fn speakers(scene: &Scene) -> Target {
    Target {
        name: SPEAKERS.to_owned(),
        kind: Kind::Speakers,
        places: scene.nodes.iter().map(|node| node.name.clone()).collect(),
        addresses: scene.nodes.iter().flat_map(|node| node.addresses.iter()).collect(),
        only_endpoint: false,
    }
}

fn has_only_endpoint(scene: &Scene, node: &str) -> bool {
    views(scene).any(|service| service.endpoint_nodes.iter().eq([node]))
}

/// The nodes with endpoints of services, as they were seen.
pub(crate) fn endpoints(scene: &Scene) -> BTreeSet<String> {
    views(scene).flat_map(|service| service.endpoint_nodes.iter().cloned()).collect()
}

fn views(scene: &Scene) -> impl Iterator<Item = &ServiceView> {
    scene.cluster.iter().flat_map(|(_, seen)| &seen.services).filter_map(|service| service.as_ref().ok())
}

/// Checks that a scenario can be done to a kind of target in this lab.
///
/// # Errors
/// Wrong use, with the reason.
pub(crate) fn allowed(lab: &Lab, scenario: Scenario, kind: Kind) -> Result<(), Failure> {
    let provider = name_of(&lab.cluster.provider);
    scenario.on(provider, kind).map_err(|why| {
        Failure::wrong_use(format!("scenario {scenario} cannot be done here"))
            .because(why)
            .place(format!("provider {}", word(provider)))
            .next("⌘ failover --help")
    })
}

/// Chooses the target if none is named: a node that clients' packets go through, preferably one that others can stand
/// in for, or the first router that nodes have sessions with.
///
/// # Errors
/// If the lab has no such thing.
pub(crate) fn usual(scene: &Scene, scenario: Scenario, ways: &[Way]) -> Result<Target, Failure> {
    let worker = |name: &&String| scene.nodes.iter().any(|node| node.name == **name && node.role.is_worker());
    let name = match scenario.usual() {
        Kind::Speakers => return Ok(speakers(scene)),
        // What these do is felt where the service's pods are.
        Kind::Node if matches!(scenario, Scenario::Endpoint | Scenario::Drain) => endpoints(scene).first().cloned(),
        Kind::Node => {
            let carry = || ways.iter().flat_map(|way| way.through.iter().filter(worker));
            let replaced = carry().find(|name| !has_only_endpoint(scene, name));
            replaced
                .or_else(|| carry().next())
                .cloned()
                .or_else(|| scene.nodes.iter().find(|node| node.role.is_worker()).map(|node| node.name.clone()))
        }
        Kind::Router => scene.lab.peers.first().map(|peer| peer.router.to_string()),
    };
    let name =
        name.ok_or_else(|| Failure::wrong_use(format!("lab {} has nothing for {scenario} to break", scene.lab.name)))?;
    named(scene, scenario, &name)
}

/// Lists every node and router with its addresses.
fn places(scene: &Scene) -> Vec<(String, Kind, Vec<IpAddr>)> {
    let routers = scene.lab.routers.iter().map(|router| {
        let addresses = router.attachments.iter().flat_map(|(_, addresses)| addresses.iter());
        (router.name.to_string(), Kind::Router, addresses.collect())
    });
    let nodes = scene.nodes.iter().map(|node| (node.name.clone(), Kind::Node, node.addresses.iter().collect()));
    routers.chain(nodes).collect()
}

/// Finds the way of a client's packets from a router to an advertised address by asking one kernel after the other.
/// Among several next hops, each kernel chooses by the packet's two ends; anything else that it may choose by, above
/// all a flow label in IPv6, is not known in advance.
///
/// # Errors
/// If a router's network cannot be entered.
pub(crate) async fn way(scene: &Scene, docker: &Docker, from: &str, question: Question) -> Result<Way, Failure> {
    let all = places(scene);
    let (mut at, mut through) = (from.to_owned(), Vec::new());
    let to = question.to();
    let mut packet = Packet { to, from: None, protocol: question.protocol(), arrives_on: None };
    let sent = monitor::hop(docker, from, packet).await?;
    packet.from = sent.and_then(|hop| hop.source);
    while through.len() < HOPS {
        let Some(gateway) = monitor::hop(docker, &at, packet).await?.and_then(|hop| hop.gateway) else { break };
        let Some((name, kind, _)) = all.iter().find(|(.., addresses)| addresses.contains(&gateway)) else {
            through.push(gateway.to_string());
            break;
        };
        through.push(name.clone());
        if *kind == Kind::Node {
            break;
        }
        at.clone_from(name);
        // The packet arrives on the link on which its answer would leave.
        let Some(source) = packet.from else { continue };
        let back = Packet { to: source, from: None, arrives_on: None, ..packet };
        packet.arrives_on = monitor::hop(docker, &at, back).await?.and_then(|hop| hop.link);
    }
    Ok(Way { from: from.to_owned(), to, through })
}

/// Returns the prefixes that a router has to have, the first of each family.
pub(crate) fn prefixes(scene: &Scene, router: &str) -> Vec<(Family, IpNet)> {
    let of = |family: Family| {
        let entries = scene.expected.tables.iter().filter(|entry| entry.router.as_str() == router);
        let is = move |prefix: &IpNet| Family::of(prefix.addr()) == family;
        entries.map(|entry| entry.prefix).find(is).map(|prefix| (family, prefix))
    };
    Family::ALL.into_iter().filter_map(of).collect()
}
