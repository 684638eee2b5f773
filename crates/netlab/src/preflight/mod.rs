//! Obstacles outside of Docker: ranges that overlap, bridges and rules that an engine left behind.
//!
//! Pure: the caller reads ([`HostNet::read`] and [`BridgeNf::read`] do it for this machine), [`check`] and
//! [`stale_masquerades`] judge.

mod conflict;
mod host;
mod masquerade;

pub use conflict::{Conflict, NamedRange, Severity};
pub use host::{HostAddress, HostNet, HostRoute, ProcNet};
pub use masquerade::{BridgeNf, stale_masquerades};

use ipnet::IpNet;

use crate::model::{Lab, overlap};
use crate::observe::Observed;

/// Compares the lab's ranges (its networks, and those that the caller adds: pods, services, pools) with each other,
/// with Docker's networks, and, where the engine is on this machine, with the machine's routes and addresses.
///
/// Existing networks of the lab are no conflict.
///
/// ```
/// # fn doctor(lab: &netlab::Lab, observed: &netlab::Observed) -> Result<(), Box<dyn std::error::Error>> {
/// use netlab::preflight::{HostNet, NamedRange, check};
///
/// let pods = NamedRange::inside("pods", "10.128.0.0/14".parse()?);
/// for conflict in check(lab, &[pods], observed, Some(&HostNet::read()?)) {
///     println!("{:?}: {conflict}", conflict.severity());
/// }
/// # Ok(())
/// # }
/// ```
pub fn check(lab: &Lab, named: &[NamedRange], observed: &Observed, host: Option<&HostNet>) -> Vec<Conflict> {
    let networks = lab.networks().iter().flat_map(|n| n.ranges().map(|range| NamedRange::network(n, range)));
    let all: Vec<NamedRange> = networks.chain(named.iter().cloned()).collect();
    let mut conflicts = among_themselves(&all);
    conflicts.extend(with_docker(lab, &all, observed));
    if let Some(host) = host {
        conflicts.extend(with_host(lab, &all, observed, host));
    }
    conflicts
}

fn among_themselves(all: &[NamedRange]) -> Vec<Conflict> {
    let pairs = all.iter().enumerate().flat_map(|(i, a)| all.iter().skip(i + 1).map(move |b| (a, b)));
    let overlapping = pairs.filter(|(a, b)| a.name != b.name && overlap(a.range, b.range));
    overlapping.map(|(a, b)| Conflict::Lab { a: a.clone(), b: b.clone() }).collect()
}

fn with_docker(lab: &Lab, all: &[NamedRange], observed: &Observed) -> Vec<Conflict> {
    let foreign = observed.networks.iter().filter(|n| n.lab.as_deref() != Some(lab.name().as_str()));
    let ranges = foreign.flat_map(|n| n.ranges.iter().map(move |range| (n, *range)));
    let overlapping = ranges.flat_map(|(n, range)| {
        let hit = all.iter().filter(move |ours| overlap(ours.range, range));
        hit.map(move |ours| Conflict::Docker { ours: ours.clone(), network: n.name.clone(), range })
    });
    overlapping.collect()
}

fn with_host(lab: &Lab, all: &[NamedRange], observed: &Observed, host: &HostNet) -> Vec<Conflict> {
    let bridge_of = |dev: &str| observed.networks.iter().find(|n| n.bridge().as_deref() == Some(dev));
    // Docker's networks were compared before; these are the interfaces that Docker does not know.
    let unknown = |dev: &str| dev != "lo" && bridge_of(dev).is_none();
    let ours = |address: &IpNet| {
        let mine = observed.networks.iter().filter(|n| n.lab.as_deref() == Some(lab.name().as_str()));
        mine.flat_map(|n| &n.ranges).any(|range| range.contains(address))
    };
    let mut conflicts = Vec::new();
    for range in all {
        let mut routes = Vec::new();
        for route in
            host.routes.iter().filter(|r| r.dst.prefix_len() > 0 && unknown(&r.dev) && overlap(r.dst, range.range))
        {
            routes.push(route.dst);
            let (ours, dev, route) = (range.clone(), route.dev.clone(), route.dst);
            // To a range inside the lab's containers only, a stale bridge does no harm: its route is one like any
            // other.
            conflicts.push(if ours.on_host && is_docker_bridge(&dev) {
                Conflict::StaleBridge { ours, dev, route }
            } else {
                Conflict::HostRoute { ours, dev, route }
            });
        }
        for address in &host.addresses {
            let net = IpNet::from(address.address);
            let known = address.dev.as_deref().is_some_and(|dev| !unknown(dev));
            // The connected route was reported already.
            let named = routes.iter().any(|route| route.contains(&net));
            if range.range.contains(&net) && !known && !named && !ours(&net) {
                conflicts.push(Conflict::HostAddress { ours: range.clone(), address: address.address });
            }
        }
    }
    conflicts
}

/// `true` if an interface's name is one that Docker gives to its networks: `br-` and twelve hex digits.
fn is_docker_bridge(dev: &str) -> bool {
    dev.strip_prefix("br-").is_some_and(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_hexdigit()))
}
