//! Failover on a standalone lab with real FRR: every scenario is measured as predicted and leaves the lab whole,
//! however the run ends.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use settle::{Verdict, Wait};
use support::{NEW_FRR, OLD_FRR, TestLab, docker};

/// Two workers, so that there is another way, and a hold time that a test can wait for.
fn lab(prefix: &'static str, image: &'static str) -> TestLab {
    let mut lab = TestLab::small(prefix);
    lab.image = image;
    lab.edit("workers = 1", "workers = 2");
    lab.edit(
        "bfd-profile = \"profile\"\n[[bfd",
        "bfd-profile = \"profile\"\nhold-time = \"3s\"\nkeepalive-time = \"1s\"\n[[bfd",
    );
    lab.up();
    lab
}

/// Returns FRR's running configuration on every container.
fn configurations(lab: &TestLab) -> Vec<String> {
    let show =
        |name: &str| docker(&["exec", &lab.name(name), "vtysh", "-c", "show running-config", "-c", "show debugging"]);
    ["frr1", "nhr", "k-worker", "k-worker2"].map(show).to_vec()
}

/// The lab is whole, nothing is left to do, and FRR runs with what it ran with before.
fn as_before(lab: &TestLab, before: &[String]) {
    let verify = lab.run(&["verify"]);
    assert_eq!(verify.code, Some(0), "{verify:?}");
    assert_eq!(lab.planned(), [""; 0]);
    assert_eq!(configurations(lab), before);
    for name in ["frr1", "nhr", "k-worker", "k-worker2"] {
        let left = docker(&["exec", &lab.name(name), "sh", "-c", "ls /run /run/frr | grep failover || true"]);
        assert_eq!(left, "", "on {name}");
    }
}

fn row<'a>(findings: &'a Value, series: usize, place: &str, family: &str) -> &'a Value {
    let rows = findings["series"][series]["runs"][0]["rows"].as_array().unwrap();
    rows.iter().find(|row| row["place"] == place && row["family"] == family).expect("a row")
}

fn millis(value: &Value) -> f64 {
    value.as_f64().expect("a time")
}

/// A node that hangs, with BFD and without.
fn a_hanging_node_is_noticed_in_time(lab: &TestLab) {
    let folder = tempfile::tempdir().unwrap();
    let (svg, junit) = (folder.path().join("t.svg"), folder.path().join("t.xml"));
    let files = ["--svg", svg.to_str().unwrap(), "--junit", junit.to_str().unwrap()];
    let findings = lab.json(&[&["failover", "--scenario", "pause", "--compare", "bfd"], &files[..]].concat());
    assert_eq!(findings["passed"], true, "{findings}");
    assert_eq!(findings["target"]["name"], lab.name("k-worker"), "the client's packets go through it");
    let (frr1, nhr) = (lab.name("frr1"), lab.name("nhr"));
    for family in ["ipv4", "ipv6"] {
        let seen = row(&findings, 0, &frr1, family);
        assert_eq!(seen["predicted"]["because"], "BFD, 3 × 300 ms");
        assert_eq!(seen["loss"]["session"]["by"], "BFD: control-expired");
        let noticed = millis(&seen["loss"]["session"]["after"]);
        assert!(noticed > 500.0, "not sooner than BFD can: {seen}");
        assert!(millis(&seen["loss"]["table"]) > noticed, "the table follows: {seen}");
        let kernel = millis(&row(&findings, 0, &nhr, family)["loss"]["kernel"]);
        assert!(kernel > noticed, "and then the router between: {findings}");
        // Each question that was lost, the client has noticed.
        let path = &seen["loss"]["path"];
        assert!(millis(&path["lost"]) * 5.0 > 0.5 * millis(&path["gap"]) && millis(&path["gap"]) > noticed, "{path}");
        let without = row(&findings, 1, &frr1, family);
        assert_eq!(without["predicted"]["because"], "hold time 3 s, keepalive 1 s");
        assert!(millis(&without["loss"]["session"]["after"]) > 1_500.0, "{without}");
        assert!(without["loss"]["session"]["by"].as_str().unwrap().starts_with("BGP: Hold_Timer"), "{without}");
    }
    let (svg, junit) = (std::fs::read_to_string(svg).unwrap(), std::fs::read_to_string(junit).unwrap());
    assert!(svg.contains("without BFD") && svg.contains(&frr1), "{svg}");
    assert!(junit.contains("failures=\"0\"") && junit.contains("noticed at"), "{junit}");
}

/// An independent capture of the same run: packets say the same as logs do.
fn a_capture_agrees(lab: &TestLab) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (exe, file, frr1) = (env!("CARGO_BIN_EXE_xtask"), lab.file.to_str().unwrap(), lab.name("frr1"));
    let (image, findings) = (lab.image, path("findings.json"));
    let script = format!("{exe} --quiet --json --lab {file} --frr-image {image} failover --scenario pause >{findings}");
    let capture = ["--json", "capture", "--on", &frr1, "--out", &path("pcap"), "--", "sh", "-c", &script];
    let run = lab.run(&capture);
    assert_eq!(run.code, Some(0), "{run:?}");
    let capture: Value = serde_json::from_str(&run.stdout).unwrap();
    let findings: Value = serde_json::from_str(&std::fs::read_to_string(findings).unwrap()).unwrap();

    let time = |value: &Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_microsecond();
    let zero = time(&findings["series"][0]["runs"][0]["broken_at"]);
    let seen = row(&findings, 0, &frr1, "ipv4");
    let stamp = |value: &Value| zero + (millis(value) * 1000.0) as i64;
    let (noticed, table) = (stamp(&seen["loss"]["session"]["after"]), stamp(&seen["loss"]["table"]));
    let packet = |to: &str, what: &str, from: i64| {
        let events =
            capture["events"].as_array().unwrap().iter().filter(|event| event["from"] == frr1 && event["to"] == to);
        let after =
            events.filter(|event| event["what"].as_str().unwrap().contains(what)).map(|event| time(&event["time"]));
        after.filter(|time| *time > from).min().unwrap_or_else(|| unreachable!("no {what} to {to}: {capture}"))
    };
    let agrees = |what: &str, one: i64, other: i64| {
        assert!((one - other).abs() < 20_000, "{what}: {} µs apart: {capture}: {findings}", one - other);
    };
    let worker = lab.name("k-worker");
    agrees("BFD's own packet about it", packet(&worker, "up → down (control detection time expired)", zero), noticed);
    agrees(
        "the update to the router between",
        packet(&lab.name("nhr"), "UPDATE announces 203.0.113.200/32", noticed),
        table,
    );
    // The last packet that came in began the time that ran out; a busy router may be late to see that it has.
    let flows = capture["flows"].as_array().unwrap().iter();
    let bfd = flows.filter(|flow| flow["from"] == worker && flow["to"] == frr1 && flow["kind"] == "bfd-multihop");
    let last = time(bfd.map(|flow| &flow["longest_gap"]["from"]).next().unwrap());
    let silence = noticed - last;
    assert!((880_000..1_000_000).contains(&silence), "noticed after {silence} µs: {capture}: {findings}");
}

#[rstest::rstest]
#[case::old(OLD_FRR, "xfo", &["drop", "link", "speaker", "bgp", "daemon", "router"])]
#[case::new(NEW_FRR, "xfp", &["drop", "link", "bgp", "router"])]
#[ignore = "engine tier: cargo xtask test"]
fn every_scenario_is_measured_and_leaves_the_lab_whole(
    #[case] image: &'static str,
    #[case] prefix: &'static str,
    #[case] scenarios: &[&str],
) {
    let lab = lab(prefix, image);
    let before = configurations(&lab);
    a_hanging_node_is_noticed_in_time(&lab);
    a_capture_agrees(&lab);
    as_before(&lab, &before);
    for scenario in scenarios {
        let findings = lab.json(&["failover", "--scenario", scenario]);
        assert_eq!(findings["passed"], true, "{scenario}: {findings}");
        as_before(&lab, &before);
    }
    lab.run(&["failover", "--scenario", "node-delete"]).refused(2, &["no Kubernetes API"]);
    lab.run(&["failover", "--target", "nobody"]).refused(2, &["nobody", "k-worker2"]);
    if image == OLD_FRR {
        a_signal_puts_all_back(&lab, &before);
        what_a_killed_run_left_is_put_right(&lab, &before);
    }
}

/// bfdd does not run where no session uses BFD: it is not killed, and no container restarts for its sake.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn without_bfd_only_bgpd_is_killed() {
    let lab = TestLab::small("xfd");
    lab.edit("bfd-profile = \"profile\"\n[[bfd", "[[bfd");
    lab.up();
    lab.run(&["failover", "--scenario", "daemon", "--daemon", "bfdd"]).refused(2, &["runs no bfdd"]);
    let started = || docker(&["inspect", "-f", "{{.State.StartedAt}}", &lab.name("k-worker")]);
    let before = started();
    let findings = lab.json(&["failover", "--scenario", "speaker"]);
    assert_eq!((&findings["passed"], started()), (&true.into(), before), "{findings}");
}

/// A run that is in the midst of it: the node stands still.
fn broken(lab: &TestLab) -> Child {
    let mut command = lab.command(&["failover", "--scenario", "pause", "--runs", "9"]);
    let run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("the node stands still", || {
        docker(&["inspect", "-f", "{{.State.Status}}", &lab.name("k-worker")]) == "paused"
    });
    run
}

fn until(name: &str, is_so: impl Fn() -> bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let wait = Wait::new(name, Duration::from_secs(20)).every(Duration::from_millis(20));
    let look =
        wait.poll(async || if is_so() { Verdict::<_, String>::Ready(()) } else { Verdict::NotYet(String::new()) });
    runtime.block_on(look).unwrap();
}

fn a_signal_puts_all_back(lab: &TestLab, before: &[String]) {
    let mut run = broken(lab);
    let sent = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(run.wait().unwrap().code(), Some(130));
    lab.verified();
    as_before(lab, before);
}

fn what_a_killed_run_left_is_put_right(lab: &TestLab, before: &[String]) {
    let mut run = broken(lab);
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(lab.run(&["verify"]).code, Some(1), "it is named");
    let repaired = lab.run(&["repair"]);
    assert_eq!(repaired.code, Some(0), "{repaired:?}");
    lab.verified();
    as_before(lab, before);
}
