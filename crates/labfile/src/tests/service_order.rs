//! Addresses hold in whatever order MetalLB comes to the services.

use proptest::prelude::*;

use super::{
    super::Overrides,
    read,
    services::{POOLS, service, with},
};

/// A service as a random file has it.
fn random() -> impl Strategy<Value = String> {
    let fields = prop_oneof![
        Just(String::new()),
        Just("pool = \"fixed\"".to_owned()),
        (0_u8..8).prop_map(|n| format!("addresses = [\"203.0.113.{n}\", \"fd01::{n}\"]")),
        (0_u8..4).prop_map(|n| format!("addresses = [\"192.0.2.{n}\"]")),
    ];
    let keys = prop_oneof![Just(""), Just("sharing-key = \"k\""), Just("sharing-key = \"l\"")];
    let policies = prop_oneof![3 => Just("Cluster"), 1 => Just("Local")];
    (fields, keys, 80_u16..84, policies).prop_map(|(fields, key, port, policy)| {
        format!("{fields}\n{key}\nports = [\"{port}/TCP\"]\nexternal-traffic-policy = \"{policy}\"")
    })
}

proptest! {
    /// However MetalLB orders the services of an accepted file, each gets one of the addresses that were foretold: it gives
    /// the first address that is free, or may be shared.
    #[test]
    fn what_is_foretold_holds_in_any_order(
        fields in prop::collection::vec(random(), 1..6),
        order in prop::collection::vec(any::<prop::sample::Index>(), 6),
    ) {
        let tables: String = fields.iter().enumerate().map(|(n, fields)| service(&format!("s{n}"), fields)).collect();
        let Ok(lab) = read(&with(POOLS, &tables), &Overrides::default()) else { return Ok(()) };
        let foretold = lab.assigned();
        let mut left: Vec<usize> = (0..lab.services.len()).collect();
        let mut held: Vec<(usize, std::net::IpAddr)> = Vec::new();
        for pick in &order {
            if left.is_empty() {
                break;
            }
            let service = left.remove(pick.index(left.len()));
            let own = &lab.services[service];
            let pool = own.candidates(&lab.pools)[0];
            for possible in foretold[service].each() {
                let family = crate::Family::of(possible[0]);
                let fits = |address: &std::net::IpAddr| {
                    held.iter().filter(|(_, at)| at == address).all(|(other, _)| *other == service || own.shares_with(&lab.services[*other]))
                };
                let asked = |address: &std::net::IpAddr| match &own.asks {
                    crate::Asks::Addresses(all) => all.contains(address),
                    crate::Asks::Nothing | crate::Asks::Pool(_) => true,
                };
                let given = pool.addresses(family).filter(asked).find(fits);
                prop_assert!(given.is_some_and(|given| possible.contains(&given)), "{tables}\ns{service}: {given:?} of {possible:?}");
                held.extend(given.map(|given| (service, given)));
            }
        }
    }
}
