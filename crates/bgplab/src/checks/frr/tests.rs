use std::collections::BTreeMap;

use frrconf::ask::Question;
use serde_json::{Value, json};

use super::*;
use labfile::compose::{Expected, LeftOutBy, Observed, expected, expected_of};
use labfile::{Lab, Overrides};

const FRR1: &str = "10.0.2.3";

/// The documented lab with its nodes where Docker would put them: the control plane at 10.0.1.2, workers at .3 and .4.
fn documented() -> (Lab, Expected) {
    let lab = Lab::documented(&Overrides::default()).unwrap();
    let expected = expected(&lab, &lab.cluster.placement);
    (lab, expected)
}

/// `show bgp summary json` with one neighbor of both families.
fn summary(local_as: u32, peer: &str, state: &str, received: u64, sent: u64) -> (Question, Value) {
    let of_family = json!({"routerId": "10.0.2.3", "as": local_as, "peers": {peer: {
        "remoteAs": 64500, "msgRcvd": 12, "msgSent": 11, "peerUptimeMsec": 9000, "state": state,
        "pfxRcd": received, "pfxSnt": sent}}});
    (Question::BgpSummary, json!({"ipv4Unicast": of_family, "ipv6Unicast": of_family}))
}

/// `show bfd peers json` with one session.
fn bfd_peers(peer: &str, multihop: bool, status: &str) -> (Question, Value) {
    let session = json!([{"multihop": multihop, "peer": peer, "local": "10.0.2.3", "status": status,
        "diagnostic": "control detection time expired", "receive-interval": 300, "transmit-interval": 300,
        "detect-multiplier": 3, "remote-transmit-interval": 300, "remote-detect-multiplier": 3}]);
    (Question::BfdPeers, session)
}

/// The answers of one place, each as it is printed.
fn frr<const N: usize>(answers: [(Question, Value); N]) -> Frr {
    Frr::read(answers.map(|(question, answer)| (question, Ok(answer.to_string()))))
}

fn views(name: &str, view: Frr) -> Views {
    BTreeMap::from([(name.to_owned(), view)])
}

/// Returns the failed checks of the sessions between frr1 and kind-worker, as this end sees them.
fn failed(expected: &Expected, end: &str, view: Frr) -> Vec<String> {
    let between = |session: &&SessionState| session.opener.name == "kind-worker" && session.answerer.name == "frr1";
    let ours: Vec<SessionState> = expected.sessions.iter().filter(between).cloned().collect();
    let checks = sessions(&ours, &views(end, view));
    assert_eq!(checks.len(), 2, "BGP and BFD");
    checks.into_iter().filter(|check| !check.passed).map(|check| check.to_string()).collect()
}

fn worker(sent: u64) -> Frr {
    frr([summary(64500, FRR1, "Established", 0, sent), bfd_peers(FRR1, true, "up")])
}

#[test]
fn a_speakers_end_counts_what_it_sends() {
    let (_, expected) = documented();
    assert!(failed(&expected, "kind-worker", worker(1)).is_empty());
    assert_eq!(
        failed(&expected, "kind-worker", worker(0)),
        ["bgp kind-worker – frr1: 10.0.2.3: 0 IPv4 prefixes sent, expected 1"]
    );
}

#[test]
fn a_routers_end_counts_what_it_receives() {
    let (_, expected) = documented();
    let view =
        |received| frr([summary(64500, "10.0.1.3", "Established", received, 0), bfd_peers("10.0.1.3", true, "up")]);
    assert!(failed(&expected, "frr1", view(1)).is_empty());
    assert_eq!(failed(&expected, "frr1", view(2)).len(), 1);
}

#[test]
fn a_node_that_does_not_announce_sends_nothing() {
    let (lab, _) = documented();
    let observed = Observed { announces: &|_, _| false, addresses: &|_| Vec::new() };
    let none = expected_of(&lab, &lab.cluster.placement, observed);
    assert!(failed(&none, "kind-worker", worker(0)).is_empty());
    assert_eq!(failed(&none, "kind-worker", worker(1)).len(), 1);
}

#[test]
fn another_local_as_is_reported() {
    let (_, expected) = documented();
    let view = frr([summary(64999, FRR1, "Established", 0, 1), bfd_peers(FRR1, true, "up")]);
    assert_eq!(failed(&expected, "kind-worker", view), ["bgp kind-worker – frr1: local AS 64999, expected 64500"]);
}

#[test]
fn what_is_down_says_why() {
    let (_, expected) = documented();
    let view = frr([summary(64500, FRR1, "Active", 0, 0), bfd_peers(FRR1, true, "down")]);
    assert_eq!(
        failed(&expected, "kind-worker", view),
        [
            "bgp kind-worker – frr1: 10.0.2.3 is Active, expected Established",
            "bfd kind-worker – frr1: 10.0.2.3 is down (control detection time expired), expected up",
        ]
    );
    let single = frr([summary(64500, FRR1, "Established", 0, 1), bfd_peers(FRR1, false, "up")]);
    assert_eq!(failed(&expected, "kind-worker", single), ["bfd kind-worker – frr1: no multihop session to 10.0.2.3"]);
}

#[test]
fn an_end_that_nobody_asked_is_left_out_and_one_that_did_not_answer_fails() {
    let (_, expected) = documented();
    assert!(sessions(&expected.sessions, &Views::new()).is_empty());
    let silent = views("frr1", Frr::default());
    let checks = sessions(&expected.sessions, &silent);
    assert!(!checks.is_empty() && checks.iter().all(|check| !check.passed));
}

/// One silent daemon fails the checks that go by it, and no others.
#[test]
fn a_silent_daemon_keeps_no_others_answer_back() {
    let (_, expected) = documented();
    let (question, answer) = summary(64500, FRR1, "Established", 0, 1);
    let silent = Err("kind-worker: bfdd does not answer".to_owned());
    let view = Frr::read([(question, Ok(answer.to_string())), (Question::BfdPeers, silent)]);
    assert_eq!(failed(&expected, "kind-worker", view), ["bfd kind-worker – frr1: kind-worker: bfdd does not answer"]);
}

#[test]
fn bfd_without_bgp_is_one_session_a_worker_and_router() {
    let (_, all) = documented();
    let bare = all.bfd_only();
    let ends: Vec<_> = bare.bare_bfd.iter().map(|pair| (pair.router.name.as_str(), pair.node.name.as_str())).collect();
    assert!(ends.contains(&("frr1", "kind-worker")) && ends.contains(&("frr2", "kind-worker2")), "{ends:?}");
    let up = views("frr1", frr([bfd_peers("10.0.1.3", true, "up")]));
    let checks = bare_bfd(&bare.bare_bfd, &up);
    let passed: Vec<_> = checks.iter().filter(|check| check.passed).map(|check| &check.subject).collect();
    assert_eq!(passed, [&Subject::session("frr1", "kind-worker")]);
}

/// `show bgp ipv4 unicast json` with one path to the service.
fn table_from(from: &str) -> Frr {
    let table = json!({"routerId": "10.128.1.1", "localAS": 64500, "routes": {"203.0.113.200/32": [
        {"valid": true, "bestpath": true, "peerId": from, "path": "", "nexthops": [{"ip": "0.0.0.0", "used": true}]}]}});
    frr([(Question::BgpTable(Family::Ipv4), table)])
}

#[test]
fn only_a_path_of_its_own_is_announced() {
    let prefix = "203.0.113.200/32".parse().unwrap();
    let entry = |by| vec![Announced { node: "kind-worker".into(), prefix, by, left_out_by: LeftOutBy::LoadBalancing }];
    let passes = |by, from| announced(&entry(by), &views("kind-worker", table_from(from)))[0].passed;
    assert!(passes(true, "(unspec)") && !passes(true, FRR1));
    assert!(passes(false, FRR1) && !passes(false, "(unspec)"));
}

/// `show ip route json` with the service behind these next hops, reached by a router; the nodes' network is behind the
/// next-hop-router.
fn routes(hops: &[&str], by: &str) -> Frr {
    let via = |ip: &str| json!({"ip": ip, "interfaceName": "eth0", "fib": true, "active": true});
    let recursive = |ip: &&str| {
        let resolver = json!({"ip": by, "interfaceName": "eth0", "fib": true, "active": true, "resolver": true});
        [json!({"ip": ip, "active": true, "recursive": true}), resolver]
    };
    let route = |protocol: &str, hops: Vec<Value>| json!([{"protocol": protocol, "selected": true, "installed": true, "nexthops": hops}]);
    let table = json!({
        "203.0.113.200/32": route("bgp", hops.iter().flat_map(recursive).collect()),
        "10.0.1.0/24": route("static", vec![via("10.0.2.2")]), "0.0.0.0/0": route("kernel", vec![via("10.0.2.1")])});
    frr([(Question::Routes(Family::Ipv4), table)])
}

#[test]
fn a_routers_next_hops_are_the_nodes_that_announce() {
    let (_, expected) = documented();
    let of_frr1 = |entry: &&TableEntry| entry.router.as_str() == "frr1" && entry.prefix.addr().is_ipv4();
    let entries: Vec<TableEntry> = expected.tables.iter().filter(of_frr1).cloned().collect();
    let reached = |hops: &[&str], by: &str| tables(&entries, &views("frr1", routes(hops, by))).remove(0);
    let seen = |hops: &[&str]| reached(hops, "10.0.2.2");
    assert!(seen(&["10.0.1.3", "10.0.1.4"]).passed);
    let one = seen(&["10.0.1.3"]);
    assert_eq!((one.passed, one.seen.as_str()), (false, "next hops 10.0.1.3, expected 10.0.1.3 10.0.1.4"));
    assert!(!seen(&["10.0.1.2", "10.0.1.3", "10.0.1.4"]).passed, "the control plane announces nothing");
    let stale = reached(&["10.0.1.3", "10.0.1.4"], "10.0.2.1");
    let said = "next hop 10.0.1.3 is reached by 10.0.2.1, though the table leads by 10.0.2.2";
    assert_eq!((stale.passed, stale.seen.as_str()), (false, said));
}

/// One on a connected network may also be the router that leads to the other, as in FRR's own output.
#[test]
fn next_hops_of_both_kinds_are_counted_and_those_that_zebra_does_not_use_are_not() {
    let (_, expected) = documented();
    let of_frr1 = |entry: &&TableEntry| entry.router.as_str() == "frr1" && entry.prefix.addr().is_ipv4();
    let mut entry = expected.tables.iter().find(of_frr1).unwrap().clone();
    entry.next_hops = NextHops::All(["10.0.1.3", "10.0.2.2"].map(|ip| ip.parse().unwrap()).into());
    let direct = json!({"ip": "10.0.2.2", "interfaceName": "eth0", "fib": true, "active": true});
    let resolver = json!({"ip": "10.0.2.2", "interfaceName": "eth0", "fib": true, "active": true, "resolver": true});
    let seen = |hops: Value| {
        let table = json!({
            "203.0.113.200/32": [{"protocol": "bgp", "selected": true, "installed": true, "nexthops": hops}],
            "10.0.1.0/24": [{"protocol": "static", "selected": true, "installed": true, "nexthops": [direct]}],
            "10.0.2.0/24": [{"protocol": "connected", "selected": true, "installed": true, "nexthops": [
                {"interfaceName": "eth0", "fib": true, "active": true, "directlyConnected": true}]}]});
        let view = frr([(Question::Routes(Family::Ipv4), table)]);
        tables(std::slice::from_ref(&entry), &views("frr1", view)).remove(0)
    };
    let both = seen(json!([{"ip": "10.0.1.3", "active": true, "recursive": true}, resolver, direct]));
    assert!(both.passed, "{both}");
    let one = seen(json!([{"ip": "10.0.1.3"}, direct]));
    assert_eq!((one.passed, one.seen.as_str()), (false, "next hops 10.0.2.2, expected 10.0.1.3 10.0.2.2"));
}
