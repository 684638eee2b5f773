//! A cluster that no lab file describes: peers that are not there, passwords that are missing, pools that are used up.

use std::collections::BTreeSet;
use std::net::IpAddr;

use labfile::{Absent, AddressRange};
use metallb::facts::{Balanced, PoolView};

use crate::check::Check;
use crate::evidence::{ClusterEvidence, Evidence, Pending, WithoutLab};
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("peer-absent", Layer::Container, absent),
    Rule::proof("secret-missing", Layer::Resources, secrets),
    Rule::proof("address-pending", Layer::Resources, pending),
];

/// The most services that are named as holders of a pool's addresses.
const NAMED: usize = 5;

fn without_lab(e: &Evidence) -> Option<&WithoutLab> {
    e.without_lab.as_ref()
}

fn absent(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let established = |address: IpAddr| {
        let mut nodes = e.nodes.iter().filter_map(|node| e.frr(&node.name)?.summary.as_ref());
        nodes.any(|summary| summary.established(address))
    };
    let found = |absent: &Absent| {
        let Absent { router, peers, address, network, stopped } = absent;
        let peers = peers.join(", ");
        let last = |name: &String| {
            let (ending, words) = e.endings.get(name)?;
            let words = words.trim().rsplit("; ").next().map(|line| format!(", its last line: {}", line.trim()));
            let words = words.filter(|words| !words.ends_with(": "));
            Some(format!("docker ps -a: {name} ended with code {}{}", ending.exit_code, words.unwrap_or_default()))
        };
        let (cause, remedy) = match stopped.as_slice() {
            [one] => (
                format!("container {one} does not run, and no other has the address {address} of BGPPeer {peers}"),
                format!("docker start {one}"),
            ),
            [] => (
                format!("nobody has the address {address} of BGPPeer {peers}: no container on network {network} does"),
                "correct peerAddress of the BGPPeer, or start the peer".to_owned(),
            ),
            several => (
                format!(
                    "nobody has the address {address} of BGPPeer {peers}: containers {} of network {network} do not run",
                    several.join(", ")
                ),
                "start the one that is the peer: docker start NAME".to_owned(),
            ),
        };
        Found::new(cause, [Break::Place(router.clone())])
            .seen(format!("docker network inspect {network}: no container with {address}"))
            .also(stopped.iter().filter_map(last))
            .remedy(remedy)
    };
    let all = without_lab(e).into_iter().flat_map(|without| &without.absent);
    all.filter(|absent| !established(absent.address)).map(found).collect()
}

fn secrets(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(peer, secret, why): &(String, String, String)| {
        let of_peer = e.lab.peers.iter().filter(|own| own.name.as_str() == peer);
        let sessions =
            of_peer.flat_map(|own| e.nodes.iter().map(|node| Break::session(own.router.as_str(), &node.name)));
        Found::new(format!("Secret {secret}, from which BGPPeer {peer} takes its password, {why}"), sessions)
            .seen(format!("kubectl -n metallb-system get bgppeer {peer}, get secret {secret}"))
            .remedy(format!(
                "kubectl -n metallb-system create secret generic {secret} --type=kubernetes.io/basic-auth --from-literal=password=…"
            ))
    };
    without_lab(e).into_iter().flat_map(|without| &without.secrets).map(found).collect()
}

/// A pool with the addresses that it has, and those that services have of them.
struct Used<'a> {
    pool: &'a PoolView,
    capacity: u128,
    taken: BTreeSet<IpAddr>,
    by: Vec<String>,
}

impl<'a> Used<'a> {
    fn of(pool: &'a PoolView, services: &[Balanced]) -> Option<Self> {
        let ranges: Vec<AddressRange> = pool.addresses.iter().map(|range| range.parse().ok()).collect::<Option<_>>()?;
        let size = |range: &AddressRange| match range.ends() {
            (IpAddr::V4(first), IpAddr::V4(last)) => u128::from(last.to_bits() - first.to_bits()) + 1,
            (IpAddr::V6(first), IpAddr::V6(last)) => (last.to_bits() - first.to_bits()).saturating_add(1),
            _ => 0,
        };
        let capacity = ranges.iter().map(size).fold(0, u128::saturating_add);
        let own = |service: &Balanced| -> Vec<IpAddr> {
            service.addresses.iter().copied().filter(|a| ranges.iter().any(|range| range.contains(*a))).collect()
        };
        let taken = services.iter().flat_map(own).collect();
        let by = services.iter().filter(|service| !own(service).is_empty());
        let by = by.map(|service| format!("{}/{}", service.namespace, service.name)).collect();
        Some(Self { pool, capacity, taken, by })
    }

    fn is_full(&self) -> bool {
        u128::try_from(self.taken.len()).is_ok_and(|taken| taken >= self.capacity)
    }

    fn words(&self) -> String {
        let more = match self.by.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let by = self.by.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        format!(
            "ipaddresspool {}: {} of {} addresses taken, by {by}{more}",
            self.pool.name,
            self.taken.len(),
            self.capacity
        )
    }
}

/// Services without an address; those that wait for the same pools are one cause.
fn pending(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let (Some(without), Some(cluster)) = (without_lab(e), e.cluster.as_ref()) else { return Vec::new() };
    // A controller that does not run is the cause.
    let runs = cluster.facts.deployment("controller").is_some_and(|controller| controller.ready > 0);
    if !runs {
        return Vec::new();
    }
    let mut all: Vec<(Vec<&str>, Vec<&Pending>)> = Vec::new();
    for pending in &without.pending {
        let full = full(cluster, pending);
        match all.iter_mut().find(|(pools, _)| !pools.is_empty() && *pools == full) {
            Some((_, waiting)) => waiting.push(pending),
            None => all.push((full, vec![pending])),
        }
    }
    all.into_iter().map(|(pools, waiting)| of_pending(cluster, &pools, &waiting)).collect()
}

/// The pools that a service may have an address of, if all of them are full.
fn full<'a>(cluster: &'a ClusterEvidence, pending: &Pending) -> Vec<&'a str> {
    let same = |service: &&Balanced| (&service.namespace, &service.name) == (&pending.namespace, &pending.name);
    let asked = cluster.facts.services.iter().find(same).and_then(|service| service.pool.as_deref());
    let may = |pool: &&PoolView| asked.map_or(pool.auto_assign, |asked| asked == pool.name);
    let used = cluster.facts.pools.iter().filter(may).map(|pool| Used::of(pool, &cluster.facts.services));
    let used: Vec<Option<Used<'_>>> = used.collect();
    match used.iter().all(|used| used.as_ref().is_some_and(Used::is_full)) {
        true => used.into_iter().flatten().map(|used| used.pool.name.as_str()).collect(),
        false => Vec::new(),
    }
}

fn of_pending(cluster: &ClusterEvidence, pools: &[&str], waiting: &[&Pending]) -> Found {
    let names = waiting.iter().map(|one| format!("{}/{}", one.namespace, one.name)).collect::<Vec<_>>().join(", ");
    let services = if waiting.len() == 1 { "service" } else { "services" };
    let words = |one: &&Pending| {
        let last = one.words.iter().rev().find(|words| words.contains("AllocationFailed")).or(one.words.last())?;
        Some(format!(
            "kubectl -n {} get events --field-selector involvedObject.name={}: {last}",
            one.namespace, one.name
        ))
    };
    let said: Vec<String> = waiting.iter().filter_map(words).collect();
    let (cause, remedy) = match (pools, said.is_empty()) {
        ([], true) => (
            format!("{services} {names} has no address, and MetalLB says nothing of it"),
            "see the controller's log: kubectl -n metallb-system logs deployment/controller",
        ),
        ([], false) => (
            format!("MetalLB gives {services} {names} no address"),
            "see what the event says; kubectl -n metallb-system get ipaddresspools, kubectl get services -A",
        ),
        (pools, _) => {
            let what = if pools.len() == 1 { "address pool" } else { "address pools" };
            let is = if pools.len() == 1 { "is" } else { "are" };
            (
                format!("{what} {} {is} used up: {services} {names} gets no address", pools.join(", ")),
                "give the pool more addresses, or delete a service that has one: kubectl get services -A",
            )
        }
    };
    let used = cluster.facts.pools.iter().filter(|pool| pools.contains(&pool.name.as_str()));
    let used = used.filter_map(|pool| Used::of(pool, &cluster.facts.services)).map(|used| used.words());
    Found::new(cause, []).seen("kubectl get services -A: EXTERNAL-IP <pending>").also(used).also(said).remedy(remedy)
}

#[cfg(test)]
mod tests;
