//! BFD that cannot come up, by what one end runs by and what both say.

use frrconf::running::RunningProfile;
use frrconf::views::{BfdPeers, BgpNeighbors};

use crate::check::Topic;
use crate::evidence::Evidence;
use crate::evidence::tests::{fail, healthy_kind};
use crate::rules::bgp::tests::neighbor;
use crate::rules::tests::{broken, only};
use crate::subject::Subject;

fn profile<'a>(e: &'a mut Evidence, place: &str) -> &'a mut RunningProfile {
    let running = e.frr.get_mut(place).unwrap().running.as_mut().unwrap();
    running.bfd.profiles.values_mut().next().unwrap()
}

fn sessions(e: &mut Evidence, place: &str, peer: &str, session: Option<&str>) {
    let bfd = e.frr.get_mut(place).unwrap().bfd.as_mut().unwrap();
    bfd.0.retain(|session| session.peer != peer.parse::<std::net::IpAddr>().unwrap());
    let Some(what) = session else { return };
    let text = format!(
        r#"[{{"peer":"{peer}","status":"down","receive-interval":300,"transmit-interval":300,"detect-multiplier":3,{what}}}]"#
    );
    bfd.0.extend(BfdPeers::parse(&text).unwrap().0);
}

#[test]
fn what_one_end_runs_by() {
    let e = broken(|e| neighbor(e, "frr1", "10.0.1.3").bfd = false);
    only(&e, "bfd-off", &["frr1 does not use BFD with kind-worker"]);
    let e = broken(|e| neighbor(e, "frr1", "10.0.1.3").bfd_profile = Some("other".into()));
    only(&e, "bfd-profile-missing", &["by the BFD profile other, which it does not have"]);
    let e = broken(|e| profile(e, "kind-worker").shutdown = true);
    let found = crate::conclude::Diagnosis::of(&e).findings;
    assert!(
        found.len() == 2 && found.iter().all(|finding| finding.rule == "bfd-shutdown"),
        "both its sessions: {found:?}"
    );
    assert_eq!(found[0].cause, "BFD with frr1 is shut down on kind-worker");
}

#[test]
fn both_ends_wait() {
    let e = broken(|e| {
        for place in ["frr1", "kind-worker"] {
            profile(e, place).passive = true;
        }
    });
    only(&e, "bfd-passive", &["both frr1 and kind-worker are passive in BFD", "no passive-mode"]);
    assert!(crate::conclude::Diagnosis::of(&broken(|e| profile(e, "kind-worker").passive = true)).is_healthy());
}

#[test]
fn hops() {
    let e = broken(|e| sessions(e, "frr1", "10.0.1.3", Some(r#""multihop":false"#)));
    only(
        &e,
        "bfd-hops-differ",
        &["frr1 speaks single-hop (UDP 3784) BFD to kind-worker, which speaks multihop (UDP 4784)"],
    );
    let e = broken(|e| sessions(e, "frr1", "10.0.1.3", Some(r#""multihop":true,"minimum-ttl":255"#)));
    only(&e, "bfd-ttl", &["arrive with TTL 254, and it takes no less than 255", "minimum-ttl 253"]);
}

#[test]
fn what_metallb_configures_takes_its_remedy_from_its_resources() {
    for session in [r#""multihop":false"#, r#""multihop":true,"minimum-ttl":255"#] {
        let mut e = healthy_kind();
        sessions(&mut e, "kind-worker", "10.0.2.3", Some(session));
        let found = crate::conclude::Diagnosis::of(&e).findings;
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            {
                let remedy = found[0].remedy.to_string();
                remedy.contains("deploy-metallb") && !remedy.contains("docker exec")
            },
            "{found:?}"
        );
    }
}

/// The session of two ends, of which `near` waits in a state, watched by a BFD session that nobody answers.
fn waits(e: &mut Evidence, (near, own): (&str, &str), (far, address): (&str, &str), state: &str) {
    let text = format!(
        r#"{{"{address}":{{"remoteAs":64500,"localAs":64500,"bgpState":"{state}","peerBfdInfo":{{"type":"multi hop","status":"Down"}}}}}}"#
    );
    let neighbors = BgpNeighbors::parse(&text).unwrap().neighbors;
    e.frr.get_mut(near).unwrap().neighbors.get_or_insert_default().neighbors.extend(neighbors);
    sessions(e, near, address, Some(r#""multihop":true"#));
    sessions(e, far, own, None);
    for (near, far) in [(near, far), (far, near)] {
        fail(e, Topic::Bgp, Subject::session(near, far));
        fail(e, Topic::Bfd, Subject::session(near, far));
    }
}

/// frr1 waits for kind-worker in a state.
fn held(state: &str) -> Evidence {
    broken(|e| {
        neighbor(e, "frr1", "10.0.1.3").update_source = Some("10.0.2.3".into());
        waits(e, ("frr1", "10.0.2.3"), ("kind-worker", "10.0.1.3"), state);
    })
}

#[test]
fn the_deadlock_at_a_node_ends_from_the_router() {
    let e = broken(|e| waits(e, ("kind-worker", "10.0.1.3"), ("frr1", "10.0.2.3"), "Idle"));
    let words = [
        "BGP on kind-worker waits for its BFD session to frr1",
        "⌘ repair, or docker exec frr1 vtysh -c 'configure terminal' -c 'bfd' -c 'peer 10.0.1.3 multihop local-address \
         10.0.2.3' -c 'profile doc-example-bfd-profile-full'",
        "once BGP is up, docker exec frr1 vtysh -c 'configure terminal' -c 'bfd' -c 'no peer 10.0.1.3 multihop",
    ];
    only(&e, "bfd-deadlock", &words);
}

#[test]
fn the_deadlock_is_named() {
    let words = [
        "the deadlock of FRR 10.2 and later",
        "update-source 10.0.2.3 makes it so",
        "or docker exec kind-worker vtysh -c 'configure terminal' -c 'bfd' -c 'peer 10.0.2.3 multihop local-address",
        "FRR #18761",
    ];
    only(&held("Idle"), "bfd-deadlock", &words);
    let mut speaker = held("Idle");
    speaker.meant.remove("kind-worker");
    let again = "-c 'no neighbor 10.0.1.3' -c 'end', then docker exec frr1 /usr/lib/frr/frr-reload.py";
    only(&speaker, "bfd-deadlock", &[again]);
    let mut active = held("Active");
    assert_eq!(crate::conclude::Diagnosis::of(&active).findings[0].rule, "bfd-unheard", "this FRR recovers by itself");
    active.frr.get_mut("frr1").unwrap().running.as_mut().unwrap().version = Some((10, 3));
    only(&active, "bfd-deadlock", &words);
}

#[test]
fn what_is_not_heard() {
    let e = broken(|e| {
        sessions(e, "frr1", "10.0.1.3", Some(r#""multihop":true,"diagnostic":"control detection time expired""#));
        fail(e, Topic::Bfd, Subject::session("frr1", "kind-worker"));
    });
    only(
        &e,
        "bfd-unheard",
        &[
            "frr1 does not hear BFD from kind-worker, which has its session too: UDP 4784",
            "control detection time expired",
        ],
    );
}
