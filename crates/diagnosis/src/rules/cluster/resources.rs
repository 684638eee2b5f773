//! MetalLB's resources: pools, advertisements, peers, BFD profiles.

use std::net::IpAddr;

use ipnet::IpNet;
use metallb::facts::{AdvertisementView, Balanced, PeerView};

use super::differs::{absent, are_named_together, is_changed, of_resources, plan, who};
use super::{DEPLOY, addresses, kubectl, prefixes, served, with_metallb};
use crate::check::Check;
use crate::evidence::{ClusterEvidence, Evidence};
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use labfile::Peer;
use labfile::compose::{ServiceAddress, service_addresses};

pub(super) const RULES: &[Rule] = &[
    Rule::proof("pool-missing", Layer::Resources, pool_missing),
    Rule::proof("pool-full", Layer::Resources, pool_full),
    Rule::proof("advertisement-missing", Layer::Resources, advertisement),
    Rule::proof("peer-missing", Layer::Resources, peer_missing),
    Rule::proof("dual-stack-off", Layer::Resources, dual_stack),
    Rule::proof("bfd-profile-unknown", Layer::Resources, profile),
];

/// The cluster, where MetalLB runs: its resources are the next thing to look at.
fn running(e: &Evidence) -> Option<&ClusterEvidence> {
    with_metallb(e).filter(|cluster| cluster.facts.unread.is_empty())
}

/// Returns `true` if an object that is missing is named with others, or with what keeps it from being made.
fn is_named(e: &Evidence, kind: &str) -> bool {
    let collides = plan(e).is_some_and(|plan| plan.collisions.iter().any(|collision| collision.object.kind == kind));
    are_named_together(e) || collides && absent(e).iter().any(|object| object.kind == kind)
}

fn pool_missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = running(e).filter(|_| !is_named(e, "IPAddressPool")) else { return Vec::new() };
    let missing =
        e.lab.pools.iter().filter(|pool| !cluster.facts.pools.iter().any(|there| there.name == pool.name.as_str()));
    let found = |pool: &labfile::Pool| {
        let name = &pool.name;
        Found::new(
            format!("address pool {name} is not there: no service gets an address of it"),
            addresses(e).into_iter().filter(|own| pool.contains(*own)).map(Break::Answer).chain([of_resources()]),
        )
        .seen(kubectl(&format!("get ipaddresspools: no {name}")))
        .remedy(DEPLOY)
    };
    missing.map(found).collect()
}

/// A service waits for an address that others have: services beside the lab's, for of the lab's own it is known who has
/// which.
fn pool_full(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = running(e) else { return Vec::new() };
    let is_own = |other: &Balanced| {
        e.lab
            .services
            .iter()
            .any(|own| (own.namespace.as_str(), own.name.as_str()) == (&*other.namespace, &*other.name))
    };
    let others: Vec<&Balanced> = cluster.facts.services.iter().filter(|other| !is_own(other)).collect();
    let mut all = Vec::new();
    for served in served(e, cluster) {
        let Ok(service) = served.view else { continue };
        // One of several possible ones is enough.
        let lacks = |possible: &[IpAddr]| !possible.iter().any(|address| service.addresses.contains(address));
        let waits = served.assigned.each().filter(|possible| lacks(possible)).flatten();
        for address in waits {
            let Some(Balanced { namespace, name, .. }) = others.iter().find(|other| other.addresses.contains(address))
            else {
                continue;
            };
            let title = &served.title;
            let mut found = Found::new(
                format!(
                    "service {title} gets no address {address}: service {namespace}/{name} has it, and the pool is full"
                ),
                [Break::Answer(*address)],
            )
            .seen(format!("kubectl get services -A: {namespace}/{name} {address}"));
            if let Some(words) = served.refused() {
                found = found.seen(words.clone());
            }
            all.push(
                found.remedy(format!("give the pool more addresses, or kubectl -n {namespace} delete service {name}")),
            );
        }
    }
    all
}

fn covers(advertisement: &AdvertisementView, pool: &str) -> bool {
    let any = advertisement.pools.is_empty() && !advertisement.selects_pools;
    any || advertisement.pools.iter().any(|name| name == pool)
}

fn advertisement(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = running(e).filter(|_| !is_named(e, "BGPAdvertisement")) else { return Vec::new() };
    let pools =
        e.lab.pools.iter().filter(|pool| cluster.facts.pools.iter().any(|there| there.name == pool.name.as_str()));
    let silent = pools.filter(|pool| {
        let name = pool.name.as_str();
        !cluster
            .facts
            .advertisements
            .iter()
            .any(|advertisement| covers(advertisement, name) || advertisement.selects_pools)
    });
    let found = |pool: &labfile::Pool| {
        let name = &pool.name;
        let of_pool = |address: &ServiceAddress| pool.contains(address.address);
        let own = service_addresses(&e.lab).into_iter().filter(of_pool).flat_map(|address| address.prefixes);
        let own: Vec<IpNet> = own.map(|advertised| advertised.prefix).collect();
        let nodes =
            e.nodes.iter().flat_map(|node| own.iter().map(|prefix| Break::Announced(node.name.clone(), *prefix)));
        let list: Vec<&str> =
            cluster.facts.advertisements.iter().map(|advertisement| advertisement.name.as_str()).collect();
        let list = if list.is_empty() { "none".to_owned() } else { list.join(", ") };
        Found::new(
            format!("no BGPAdvertisement names address pool {name}: its addresses are assigned and never announced"),
            nodes.chain([of_resources()]),
        )
        .seen(kubectl(&format!("get bgpadvertisements: {list}")))
        .remedy(DEPLOY)
    };
    // An advertisement of the lab's that names another pool is named itself.
    let is_of_another = |pool: &&labfile::Pool| {
        let mut own = e.lab.advertisements.iter().filter(|own| own.covers(pool));
        own.any(|own| is_changed(e, "BGPAdvertisement", own.name.as_str(), "spec.ipAddressPool"))
    };
    silent.filter(|pool| !is_of_another(pool)).map(found).collect()
}

/// The lab's peers, each with what the API has at its address: of several, the one of its name.
fn peers<'a>(e: &'a Evidence, cluster: &'a ClusterEvidence) -> impl Iterator<Item = (&'a Peer, Option<&'a PeerView>)> {
    let at = |peer: &Peer| {
        let there = cluster.facts.peers.iter().filter(|there| there.address.parse() == Ok(peer.address));
        there.min_by_key(|there| there.name != peer.name.as_str())
    };
    e.lab.peers.iter().map(move |peer| (peer, at(peer)))
}

fn peer_missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = running(e).filter(|_| !is_named(e, "BGPPeer")) else { return Vec::new() };
    let found = |(peer, _): (&Peer, Option<&PeerView>)| {
        let (name, router, address) = (&peer.name, peer.router.as_str(), peer.address);
        let sessions = e.nodes.iter().map(|node| Break::session(router, &node.name));
        Found::new(
            format!("no BGPPeer leads to {router} ({address}): the speakers do not connect to it"),
            sessions.chain([of_resources()]),
        )
        .seen(kubectl(&format!("get bgppeers: no {name}")))
        .remedy(DEPLOY)
    };
    let leads_elsewhere = |peer: &Peer| is_changed(e, "BGPPeer", peer.name.as_str(), "spec.peerAddress");
    peers(e, cluster).filter(|(peer, there)| there.is_none() && !leads_elsewhere(peer)).map(found).collect()
}

/// Without it, a session over IPv4 carries IPv4 only.
pub(super) fn dual_stack(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = running(e) else { return Vec::new() };
    let found = |(peer, there): (&Peer, Option<&PeerView>)| {
        let name = &there.filter(|there| peer.dual_stack && !there.dual_stack)?.name;
        let v6 = prefixes(e, true);
        let router = peer.router.as_str();
        let list: Vec<String> = v6.iter().map(ToString::to_string).collect();
        let tables = v6.iter().map(|prefix| Break::Prefix(router.to_owned(), *prefix));
        let sessions = e.nodes.iter().map(|node| Break::session(router, &node.name));
        Some(
            Found::new(
                format!(
                    "BGPPeer {name} is without dualStackAddressFamily: {} is assigned and never announced to {router}",
                    list.join(", ")
                ),
                tables.chain(sessions).chain([of_resources()]),
            )
            .seen(kubectl(&format!("get bgppeer {name}: dualStackAddressFamily is not true")))
            .also(who(e, "BGPPeer", name, "spec.dualStackAddressFamily"))
            .remedy(kubectl(&format!(
                "patch bgppeer {name} --type=merge -p '{{\"spec\":{{\"dualStackAddressFamily\":true}}}}' (or {DEPLOY})"
            ))),
        )
    };
    peers(e, cluster).filter_map(found).collect()
}

pub(super) fn profile(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = running(e) else { return Vec::new() };
    let found = |(peer, there): (&Peer, Option<&PeerView>)| {
        let there = there?;
        let wanted = peer.session.bfd.as_ref().map(|bfd| bfd.profile().name.as_str());
        let router = peer.router.as_str();
        let bfd = e.nodes.iter().map(|node| Break::bfd_session(router, &node.name));
        let cause = match (&there.bfd_profile, wanted) {
            (Some(name), _) if absent(e).iter().any(|object| object.kind == "BFDProfile" && object.name == *name) => {
                return None;
            }
            (Some(name), _) if !cluster.facts.profiles.contains(name) => {
                format!("BGPPeer {} names the BFD profile {name}, which is not there", there.name)
            }
            (None, Some(name)) => {
                format!("BGPPeer {} is without BFD: it names no profile, and the lab says {name}", there.name)
            }
            _ => return None,
        };
        Some(
            Found::new(cause, bfd.chain([of_resources()]))
                .seen(kubectl(&format!("get bgppeer {}, get bfdprofiles", there.name)))
                .also(who(e, "BGPPeer", &there.name, "spec.bfdProfile"))
                .remedy(DEPLOY),
        )
    };
    peers(e, cluster).filter_map(found).collect()
}
