//! The check of a path: the kernels' routes are followed, from place to place.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use futures::future::join_all;

use crate::checks::shells::Shells;

/// The places of a step, with their addresses.
type Step = BTreeMap<String, BTreeSet<IpAddr>>;

/// Follows the routes to an address, from a place over all places of each step.
///
/// # Errors
/// The first step at which the routes lead elsewhere.
pub(super) async fn follow(shells: &Shells<'_>, from: &str, to: IpAddr, steps: &[Step]) -> Result<String, String> {
    let mut at = vec![from.to_owned()];
    for step in steps {
        let script = format!("ip route get fibmatch {to}");
        let asked = at.iter().map(async |place| {
            let printed =
                shells.run(place, &script).await.map_err(|why| format!("{place} could not be asked: {why}"))?;
            let next = next(&printed, to).ok_or_else(|| format!("{place} has no route to {to}"))?;
            Ok::<_, String>((place.as_str(), next))
        });
        let mut taken = BTreeSet::new();
        for asked in join_all(asked).await {
            let (place, next) = asked?;
            taken.extend(arrives(place, &next, step)?);
        }
        if let Some(missing) = step.keys().find(|name| !taken.contains(name.as_str())) {
            return Err(format!("{} does not lead to {missing}, but to {}", at.join(", "), words(&taken)));
        }
        at = step.keys().cloned().collect();
    }
    let steps = steps.iter().map(|step| step.keys().cloned().collect::<Vec<_>>().join(" or "));
    Ok(std::iter::once(from.to_owned()).chain(steps).collect::<Vec<_>>().join(" → "))
}

/// Returns the names of a step's places that some next hops are.
fn arrives<'a>(place: &str, next: &BTreeSet<IpAddr>, step: &'a Step) -> Result<BTreeSet<&'a str>, String> {
    let mut taken = BTreeSet::new();
    for hop in next {
        let Some((name, _)) = step.iter().find(|(_, addresses)| addresses.contains(hop)) else {
            let expected = step.keys().cloned().collect::<Vec<_>>().join(" or ");
            return Err(format!("{place} leads to {hop}, expected {expected}"));
        };
        taken.insert(name.as_str());
    }
    Ok(taken)
}

/// Reads the next hops in what `ip route get fibmatch` prints of a route to an address: the address itself on a connected
/// network; `None` where there is no route.
fn next(printed: &str, to: IpAddr) -> Option<BTreeSet<IpAddr>> {
    let words: Vec<&str> = printed.split_whitespace().collect();
    let first = *words.first()?;
    if ["unreachable", "blackhole", "prohibit", "RTNETLINK"].contains(&first) {
        return None;
    }
    let gateways = words.windows(3).filter(|three| three[0] == "via").filter_map(|three| {
        let family = ["inet", "inet6"].contains(&three[1]);
        three[if family { 2 } else { 1 }].parse().ok()
    });
    let gateways: BTreeSet<IpAddr> = gateways.collect();
    Some(if gateways.is_empty() { [to].into() } else { gateways })
}

fn words(names: &BTreeSet<&str>) -> String {
    names.iter().copied().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::one("203.0.113.200 nhid 30 proto bgp metric 20 via 10.0.2.2 dev eth0 ", &["10.0.2.2"])]
    #[case::equal("203.0.113.200 nhid 30 proto bgp metric 20 \n\tnexthop via 10.0.9.1 dev eth0 weight 1 \n\tnexthop via 10.0.9.2 dev eth0 weight 1 ", &["10.0.9.1", "10.0.9.2"])]
    #[case::of_the_other_family("203.0.113.200 via inet6 fe80::1 dev eth0 proto bgp ", &["fe80::1"])]
    #[case::connected("203.0.113.0/24 dev eth0 proto kernel scope link src 203.0.113.2 ", &["203.0.113.200"])]
    #[case::default_route("default via 10.0.2.1 dev eth0 ", &["10.0.2.1"])]
    fn a_route_has_next_hops(#[case] printed: &str, #[case] hops: &[&str]) {
        let hops: BTreeSet<IpAddr> = hops.iter().map(|hop| hop.parse().unwrap()).collect();
        assert_eq!(next(printed, "203.0.113.200".parse().unwrap()), Some(hops));
    }

    #[rstest]
    #[case("")]
    #[case("RTNETLINK answers: Network is unreachable")]
    #[case("unreachable 203.0.113.0/24 dev lo metric 1024")]
    fn a_missing_route_has_none(#[case] printed: &str) {
        assert_eq!(next(printed, "203.0.113.200".parse().unwrap()), None);
    }

    #[test]
    fn next_hops_are_places_of_the_step() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let step: Step =
            [("leaf1".to_owned(), [ip("10.0.9.1")].into()), ("leaf2".to_owned(), [ip("10.0.9.2")].into())].into();
        assert_eq!(arrives("spine1", &[ip("10.0.9.1"), ip("10.0.9.2")].into(), &step).unwrap().len(), 2);
        let elsewhere = arrives("spine1", &[ip("10.0.9.3")].into(), &step).unwrap_err();
        assert_eq!(elsewhere, "spine1 leads to 10.0.9.3, expected leaf1 or leaf2");
    }
}
