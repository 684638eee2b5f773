//! Faults in real labs, each injected as a person would, named first by `diagnose`, and taken away again.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail the test")]

mod faults;
mod support;

use std::process::Command;

use faults::Bed;
use faults::engine::OUTSIDE;
use faults::lines::LINES;
use faults::routing::{DEADLOCK, EXCHANGE, EXTERNAL, SESSIONS};
use support::{NEW_FRR, TestLab, docker, stuck_frr};

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn what_is_wrong_around_the_routers_is_named() {
    let lab = TestLab::small("xda");
    lab.up();
    Bed::of(&lab, 64500).all(OUTSIDE);
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn what_is_wrong_with_sessions_is_named() {
    let lab = TestLab::small("xdb");
    lab.up();
    Bed::of(&lab, 64500).all(SESSIONS);
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn what_is_wrong_with_what_sessions_exchange_is_named() {
    let lab = TestLab::small("xdf");
    lab.up();
    Bed::of(&lab, 64500).all(EXCHANGE);
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn what_runs_beside_the_file_is_named() {
    let lab = TestLab::small("xdg");
    lab.up();
    Bed::of(&lab, 64500).all(LINES);
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn what_is_wrong_between_two_as_is_named() {
    let mut lab = TestLab::small("xdc");
    lab.image = NEW_FRR;
    for router in ["frr1", "nhr"] {
        lab.edit(&format!("name = \"xdc-{router}\"\nasn = 64500"), &format!("name = \"xdc-{router}\"\nasn = 64501"));
    }
    lab.edit("bfd-profile = \"profile\"", "bfd-profile = \"profile\"\npassword = \"lab-secret\"");
    lab.edit("203.0.113.200/32", "203.0.113.200/30");
    lab.edit("pools = [\"pool\"]", "pools = [\"pool\"]\naggregation-length = 30");
    lab.up();
    Bed::of(&lab, 64501).all(EXTERNAL);
    collected_without_secrets(&lab);
}

/// Everything is in the archive, and the lab's password nowhere.
fn collected_without_secrets(lab: &TestLab) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("lab.tar.gz");
    let document = lab.json(&["collect", "--out", out.to_str().unwrap()]);
    let files = document["files"].as_array().unwrap();
    for wanted in
        ["lab.toml", "plan.txt", "verify.json", "diagnosis.txt", "docker/events.jsonl", "rendered/xdc-frr1/frr.conf"]
    {
        assert!(files.iter().any(|file| file == wanted), "{wanted}: {files:?}");
    }
    let unpacked = Command::new("tar").arg("-xzf").arg(&out).arg("-C").arg(folder.path()).status().unwrap();
    assert!(unpacked.success());
    let text = |path: &str| {
        let found =
            Command::new("sh").arg("-c").arg(format!("cat {}/*/{path}", folder.path().display())).output().unwrap();
        String::from_utf8(found.stdout).unwrap()
    };
    assert!(text("containers/xdc-frr1/running-bgpd.conf").contains("password (removed)"));
    assert!(text("containers/xdc-k-worker/bgp-neighbors.json").contains("Established"));
    // Whatever the engine still knows: of all that happens on it, it keeps the last 256 events.
    let events = text("docker/events.jsonl");
    assert_eq!(events.lines().find(|event| event.contains("\"exec_") || !event.contains("xdc-")), None);
    assert!(!text("containers/xdc-frr1/inspect.json").contains("PATH=/"));
    let leaks = Command::new("grep").args(["-rl", "lab-secret"]).arg(folder.path()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&leaks.stdout), "");
}

/// FRR 10.2 and later: BGP waits for BFD, and BFD for BGP. The image is one of these, which a test cannot bring itself.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn the_deadlock_of_bfd_is_named_and_ended_by_its_remedy() {
    let mut lab = TestLab::small("xdd");
    lab.image = stuck_frr();
    lab.up();
    Bed::of(&lab, 64500).all(DEADLOCK);
}

/// A wait that runs out keeps its exit code, and says why.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn a_wait_that_ends_badly_explains_itself() {
    let lab = TestLab::small("xde");
    lab.up();
    docker(&["pause", "xde-frr1"]);
    let words = ["every check: not within", "container xde-frr1 is paused", "docker unpause xde-frr1"];
    lab.run(&["verify", "--wait", "2"]).refused(4, &words);
    // A router that stands still is waited for, for some seconds, before it counts as silent.
    let junit = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(junit.path(), "all passed").unwrap();
    let run = lab.run(&["--json", "verify", "--wait", "8", "--junit", junit.path().to_str().unwrap()]);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.code, &document["error"]["code"]), (Some(4), &4.into()), "{document}");
    assert_eq!(document["error"]["diagnosis"]["findings"][0]["rule"], "container-paused", "{document}");
    let checks = document["error"]["checks"].as_array().unwrap();
    assert!(checks.iter().any(|check| check["passed"] == false), "{document}");
    let report = std::fs::read_to_string(junit.path()).unwrap();
    assert!(report.contains("<testsuites") && report.contains("<failure"), "{report}");
    docker(&["unpause", "xde-frr1"]);
}
