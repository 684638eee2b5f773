use metallb::facts::PoolView;

use super::*;
use crate::check::Topic;
use crate::conclude::Diagnosis;
use crate::evidence::tests::fail;
use crate::rules::cluster::fixture::{balanced, cluster};
use crate::subject::Subject;

/// The documented cluster as if no lab file described it, with one thing broken.
fn without_lab(change: impl FnOnce(&mut Evidence)) -> Evidence {
    let mut e = cluster(|_| {});
    // Nobody's containers are ours.
    (e.docker, e.meant) = (None, Default::default());
    e.without_lab = Some(WithoutLab::default());
    change(&mut e);
    e
}

/// These rules find something, no other rule does, and all of these words are said; of a lab, and its verbs, none is.
#[track_caller]
fn said(e: &Evidence, rules: &[&str], words: &[&str]) {
    let diagnosis = Diagnosis::of(e);
    let found: Vec<&str> = diagnosis.findings.iter().map(|finding| finding.rule).collect();
    let text = diagnosis.text("⌘");
    assert_eq!(found, rules, "{text}");
    assert!(words.iter().all(|word| text.contains(word)), "{text}");
    assert!(!text.contains('⌘') && !text.contains("the lab"), "{text}");
}

#[test]
fn a_healthy_cluster_yields_nothing_but_what_is_not_looked_at() {
    let diagnosis = Diagnosis::of(&without_lab(|_| {})).with_unseen(vec!["192.0.2.1 (BGPPeer a)".to_owned()]);
    assert_eq!(diagnosis.text("⌘"), "nothing wrong found\nnot looked at: 192.0.2.1 (BGPPeer a)\n");
    assert!(diagnosis.is_healthy());
}

fn stopped(all: &[&str]) -> Evidence {
    without_lab(|e| {
        e.frr.remove("frr1");
        for node in e.nodes.clone() {
            e.frr.get_mut(&node.name).unwrap().summary = None;
            fail(e, Topic::Bgp, Subject::session(&node.name, "frr1"));
        }
        e.without_lab.as_mut().unwrap().absent = vec![Absent {
            router: "frr1".into(),
            peers: vec!["doc-example-peer".into()],
            address: "10.0.2.3".parse().unwrap(),
            network: "kind2".into(),
            stopped: all.iter().map(|name| (*name).to_owned()).collect(),
        }];
    })
}

#[test]
fn a_peer_that_does_not_run() {
    let one = stopped(&["frr1"]);
    said(&one, &["peer-absent"], &["container frr1 does not run", "docker start frr1", "bgp kind-worker – frr1"]);
    said(&stopped(&[]), &["peer-absent"], &["nobody has the address 10.0.2.3 of BGPPeer doc-example-peer"]);
    said(&stopped(&["a", "b"]), &["peer-absent"], &["containers a, b of network kind2 do not run"]);
}

#[test]
fn another_as_is_named_by_the_resource() {
    let e = without_lab(|e| {
        let bgp = e.frr.get_mut("frr1").unwrap().running.as_mut().unwrap().bgp.as_mut().unwrap();
        bgp.asn = 64999;
    });
    let text = Diagnosis::of(&e).text("⌘");
    assert!(text.contains("frr1 is in AS 64999 instead") && text.contains("peerASN of the BGPPeer"), "{text}");
    assert!(!text.contains('⌘') && !text.contains("the lab"), "{text}");
}

#[test]
fn two_passwords() {
    let e = without_lab(|e| {
        let bgp = e.frr.get_mut("frr1").unwrap().running.as_mut().unwrap().bgp.as_mut().unwrap();
        bgp.neighbors.get_mut(&"10.0.1.3".parse().unwrap()).unwrap().password =
            Some(labfile::Password::new("other").unwrap());
    });
    let diagnosis = Diagnosis::of(&e);
    let text = diagnosis.text("⌘");
    assert_eq!(diagnosis.findings.len(), 1, "{text}");
    assert!(text.contains("passwordSecret of the BGPPeer") && !text.contains('⌘') && !text.contains("other"), "{text}");
}

#[test]
fn a_secret_that_holds_no_password() {
    let e = without_lab(|e| {
        let secret = ("doc-example-peer".to_owned(), "tor".to_owned(), "is not there".to_owned());
        e.without_lab.as_mut().unwrap().secrets = vec![secret];
    });
    said(
        &e,
        &["secret-missing"],
        &["Secret tor, from which BGPPeer doc-example-peer takes its password, is not there"],
    );
}

/// A service that waits, and pools: name, ranges, and whether services get their addresses without asking.
fn waits(asks: Option<&str>, pools: &[(&str, &str, bool)], words: &[&str]) -> Evidence {
    without_lab(|e| {
        let facts = &mut e.cluster.as_mut().unwrap().facts;
        let pool = |(name, range, auto_assign): &(&str, &str, bool)| PoolView {
            name: (*name).to_owned(),
            addresses: vec![(*range).to_owned()],
            auto_assign: *auto_assign,
        };
        facts.pools.extend(pools.iter().map(pool));
        // The documented pool is not this test's.
        facts.pools[0].auto_assign = false;
        facts.services.push(balanced("shop", "web", &["198.51.100.0"]));
        let mut service = balanced("shop", "late", &[]);
        service.pool = asks.map(str::to_owned);
        facts.services.push(service);
        let words = words.iter().map(|words| (*words).to_owned()).collect();
        let pending = Pending { namespace: "shop".into(), name: "late".into(), words };
        e.without_lab.as_mut().unwrap().pending = vec![pending];
    })
}

#[test]
fn a_pool_that_is_used_up() {
    let refused = "AllocationFailed: no available IPs";
    let full = waits(None, &[("public", "198.51.100.0/32", true)], &[refused]);
    let words = [
        "address pool public is used up: service shop/late gets no address",
        "1 of 1 addresses taken, by shop/web",
        refused,
    ];
    said(&full, &["address-pending"], &words);
    let asked =
        waits(Some("own"), &[("public", "198.51.100.0/32", true), ("own", "198.51.100.8/31", false)], &[refused]);
    said(&asked, &["address-pending"], &["MetalLB gives service shop/late no address", refused]);
    let room = waits(None, &[("public", "198.51.100.0/31", true)], &[]);
    said(&room, &["address-pending"], &["has no address, and MetalLB says nothing of it"]);
}

#[test]
fn a_node_that_the_speakers_leave_out_is_nobodys_fault() {
    let e = without_lab(|e| {
        let c = e.cluster.as_mut().unwrap();
        c.speakers.retain(|pod| pod.node != "kind-control-plane");
        e.nodes.retain(|node| node.name != "kind-control-plane");
    });
    said(&e, &[], &[]);
    let e = without_lab(|e| e.cluster.as_mut().unwrap().speakers.retain(|pod| pod.node != "kind-worker"));
    said(&e, &["speaker-missing"], &["node kind-worker has no speaker", "describe daemonset speaker"]);
}
