//! Sessions that are up and carry nothing, or too much.

use frrconf::running::{Running, RunningExchange};
use frrconf::values::Password;
use frrconf::views::Family;

use crate::check::{Check, Topic};
use crate::conclude::Diagnosis;
use crate::evidence::Evidence;
use crate::rules::bgp::tests::{bgp, neighbor};
use crate::rules::tests::{broken, broken_in, only};
use crate::subject::Subject;

fn ipv4<'a>(e: &'a mut Evidence, place: &str, address: &str) -> &'a mut RunningExchange {
    neighbor(e, place, address).families.get_mut(&Family::Ipv4).unwrap()
}

#[test]
fn passwords_are_compared_and_never_shown() {
    let at_frr1 = |password: Option<&str>| {
        broken_in("ebgp-password.toml", |e| {
            neighbor(e, "frr1", "10.0.1.3").password = password.map(|text| Password::new(text).unwrap())
        })
    };
    let wrong = at_frr1(Some("another-secret"));
    only(
        &wrong,
        "password-differs",
        &["frr1 and kind-worker sign their session with different passwords", "frr1 /usr/lib/frr/frr-reload.py"],
    );
    let text = Diagnosis::of(&wrong).text("⌘");
    assert!(!text.contains("another-secret") && !text.contains("lab-secret"), "{text}");
    only(
        &at_frr1(None),
        "password-differs",
        &["kind-worker signs its session with frr1 by a password, and frr1 has none"],
    );
    let e = broken(|e| neighbor(e, "frr1", "10.0.1.3").password = Some(Password::new("x").unwrap()));
    only(&e, "password-differs", &["frr1 signs its session with kind-worker by a password, and kind-worker has none"]);
}

#[test]
fn a_family_that_is_not_exchanged() {
    let e = broken(|e| neighbor(e, "frr1", "10.0.1.3").families.get_mut(&Family::Ipv6).unwrap().activate = None);
    only(
        &e,
        "family-inactive",
        &[
            "frr1 does not exchange IPv6 with kind-worker",
            "-c 'address-family ipv6 unicast' -c 'neighbor 10.0.1.3 activate'",
        ],
    );
}

#[test]
fn a_limit_and_policies() {
    let e = broken(|e| ipv4(e, "frr1", "10.0.1.3").maximum_prefix = Some(0));
    only(&e, "prefix-limit", &["sends more prefixes than frr1 takes", "maximum-prefix 0"]);
    let e = broken_in("ebgp-password.toml", |e| bgp(e, "frr1").requires_policy = true);
    let found = Diagnosis::of(&e).findings;
    assert!(found.len() == 3 && found.iter().all(|finding| finding.rule == "policy-missing"), "{found:?}");
    let e = broken(|e| ipv4(e, "frr1", "10.0.1.3").map_in = Some("nobody".into()));
    only(&e, "policy-denies", &["frr1 passes nothing from kind-worker in IPv4", "route-map nobody does not exist"]);
    let e = broken(|e| {
        e.frr.get_mut("frr1").unwrap().running.as_mut().unwrap().prefix_lists =
            Running::parse("ip prefix-list none seq 5 deny any\n").prefix_lists;
        ipv4(e, "frr1", "10.0.1.3").list_in = Some("none".into());
    });
    only(&e, "policy-denies", &["prefix-list none lets nothing pass"]);
}

/// The limit itself may be any number: that the session is held back is seen in the summary.
#[test]
fn a_session_that_is_held_back() {
    let e = broken(|e| {
        ipv4(e, "frr1", "10.0.1.3").maximum_prefix = Some(9);
        let seen = "10.0.1.3 is Idle (PfxCt), expected Established";
        e.failed.push(Check::failed(Topic::Bgp, Subject::session("frr1", "kind-worker"), seen));
    });
    only(&e, "prefix-limit", &["frr1 holds its session with kind-worker back", "maximum-prefix 9"]);
}

#[test]
fn a_router_that_is_nobodys_client() {
    let e = broken(|e| ipv4(e, "frr1", "10.0.2.2").reflector_client = false);
    only(&e, "reflector-client-missing", &["next-hop-router is not its route reflector client", "out of the lab"]);
}
