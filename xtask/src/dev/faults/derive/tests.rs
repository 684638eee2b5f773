//! The faults of the documented lab and of the tests' small one.

use std::collections::BTreeSet;

use bgplab::labfile::{Lab, Overrides, ProviderName};

use super::*;

fn of(provider: ProviderName) -> Vec<Fault> {
    let overrides = Overrides { provider: Some(provider), ..Overrides::default() };
    let lab = Lab::documented(&overrides).unwrap();
    derive(&lab, &lab.cluster.placement).unwrap()
}

fn all() -> Vec<Fault> {
    of(ProviderName::Standalone)
}

#[test]
fn every_object_has_its_faults() {
    let ids: BTreeSet<String> = all().into_iter().map(|fault| fault.id).collect();
    for id in [
        "network/kind2/removed",
        "container/frr1/paused",
        "endpoint/next-hop-router/kind/disconnected",
        "link/frr1/kind2/mtu",
        "address/frr1/10.0.2.3/deleted",
        "address/frr1/fd00:10:0:2::3/shared",
        "address/kind-worker/203.0.113.200/deleted",
        "route/frr1/10.0.1.0/24/outranked",
        "sysctl/next-hop-router/net.ipv4.ip_forward/changed",
        "file/frr1/frr.conf/removed",
        "program/kind-worker/bfdd/killed",
        "line/frr1/router-bgp-64500.neighbor-10.0.1.3-remote-as-64500/changed",
        "line/kind-worker/router-bgp-64500.address-family-ipv4-unicast.network-203.0.113.200/32/deleted",
    ] {
        assert!(ids.contains(id), "{id}: {ids:#?}");
    }
}

#[test]
fn the_same_lab_has_the_same_faults_and_no_name_twice() {
    let (first, second) = (all(), all());
    assert_eq!(first, second);
    let ids: BTreeSet<&str> = first.iter().map(|fault| fault.id.as_str()).collect();
    assert_eq!(ids.len(), first.len());
    assert!(first.len() > 500, "{}", first.len());
}

#[test]
fn every_fault_names_its_object_and_can_be_made() {
    for fault in all() {
        assert!(!fault.acts.is_empty() && fault.names.iter().all(|one_of| !one_of.is_empty()), "{fault:?}");
        assert!(fault.names.len() > 1 || ["network", "container"].contains(&fault.kind()), "{fault:?}");
    }
}

#[test]
fn a_line_is_named_by_what_it_says_and_said() {
    let id = "line/kind-worker/router-bgp-64500.address-family-ipv4-unicast.network-203.0.113.200/32/changed";
    let fault = all().into_iter().find(|fault| fault.id == id).unwrap();
    assert!(fault.is_named_in("kind-worker does not announce 203.0.113.200/32"));
    assert!(fault.is_named_in("kind-worker runs by a line that the lab does not give it: `network 203.0.113.216/32`"));
    assert!(!fault.is_named_in("kind-worker announces fd01::/128"));
}

/// An address that nobody has, and a neighbor of each family.
#[test]
fn values_are_of_the_lab() {
    let of = |id: &str| all().into_iter().find(|fault| fault.id == id).unwrap().made_by();
    assert!(of("endpoint/frr1/kind2/readdressed").contains("--ip 10.0.2.254 kind2 frr1"));
    assert!(of("route/frr1/fd00:10:0:1::/64/outranked").contains("via fd00:10:0:2::1 metric 5"));
    assert!(of("address/frr1/10.0.2.3/shared").starts_with("docker exec frr2 "));
}

#[test]
fn a_cluster_has_faults_of_each_field_of_each_resource() {
    let all = of(ProviderName::Kind);
    let made_by = |id: &str| all.iter().find(|fault| fault.id == id).map(Fault::made_by);
    let patch = made_by("resource/BGPPeer/doc-example-peer/spec.peerASN/changed").unwrap();
    assert!(patch.contains("patch BGPPeer doc-example-peer --type=json") && patch.contains("64501"), "{patch}");
    for id in [
        "resource/BFDProfile/doc-example-bfd-profile-full/deleted",
        "resource/IPAddressPool/doc-example-bgp-adv/spec.addresses.0/deleted",
        "resource/Service/test-agnhost/spec.externalTrafficPolicy/changed",
        "deployment/controller/scaled",
        "node/kind-worker/tainted",
        "container/kind-worker/paused",
        "route/kind-worker/10.0.2.0/24/deleted",
        "line/frr1/ip-route-10.0.1.0/24-10.0.2.2/deleted",
    ] {
        assert!(made_by(id).is_some(), "{id}: {:#?}", all.iter().map(|fault| &fault.id).collect::<Vec<_>>());
    }
    let ids: BTreeSet<&str> = all.iter().map(|fault| fault.id.as_str()).collect();
    assert_eq!(ids.len(), all.len());
}
