//! Next hops of a route that the lab sets: each there, and no others.

use std::net::IpAddr;

use super::route::{set, shares, way, wrong};
use crate::check::Check;
use crate::evidence::Evidence;
use crate::evidence::iproute::{drops, words};
use crate::finding::{Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[Rule::proof("route-next-hop", Layer::Route, differ)];

fn differ(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for (name, _, route, instead) in wrong(e) {
        let Some(has) = instead.filter(|has| shares(route, has) && !drops(has)) else { continue };
        let wanted = route.via();
        let lacks: Vec<_> = wanted.iter().filter(|hop| !has.via.contains(hop)).map(|hop| known(e, hop)).collect();
        let more: Vec<_> = has.via.iter().filter(|hop| !wanted.contains(hop)).map(|hop| known(e, hop)).collect();
        let lacks = (!lacks.is_empty()).then(|| format!("lacks the next hop {}", lacks.join(" and ")));
        let more = (!more.is_empty()).then(|| format!("has, beside the lab's, the next hop {}", more.join(" and ")));
        let what: Vec<String> = lacks.into_iter().chain(more).collect();
        let what = if what.is_empty() { "has a next hop twice".to_owned() } else { what.join(", and ") };
        all.push(
            Found::new(format!("the route from {name} to {} {what}", route.dst()), [way(name, route.dst())])
                .seen(format!("ip route in {name}: {}", words(has)))
                .remedy(format!("⌘ lab-up, or {}", set(name, route))),
        );
    }
    all
}

/// An address, and the place that has it.
fn known(e: &Evidence, hop: &IpAddr) -> String {
    e.place_at(*hop).map_or_else(|| hop.to_string(), |place| format!("{hop} ({place})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::tests::healthy_of;
    use crate::rules::tests::only;

    /// The leaves are two gateways of the spines to the rack.
    fn spine(change: impl Fn(&mut Vec<IpAddr>)) -> Evidence {
        let mut e = healthy_of("leaf-spine.toml");
        let inside = e.inside.get_mut("spine1").unwrap();
        let route = inside.routes.iter_mut().find(|route| route.dst.to_string() == "10.0.11.0/24").unwrap();
        change(&mut route.via);
        e
    }

    #[test]
    fn each_next_hop_is_named() {
        let e = spine(|via| via.truncate(1));
        let words = [
            "the route from spine1 to 10.0.11.0/24 lacks the next hop 10.0.12.12 (leaf2)",
            "ip -4 route replace 10.0.11.0/24 nexthop via 10.0.12.11 nexthop via 10.0.12.12",
        ];
        only(&e, "route-next-hop", &words);
        let e = spine(|via| via.push("10.0.12.99".parse().unwrap()));
        only(&e, "route-next-hop", &["has, beside the lab's, the next hop 10.0.12.99"]);
        let e = spine(|via| via[0] = "10.0.12.22".parse().unwrap());
        only(&e, "route-next-hop", &["lacks the next hop 10.0.12.11 (leaf1), and", "10.0.12.22 (spine2)"]);
        let e = spine(|via| via.reverse());
        assert!(crate::conclude::Diagnosis::of(&e).is_healthy(), "their order means nothing");
    }
}
