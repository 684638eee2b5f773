//! MetalLB's resources: pools, advertisements, peers, BFD profiles.

use metallb::facts::{AdvertisementView, Balanced, PeerView};

use super::{DEPLOY, addresses, answers, component, kubectl, prefixes, with_metallb};
use crate::check::Check;
use crate::evidence::{ClusterEvidence, Evidence};
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use crate::subject::Component;
use labfile::Peer;
use labfile::compose::services;

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

fn resources() -> Break {
    component(Component::Resources)
}

fn pool_missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = running(e) else { return Vec::new() };
    let missing =
        e.lab.pools.iter().filter(|pool| !cluster.facts.pools.iter().any(|there| there.name == pool.name.as_str()));
    let found = |pool: &labfile::Pool| {
        let name = &pool.name;
        Found::new(
            format!("address pool {name} is not there: no service gets an address of it"),
            answers(e).chain([resources()]),
        )
        .seen(kubectl(&format!("get ipaddresspools: no {name}")))
        .remedy(DEPLOY)
    };
    missing.map(found).collect()
}

/// The service waits for an address that others have.
fn pool_full(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = running(e) else { return Vec::new() };
    let Ok(service) = &cluster.service else { return Vec::new() };
    let own = (e.lab.workload.namespace.as_str(), e.lab.workload.name.as_str());
    let mut all = Vec::new();
    for address in addresses(e).into_iter().filter(|address| !service.addresses.contains(address)) {
        let others =
            cluster.facts.services.iter().filter(|other| (other.namespace.as_str(), other.name.as_str()) != own);
        let Some(Balanced { namespace, name, .. }) =
            others.into_iter().find(|other| other.addresses.contains(&address))
        else {
            continue;
        };
        let mut found = Found::new(
            format!(
                "service {} gets no address {address}: service {namespace}/{name} has it, and the pool is full",
                own.1
            ),
            [Break::Answer(address)],
        )
        .seen(format!("kubectl get services -A: {namespace}/{name} {address}"));
        if let Some(words) = cluster.facts.words.iter().rev().find(|words| words.contains("AllocationFailed")) {
            found = found.seen(words.clone());
        }
        all.push(
            found.remedy(format!("give the pool more addresses, or kubectl -n {namespace} delete service {name}")),
        );
    }
    all
}

fn covers(advertisement: &AdvertisementView, pool: &str) -> bool {
    let any = advertisement.pools.is_empty() && !advertisement.selects_pools;
    any || advertisement.pools.iter().any(|name| name == pool)
}

fn advertisement(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = running(e) else { return Vec::new() };
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
        let nodes = e
            .nodes
            .iter()
            .flat_map(|node| prefixes(e, false).into_iter().map(|prefix| Break::Announced(node.name.clone(), prefix)));
        let list: Vec<&str> =
            cluster.facts.advertisements.iter().map(|advertisement| advertisement.name.as_str()).collect();
        let list = if list.is_empty() { "none".to_owned() } else { list.join(", ") };
        Found::new(
            format!("no BGPAdvertisement names address pool {name}: its addresses are assigned and never announced"),
            nodes.chain([resources()]),
        )
        .seen(kubectl(&format!("get bgpadvertisements: {list}")))
        .remedy(DEPLOY)
    };
    silent.map(found).collect()
}

/// The lab's peers, each with what the API has at its address.
fn peers<'a>(e: &'a Evidence, cluster: &'a ClusterEvidence) -> impl Iterator<Item = (&'a Peer, Option<&'a PeerView>)> {
    let at = |peer: &Peer| cluster.facts.peers.iter().find(|there| there.address.parse() == Ok(peer.address));
    e.lab.peers.iter().map(move |peer| (peer, at(peer)))
}

fn peer_missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = running(e) else { return Vec::new() };
    let found = |(peer, _): (&Peer, Option<&PeerView>)| {
        let (name, router, address) = (&peer.name, peer.router.as_str(), peer.address);
        let sessions = e.nodes.iter().map(|node| Break::session(router, &node.name));
        Found::new(
            format!("no BGPPeer leads to {router} ({address}): the speakers do not connect to it"),
            sessions.chain([resources()]),
        )
        .seen(kubectl(&format!("get bgppeers: no {name}")))
        .remedy(DEPLOY)
    };
    peers(e, cluster).filter(|(_, there)| there.is_none()).map(found).collect()
}

/// Without it, a session over IPv4 carries IPv4 only.
fn dual_stack(e: &Evidence, _: &[Check]) -> Vec<Found> {
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
                tables.chain(sessions).chain([resources()]),
            )
            .seen(kubectl(&format!("get bgppeer {name}: dualStackAddressFamily is not true")))
            .remedy(kubectl(&format!(
                "patch bgppeer {name} --type=merge -p '{{\"spec\":{{\"dualStackAddressFamily\":true}}}}' (or {DEPLOY})"
            ))),
        )
    };
    peers(e, cluster).filter_map(found).collect()
}

fn profile(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = running(e) else { return Vec::new() };
    let found = |(peer, there): (&Peer, Option<&PeerView>)| {
        let there = there?;
        let wanted = peer.session.bfd.as_ref().map(|bfd| bfd.profile().name.as_str());
        let router = peer.router.as_str();
        let bfd = e.nodes.iter().map(|node| Break::bfd_session(router, &node.name));
        let cause = match (&there.bfd_profile, wanted) {
            (Some(name), _) if !cluster.facts.profiles.contains(name) => {
                format!("BGPPeer {} names the BFD profile {name}, which is not there", there.name)
            }
            (None, Some(name)) => {
                format!("BGPPeer {} is without BFD: it names no profile, and the lab says {name}", there.name)
            }
            _ => return None,
        };
        Some(
            Found::new(cause, bfd.chain([resources()]))
                .seen(kubectl(&format!("get bgppeer {}, get bfdprofiles", there.name)))
                .remedy(DEPLOY),
        )
    };
    peers(e, cluster).filter_map(found).collect()
}

/// Returns `true` if the service's addresses have both families.
pub(super) fn wants_ipv6(e: &Evidence) -> bool {
    services(&e.lab).iter().any(|service| service.address.is_ipv6())
}
