//! A kind cluster with MetalLB after restarts: nodes that come back at each other's addresses, and a restart of the engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod support;

use std::process::Command;

use support::{TestLab, docker, given};

fn nodes(lab: &TestLab) -> [String; 3] {
    ["k-control-plane", "k-worker", "k-worker2"].map(|name| lab.name(name))
}

fn inspect(format: &str, containers: &[String]) -> String {
    docker(&[&["inspect", "-f", format], &containers.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat())
}

fn addresses(lab: &TestLab) -> String {
    inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}}{{end}}", &nodes(lab))
}

fn ids(lab: &TestLab) -> String {
    let routers = ["frr1", "nhr"].map(|name| lab.name(name));
    inspect("{{.Id}} {{.Name}}", &[&nodes(lab)[..], &routers].concat())
}

fn repaired(lab: &TestLab) -> String {
    let document = lab.json(&["repair"]);
    assert_eq!(document["passed"], true, "{document}");
    let verify = lab.run(&["verify"]);
    assert_eq!(verify.code, Some(0), "{verify:?}");
    document["changes"].to_string()
}

#[test]
#[ignore = "by hand: it needs the machine for itself"]
fn a_cluster_comes_back_where_it_was() {
    let manifest = format!("{}/metallb-frr.yaml", given("METALLB_LAB_TEST_MANIFESTS"));
    let restart = given("METALLB_LAB_TEST_RESTART_ENGINE");
    let lab = TestLab::small("rpk", 78);
    lab.edit("provider = \"standalone\"", "provider = \"kind\"");
    lab.edit("workers = 1", "workers = 2");
    assert_eq!(lab.json(&["up", "--method", "direct", "--manifest", &manifest])["passed"], true);
    let (made_at, before) = (addresses(&lab), ids(&lab));

    // Everything ends, and the nodes start in another order: Docker gives them each other's addresses.
    let (frr1, nhr) = (lab.name("frr1"), lab.name("nhr"));
    let nodes = nodes(&lab);
    let all: Vec<&str> = nodes.iter().map(String::as_str).chain([&*frr1, &*nhr]).collect();
    docker(&[&["stop", "-t", "5"], &all[..]].concat());
    let mut last_first: Vec<(&str, &String)> = made_at.lines().zip(&nodes).collect();
    last_first.sort_by(|a, b| b.cmp(a));
    for (_, node) in last_first {
        docker(&["start", node]);
    }
    assert_ne!(addresses(&lab), made_at, "they have moved");
    let planned = lab.json(&["repair", "--dry-run"])["changes"].to_string();
    for word in
        [&format!("node {}: at ", lab.name("k-control-plane")), "and was made at 10.78.1.", &format!("{frr1}: start")]
    {
        assert!(planned.contains(word), "{word}: {planned}");
    }
    let changes = repaired(&lab);
    assert!(changes.contains("stop, pin there, start") && changes.contains("route 10.78.2.0/24"), "{changes}");
    assert_eq!((addresses(&lab), ids(&lab)), (made_at.clone(), before.clone()));

    // Now they are pinned, and a restart of the engine itself cannot move them.
    let run = Command::new("sh").args(["-c", &restart]).output().unwrap();
    assert!(run.status.success(), "{restart}: {run:?}");
    repaired(&lab);
    assert_eq!((addresses(&lab), ids(&lab)), (made_at, before));
}
