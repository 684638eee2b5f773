//! Repair of what a restart takes away from a standalone lab, in the same containers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod support;

use serde_json::Value;
use std::time::{Duration, Instant};

use support::{TestLab, docker, stuck_frr};

/// The lab's containers, in the order in which they are started again: nobody's usual one.
fn containers(lab: &TestLab) -> [String; 4] {
    ["k-worker", "nhr", "k-control-plane", "frr1"].map(|name| lab.name(name))
}

fn each(verb: &[&str], containers: &[String]) -> String {
    docker(&[verb, &containers.iter().map(String::as_str).collect::<Vec<_>>()].concat())
}

fn ids(lab: &TestLab) -> String {
    each(&["inspect", "-f", "{{.Id}} {{.Name}}"], &containers(lab))
}

fn said(document: &Value) -> String {
    document["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["diff"].as_str().unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Checks that a dry run says all of these, and that they are then repaired.
fn repaired(lab: &TestLab, words: &[&str]) {
    let planned = said(&lab.json(&["repair", "--dry-run"]));
    for word in words {
        assert!(planned.contains(word), "{word:?} is not said: {planned}");
    }
    let repaired = lab.json(&["repair"]);
    assert_eq!(repaired["passed"], true, "{repaired}");
    assert!(lab.run(&["verify"]).code == Some(0), "{repaired}");
    let again = lab.run(&["repair", "--dry-run"]);
    assert_eq!((again.code, again.stdout.trim()), (Some(0), "nothing to repair"));
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn what_a_restart_took_comes_back() {
    let lab = TestLab::small("rpr");
    lab.run(&["repair"]).refused(1, &["nothing of lab rpr-lab is there", "lab-up"]);
    lab.up();
    let (before, all) = (ids(&lab), containers(&lab));
    let [worker, nhr, _, frr1] = &all;

    // The engine was restarted: nothing runs.
    each(&["stop", "-t", "0"], &all);
    repaired(&lab, &[&format!("{worker}: start"), &format!("{nhr}: start")]);
    assert_eq!(ids(&lab), before);

    // Somebody started half of it, in another order.
    each(&["stop", "-t", "0"], &all);
    each(&["start"], &all[..2]);
    repaired(&lab, &[&format!("{frr1}: start")]);
    assert_eq!(ids(&lab), before);

    // Damage to containers that run.
    docker(&["exec", worker, "ip", "route", "replace", "10.68.2.0/24", "via", "10.68.1.1"]);
    docker(&["pause", nhr]);
    docker(&["network", "disconnect", &lab.name("n2"), frr1]);
    repaired(
        &lab,
        &[
            &format!("{worker}: route 10.68.2.0/24"),
            &format!("{nhr}: unpause"),
            &format!("{frr1}: on rpr-n2 10.68.2.3"),
        ],
    );
    assert_eq!(ids(&lab), before);

    // Somebody connected it again, and not as it was: only that one is made anew.
    docker(&["network", "disconnect", &lab.name("n2"), frr1]);
    docker(&["network", "connect", &lab.name("n2"), frr1]);
    repaired(&lab, &[&format!("{frr1}: somebody connected it to rpr-n2 at another address")]);
    assert_eq!(ids(&lab).lines().zip(before.lines()).filter(|(now, then)| now != then).count(), 1);
    let before = ids(&lab);

    // Another lab file is no damage.
    lab.edit(
        "name = \"rpr-frr1\"\nasn = 64500\naddresses = { rpr-n2 = [\"10.68.2.3\"",
        "name = \"rpr-frr1\"\nasn = 64500\naddresses = { rpr-n2 = [\"10.68.2.9\"",
    );
    lab.run(&["repair"]).refused(1, &["the lab file has changed", frr1, "lab-up --dry-run"]);
    assert_eq!(ids(&lab), before);
}

/// FRR between 10.2 and 10.6, which keeps a peer down while BFD is. No registry has to have it.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn sessions_that_hold_themselves_up_are_reset() {
    let mut lab = TestLab::small("rps");
    lab.image = stuck_frr();
    lab.up();
    let (before, worker) = (ids(&lab), lab.name("k-worker"));
    // BFD notices the loss, and BGP is held in Idle.
    docker(&["exec", &worker, "ip", "link", "set", "eth0", "down"]);
    bfd_notices(&lab);
    restart_after_bfd(&lab, &worker);
    repaired(&lab, &["BFD sent from the other end"]);

    // The connection mostly ends first, and BGP stays Active. Bringing the lab up does the same.
    restart_after_bfd(&lab, &worker);
    let up = lab.json(&["lab-up"]);
    assert!(said(&up).contains("BFD sent from the other end"), "{up}");
    lab.verified();
    assert_eq!(ids(&lab), before);
}

/// Stops a node and starts it once the router has noticed: back within the detection time, it would not be missed.
fn restart_after_bfd(lab: &TestLab, worker: &str) {
    docker(&["stop", "-t", "0", worker]);
    bfd_notices(lab);
    docker(&["start", worker]);
}

/// Waits until the router misses the worker.
fn bfd_notices(lab: &TestLab) {
    let (frr1, began) = (lab.name("frr1"), Instant::now());
    let is_down = |line: &str| line.contains("10.69.1.3 ") && line.contains("down");
    while !docker(&["exec", &frr1, "vtysh", "-c", "show bfd peers brief"]).lines().any(is_down) {
        assert!(began.elapsed() < Duration::from_secs(20), "the loss is not noticed");
    }
}
