//! Routes: there, by the right router, and not outranked.

use ipnet::IpNet;
use netlab::iproute::KernelRoute;
use netlab::{Route, RoutesBy};

use super::staticd;
use crate::check::Check;
use crate::evidence::iproute::{drops, words};
use crate::evidence::ports::ports;
use crate::evidence::{Evidence, Inside};
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;
use labfile::Family;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("route-missing", Layer::Route, missing),
    Rule::proof("route-elsewhere", Layer::Route, elsewhere),
    Rule::proof("route-blackhole", Layer::Route, blackhole),
    Rule::proof("policy-rule", Layer::Route, policy_rule),
];

/// The routes that the lab sets, and what the kernel goes by instead; `None` where it goes by them.
pub(super) fn wrong(e: &Evidence) -> impl Iterator<Item = (&str, &Inside, &Route, Option<&KernelRoute>)> {
    let own = e.topology.containers().iter().map(|spec| (spec.name.as_str(), &spec.routes));
    let all = own.chain(e.topology.guests().iter().map(|spec| (spec.name.as_str(), &spec.routes)));
    let seen = all.filter_map(|(name, routes)| Some((name, e.inside.get(name)?, routes)));
    // A place that shows no routes at all could not be looked into.
    let seen = seen.filter(|(_, inside, _)| !inside.routes.is_empty());
    seen.flat_map(|(name, inside, routes)| routes.iter().map(move |route| (name, inside, route))).filter_map(
        |(name, inside, route)| {
            let best = inside.routes_to(somewhere(route.dst())).into_iter().next();
            let right = best.is_some_and(|best| route.is_via(&best.via) && !drops(best));
            (!right).then_some((name, inside, route, best))
        },
    )
}

/// An address within a range: its first host.
fn somewhere(range: IpNet) -> std::net::IpAddr {
    range.hosts().next().unwrap_or_else(|| range.addr())
}

pub(super) fn set(name: &str, route: &Route) -> String {
    format!("docker exec {name} {}", route.command())
}

pub(super) fn way(name: &str, range: IpNet) -> Break {
    Break::Way(name.to_owned(), range)
}

/// The next hops of a route, in words.
fn via(route: &Route) -> String {
    let all: Vec<String> = route.via().iter().map(ToString::to_string).collect();
    format!("via {}", all.join(" and "))
}

/// Returns `true` if a route of the kernel goes to the destination of the lab's and has some of its next hops.
pub(super) fn shares(route: &Route, other: &KernelRoute) -> bool {
    other.dst == route.dst() && route.via().iter().any(|hop| other.via.contains(hop))
}

fn is_default(route: &KernelRoute) -> bool {
    route.dst.prefix_len() == 0
}

fn missing(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let missing = wrong(e).filter(|(.., instead)| instead.is_none_or(is_default));
    let found = |(name, inside, route, instead): (&str, &Inside, &Route, Option<&KernelRoute>)| {
        let instead =
            instead.map_or_else(String::new, |by| format!(", so packets leave by the default route ({})", words(by)));
        let itself = e.topology.container(name).is_some_and(|spec| spec.routes_by == RoutesBy::Itself);
        let why = staticd::why(inside).filter(|_| itself);
        let found = Found::new(
            format!(
                "{name} has no route to {}{instead}{}",
                route.dst(),
                why.map_or_else(String::new, |why| format!(": {why}"))
            ),
            [way(name, route.dst())],
        )
        .seen(format!("ip route in {name}: nothing to {}, expected {}", route.dst(), via(route)));
        let remedy =
            why.map_or_else(|| format!("⌘ lab-up, or {}", set(name, route)), |_| format!("docker restart {name}"));
        found.remedy(remedy)
    };
    missing.map(found).collect()
}

fn elsewhere(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let found = |(name, inside, route, instead): (&str, &Inside, &Route, Option<&KernelRoute>)| {
        let instead = instead.filter(|by| !is_default(by) && !drops(by) && !shares(route, by))?;
        let ours = inside.routes.iter().any(|has| has.dst == route.dst() && route.is_via(&has.via));
        let why = match (ours, instead.dst == route.dst()) {
            (true, true) => "a route with a better metric outranks the lab's",
            (_, false) => "a more specific route outranks the lab's",
            (false, true) => "the route leads elsewhere",
        };
        let words = words(instead);
        let family = if instead.dst.addr().is_ipv4() { "-4" } else { "-6" };
        let delete = format!("docker exec {name} ip {family} route delete {words}");
        let remedy = if ours { delete } else { format!("{delete}; then {}", set(name, route)) };
        Some(
            Found::new(
                format!("packets from {name} to {} do not take the lab's route {}: {why}", route.dst(), via(route)),
                [way(name, route.dst())],
            )
            .seen(format!("ip route in {name}: {words}"))
            .remedy(remedy),
        )
    };
    wrong(e).filter_map(found).collect()
}

/// Routes that drop packets to the lab's networks or to the service.
fn blackhole(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let service = labfile::compose::service_addresses(&e.lab).into_iter().map(|service| IpNet::from(service.address));
    let ranges: Vec<IpNet> = e.lab.networks.iter().flat_map(|network| network.subnets.iter()).chain(service).collect();
    let hits = |route: &&KernelRoute| {
        let meets = |range: &IpNet| range.contains(&route.dst) || route.dst.contains(range);
        drops(route) && route.dst.prefix_len() > 0 && ranges.iter().any(meets)
    };
    let found = |place: &str, route: &KernelRoute| {
        let words = words(route);
        let family = if route.dst.addr().is_ipv4() { "-4" } else { "-6" };
        let here = ranges.iter().filter(|range| route.dst.contains(*range)).map(|range| way(place, *range));
        Found::new(
            format!("{place} drops packets to {}: a {} route stands there", route.dst, route.kind),
            here.chain([way(place, route.dst), Break::Prefix(place.to_owned(), route.dst)]),
        )
        .seen(format!("ip route in {place}: {words}"))
        .remedy(format!("docker exec {place} ip {family} route delete {words}"))
    };
    let places = e.places().filter_map(|place| Some((place, e.inside.get(place)?)));
    places
        .flat_map(|(place, inside)| inside.routes.iter().filter(hits).map(move |r| (place, r)))
        .map(|(p, r)| found(p, r))
        .collect()
}

/// Policy rules that drop, but for those that name a port: they are TCP's and BFD's affair.
fn policy_rule(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for place in e.places() {
        for rule in e.inside.get(place).into_iter().flat_map(|inside| &inside.rules) {
            if !rule.drops() || !ports(&rule.rule).is_empty() {
                continue;
            }
            let ranges = e.lab.networks.iter().flat_map(|network| network.subnets.iter());
            let seen = ranges.filter(|range| Family::of(range.addr()) == rule.family);
            let (program, words) = (rule.program(), &rule.rule);
            all.push(
                Found::new(
                    format!("a policy rule in {place} drops packets: {words}"),
                    seen.map(|range| way(place, range)),
                )
                .seen(format!("{program} in {place}: {words}"))
                .remedy(format!("docker exec {place} {program} delete {words}")),
            );
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Topic;
    use crate::evidence::iproute::IpRule;
    use crate::evidence::tests::{fail, way as way_to};
    use crate::rules::tests::{broken, only};
    use netlab::iproute::AddressFamily;

    fn frr1(change: impl Fn(&mut Inside)) -> Evidence {
        broken(|e| change(e.inside.get_mut("frr1").unwrap()))
    }

    fn route(kind: &str, dst: &str, via: Option<&str>, metric: u32) -> KernelRoute {
        let via = via.map(|via| format!(r#""gateway": "{via}","#)).unwrap_or_default();
        let json = format!(r#"[{{"type": "{kind}", "dst": "{dst}", {via} "dev": "eth0", "metric": {metric}}}]"#);
        netlab::iproute::routes(&json, AddressFamily::Ipv4).remove(0)
    }

    #[test]
    fn a_route_that_is_gone() {
        let e = frr1(|inside| {
            inside.routes.retain(|route| route.dst.to_string() != "10.0.1.0/24");
            inside.routes.push(route("unicast", "0.0.0.0/0", Some("10.0.2.1"), 0));
        });
        let words = [
            "frr1 has no route to 10.0.1.0/24, so packets leave by the default route",
            "ip -4 route replace 10.0.1.0/24 via 10.0.2.2",
        ];
        only(&e, "route-missing", &words);
    }

    #[test]
    fn a_route_that_is_outranked() {
        let worse = |inside: &mut Inside| {
            inside.routes.iter_mut().for_each(|route| route.metric = 20);
        };
        let e = frr1(|inside| {
            worse(inside);
            inside.routes.push(route("unicast", "10.0.1.0/24", Some("10.0.2.9"), 5));
        });
        only(
            &e,
            "route-elsewhere",
            &["a better metric outranks", "route delete 10.0.1.0/24 via 10.0.2.9 dev eth0 metric 5"],
        );
        let e = frr1(|inside| inside.routes.push(route("unicast", "10.0.1.0/25", Some("10.0.2.9"), 0)));
        only(&e, "route-elsewhere", &["a more specific route outranks"]);
        let e = frr1(|inside| {
            let own = inside.routes.iter_mut().find(|route| route.dst.to_string() == "10.0.1.0/24").unwrap();
            own.via = vec!["10.0.2.9".parse().unwrap()];
        });
        only(&e, "route-elsewhere", &["the route leads elsewhere"]);
    }

    #[test]
    fn what_drops_on_purpose() {
        let e = frr1(|inside| {
            inside.routes.retain(|route| route.dst.to_string() != "10.0.1.0/24");
            inside.routes.push(route("blackhole", "10.0.1.0/24", None, 0));
        });
        only(&e, "route-blackhole", &["frr1 drops packets to 10.0.1.0/24: a blackhole route"]);
        let rule = |family, rule: &str| IpRule { family, rule: rule.to_owned() };
        let e = frr1(|inside| inside.rules.push(rule(Family::Ipv4, "from all to 10.0.1.3 prohibit")));
        only(&e, "policy-rule", &["ip rule delete from all to 10.0.1.3 prohibit"]);
        let mut e = frr1(|inside| inside.rules.push(rule(Family::Ipv6, "from all to fd00:10:0:1::/64 prohibit")));
        fail(&mut e, Topic::Forwarding, way_to("frr1", "kind-worker", "10.0.1.3"));
        only(
            &e,
            "policy-rule",
            &["ip -6 rule delete from all to fd00:10:0:1::/64", "no cause found for 1 failed check"],
        );
    }

    #[test]
    fn a_link_may_be_named_as_a_port_is() {
        let rule = IpRule { family: Family::Ipv4, rule: "from all iif port0 blackhole".to_owned() };
        only(&frr1(|inside| inside.rules.push(rule.clone())), "policy-rule", &["a policy rule in frr1 drops packets"]);
    }
}
