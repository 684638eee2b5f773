//! Resources of somebody else that stand in the way of the lab's, or give its service an address.

use std::net::IpAddr;

use metallb::ObjectRef;
use metallb::facts::PoolView;
use metallb::plan::Collision;
use metallb::value::AddressRange;

use super::differs::{absent, breaks, list, of_resources, plan};
use super::{DEPLOY, Served, kubectl, served, with_metallb};
use crate::check::Check;
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("resource-collides", Layer::Resources, collisions),
    Rule::proof("pool-foreign", Layer::Resources, pool),
];

fn collisions(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |collision: &Collision| {
        let object = &collision.object;
        let kept: Vec<&ObjectRef> = absent(e).into_iter().filter(|own| own.kind == object.kind).collect();
        let so = if kept.is_empty() { String::new() } else { format!("; it keeps {} from being made", list(&kept)) };
        let breaks: Vec<Break> = kept.iter().flat_map(|own| breaks(e, own)).collect();
        Found::new(format!("{collision}{so}"), breaks)
            .seen(kubectl(&format!("get {}s: {} beside the lab's", object.kind.to_lowercase(), object.name)))
            .remedy(format!("{}; then {DEPLOY}", collision.remedy()))
    };
    plan(e).into_iter().flat_map(|plan| &plan.collisions).map(found).collect()
}

/// A service has an address of a pool that is not the lab's.
fn pool(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let Some(cluster) = with_metallb(e) else { return Vec::new() };
    let is_own = |pool: &PoolView| e.lab.pools.iter().any(|own| own.name.as_str() == pool.name);
    let has = |pool: &PoolView, address: IpAddr| {
        let ranges = pool.addresses.iter().filter_map(|range| range.parse::<AddressRange>().ok());
        ranges.into_iter().any(|range| range.contains(address))
    };
    let foreign = |address: &IpAddr| cluster.facts.pools.iter().find(|pool| !is_own(pool) && has(pool, *address));
    let found = |served: Served<'_>| {
        let wanted = served.addresses();
        let has = served.view.as_ref().ok()?.addresses.iter().filter(|address| !wanted.contains(address));
        let (address, pool) = has.filter_map(|address| Some((address, &foreign(address)?.name))).next()?;
        let (namespace, name, title) = (&served.service.namespace, &served.service.name, &served.title);
        let wanted = wanted.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        Some(
            Found::new(
                format!(
                    "service {title} has {address} of address pool {pool}, which is somebody else's, and not {wanted}"
                ),
                served.answers().chain([of_resources()]),
            )
            .seen(format!("kubectl -n {namespace} get service {name}: {address}"))
            .seen(kubectl(&format!("get ipaddresspools: {pool} has {address}")))
            .remedy(format!(
                "{DEPLOY} makes the service ask for its own pool; or {}",
                kubectl(&format!("delete ipaddresspool {pool}"))
            )),
        )
    };
    served(e, cluster).filter_map(found).collect()
}
