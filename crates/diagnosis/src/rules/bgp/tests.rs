//! One line of one end changed, and what must come out.

use frrconf::running::{RunningBgp, RunningNeighbor};

use crate::conclude::Diagnosis;
use crate::evidence::Evidence;
use crate::evidence::tests::healthy_kind;
use crate::rules::tests::{broken, broken_in, only};

pub(crate) fn bgp<'a>(e: &'a mut Evidence, place: &str) -> &'a mut RunningBgp {
    e.frr.get_mut(place).unwrap().running.as_mut().unwrap().bgp.as_mut().unwrap()
}

pub(crate) fn neighbor<'a>(e: &'a mut Evidence, place: &str, address: &str) -> &'a mut RunningNeighbor {
    bgp(e, place).neighbors.get_mut(&address.parse().unwrap()).unwrap()
}

/// frr1's side of its session with kind-worker.
fn at_frr1(change: impl Fn(&mut RunningNeighbor)) -> Evidence {
    broken(|e| change(neighbor(e, "frr1", "10.0.1.3")))
}

#[test]
fn a_neighbor_that_is_not_there_or_shut_down() {
    let missing = broken(|e| drop(bgp(e, "frr1").neighbors.remove(&"10.0.1.3".parse().unwrap())));
    only(&missing, "neighbor-missing", &["frr1 does not know kind-worker as a BGP neighbor", "frr-reload.py"]);
    let down = at_frr1(|neighbor| neighbor.shutdown = true);
    only(&down, "neighbor-shutdown", &["with kind-worker is shut down on frr1", "-c 'no neighbor 10.0.1.3 shutdown'"]);
}

#[test]
fn as_numbers() {
    let wrong = at_frr1(|neighbor| neighbor.remote_as = Some("64999".into()));
    only(&wrong, "as-differs", &["frr1 expects kind-worker in AS 64999, and it is in AS 64500"]);
}

#[test]
fn identifiers() {
    let id = Some("10.0.1.3".parse().unwrap());
    let same = broken(|e| bgp(e, "frr1").router_id = id);
    only(&same, "router-id-shared", &["frr1 and kind-worker have the same BGP identifier 10.0.1.3"]);
}

#[test]
fn hops_and_ttl() {
    let e = broken_in("ebgp-password.toml", |e| neighbor(e, "frr1", "10.0.1.3").ebgp_multihop = None);
    only(&e, "multihop-missing", &["next-hop-router is between: ebgp-multihop is missing", "10.0.1.3"]);
    let strict = at_frr1(|neighbor| neighbor.ttl_security = Some(1));
    only(&strict, "ttl-security", &["frr1 drops the BGP packets of kind-worker by their TTL", "ttl-security hops 1"]);
}

#[test]
fn who_connects_where_and_from_where() {
    let e = broken(|e| neighbor(e, "kind-worker", "10.0.2.3").passive = true);
    only(&e, "nobody-connects", &["kind-worker waits for frr1 to connect", "-c 'no neighbor 10.0.2.3 passive'"]);
    let e = broken(|e| neighbor(e, "kind-worker", "10.0.2.3").port = Some(1179));
    only(&e, "port-differs", &["TCP port 1179"]);
    let e = broken(|e| neighbor(e, "kind-worker", "10.0.2.3").update_source = Some("10.0.1.99".into()));
    only(&e, "update-source", &["kind-worker speaks to frr1 from 10.0.1.99, and frr1 knows it as 10.0.1.3"]);
    let e = broken(|e| neighbor(e, "frr1", "10.0.1.3").update_source = Some("10.0.2.3".into()));
    assert!(Diagnosis::of(&e).is_healthy(), "its own address is right");
}

/// On a cluster's nodes MetalLB runs FRR, in pods: there is no vtysh in the container, and no file to go back to.
#[test]
fn what_metallb_configures_takes_its_remedy_from_its_resources() {
    type Change = fn(&mut RunningNeighbor);
    let changes: [(&str, Change); 5] = [
        ("neighbor-shutdown", |neighbor| neighbor.shutdown = true),
        ("as-differs", |neighbor| neighbor.remote_as = Some("64999".into())),
        ("nobody-connects", |neighbor| neighbor.passive = true),
        ("port-differs", |neighbor| neighbor.port = Some(1179)),
        ("update-source", |neighbor| neighbor.update_source = Some("10.0.1.99".into())),
    ];
    for (rule, change) in changes {
        let mut e = healthy_kind();
        change(neighbor(&mut e, "kind-worker", "10.0.2.3"));
        only(&e, rule, &["⌘ deploy-metallb"]);
        assert!(!Diagnosis::of(&e).text("⌘").contains("docker exec"), "{rule}");
    }
    let mut e = healthy_kind();
    bgp(&mut e, "kind-worker").asn = 64999;
    let found = Diagnosis::of(&e).findings;
    assert!(found.len() == 2 && found.iter().all(|finding| finding.rule == "as-differs"), "both routers: {found:?}");
    assert!(found[0].remedy.typed_as("⌘").contains("myASN of the BGPPeer): ⌘ deploy-metallb"), "{}", found[0].remedy);
    let mut e = healthy_kind();
    bgp(&mut e, "kind-worker").neighbors.remove(&"10.0.2.3".parse().unwrap());
    assert_eq!(Diagnosis::of(&e).findings, [], "the BGPPeer is looked at instead");
}
