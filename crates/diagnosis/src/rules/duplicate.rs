//! Addresses that two have.

use crate::check::Check;
use crate::evidence::Evidence;
use crate::finding::{Break, Found, Layer};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::proof("address-shared", Layer::Address, shared),
    Rule::inference("address-answered", Layer::Address, answered),
];

/// An address of one place on the link of another.
fn shared(e: &Evidence, _: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for (place, inside) in &e.inside {
        for (link, net) in inside.links.iter().flat_map(|link| link.addresses.iter().map(move |net| (link, net))) {
            let Some(owner) = e.place_at(net.addr()).filter(|owner| owner != place) else { continue };
            let network = e.network_at(net.addr()).map(ToString::to_string).unwrap_or_default();
            let cause = format!("{place} has {owner}'s address {}, too: packets to it go to either", net.addr());
            all.push(
                Found::new(
                    cause,
                    [Break::Attachment(owner.to_owned(), network.clone()), Break::Attachment(place.clone(), network)],
                )
                .seen(format!("ip address in {place}: {net} on {}", link.name))
                .remedy(format!("docker exec {place} ip address delete {net} dev {}", link.name)),
            );
        }
    }
    all
}

/// An address of a place is answered from another MAC address than that place's: something else on the network has it.
fn answered(e: &Evidence, open: &[Check]) -> Vec<Found> {
    let mut all = Vec::new();
    for (place, inside) in &e.inside {
        for (address, mac) in &inside.answering_neighbors {
            let Some(owner) = e.place_at(*address) else { continue };
            let link = e.inside.get(owner).and_then(|inside| inside.link_with(*address));
            let Some(link) = link.filter(|link| !link.mac.is_empty() && link.mac != *mac) else { continue };
            if !open.iter().any(|check| check.subject.concerns(place) || check.subject.concerns(owner)) {
                continue;
            }
            let network = e.network_at(*address).map(ToString::to_string).unwrap_or_default();
            let breaks =
                [Break::Attachment(owner.to_owned(), network.clone()), Break::Way(place.clone(), (*address).into())];
            all.push(
                Found::new(format!("something else answers {place} for {owner}'s address {address} on network {network}"), breaks)
                    .seen(format!("ip neighbor in {place}: {address} is at {mac}, and {owner}'s {} is {}", link.name, link.mac))
                    .remedy(format!("find what has {mac} (docker network inspect {network}; ip -br link on the machine), and take the address from it; then docker exec {place} ip neighbor flush all")),
            );
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::check::Topic;
    use crate::evidence::tests::{fail, way};
    use crate::rules::tests::{broken, only};

    #[test]
    fn an_address_that_two_have() {
        let e = broken(|e| {
            let links = &mut e.inside.get_mut("frr2").unwrap().links;
            links[0].addresses.push("10.0.2.3/24".parse().unwrap());
        });
        only(
            &e,
            "address-shared",
            &["frr2 has frr1's address 10.0.2.3, too", "docker exec frr2 ip address delete 10.0.2.3/24 dev eth0"],
        );
    }

    #[test]
    fn an_address_that_something_else_answers_for() {
        let neighbor = |mac: &str, fails: bool| {
            broken(|e| {
                let inside = e.inside.get_mut("next-hop-router").unwrap();
                inside.answering_neighbors.insert("10.0.2.3".parse().unwrap(), mac.to_owned());
                if fails {
                    fail(e, Topic::Forwarding, way("next-hop-router", "frr1", "10.0.2.3"));
                }
            })
        };
        let words =
            ["something else answers next-hop-router for frr1's address 10.0.2.3", "10.0.2.3 is at 02:00:00:00:00:01"];
        only(&neighbor("02:00:00:00:00:01", true), "address-answered", &words);
        for e in [neighbor("02:42:frr1-0", true), neighbor("02:00:00:00:00:01", false)] {
            assert_eq!(crate::conclude::Diagnosis::of(&e).findings, []);
        }
    }
}
