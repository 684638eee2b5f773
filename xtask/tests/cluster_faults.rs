//! A kind cluster, first with FRR alone, then with MetalLB, that faults are made in: each is named first and taken away
//! again; failover is measured and leaves no trace; and after restarts of nodes and of the engine everything comes back
//! where it was.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "helpers of tests")]

mod faults;
mod support;

use std::process::Command;
use std::time::Instant;

use faults::cluster::{CLUSTER, LAST};
use faults::{Bed, without_metallb};
use support::place::Place;
use support::{TestLab, docker, given, left_of};

#[test]
#[ignore = "cluster tier: cargo xtask test"]
fn faults_of_a_cluster_are_named_measured_and_repaired() {
    let (measuring, place) = (Place::measuring(), Place::beside());
    let operator = given("METALLB_LAB_TEST_OPERATOR_DIR");
    let restart = given("METALLB_LAB_TEST_RESTART_ENGINE");
    let mut lab = TestLab::small("xck");
    lab.edit("provider = \"standalone\"", "provider = \"kind\"");
    lab.edit("workers = 1", "workers = 2");
    // FRR, as MetalLB runs it, waits two minutes between attempts to connect.
    lab.edit("dual-stack = true", "dual-stack = true\nconnect-time = \"1s\"");
    lab.up();
    without_metallb::bfd_comes_up_notices_a_loss_and_goes_away(&lab, &operator);
    assert_eq!(lab.json(&["up", "--operator-dir", &operator])["passed"], true);
    let kubeconfig = tempfile::NamedTempFile::new().unwrap();
    let kind = Command::new("kind").args(["get", "kubeconfig", "--name", &lab.name("k")]).output().unwrap();
    std::fs::write(kubeconfig.path(), kind.stdout).unwrap();
    lab.env = vec![("KUBECONFIG".to_owned(), kubeconfig.path().display().to_string())];

    Bed::of_cluster(&lab, 64500).all(CLUSTER);
    let place = place.alone();
    each_failover_is_measured(&lab, &["pause", "daemon", "speaker", "endpoint", "drain", "rolling-restart"]);
    nodes_come_back_where_they_were(&lab, &restart);
    each_failover_is_measured(&lab, &["node-delete"]);
    let _place = place.shared();
    drop(measuring);
    Bed::of_cluster(&lab, 64500).all(LAST);
    assert_eq!(lab.run(&["lab-down"]).code, Some(0));
    assert_eq!(left_of(&lab.name("lab")), "");
}

/// In the ways that are a cluster's own; the others are measured on a standalone lab.
fn each_failover_is_measured(lab: &TestLab, scenarios: &[&str]) {
    for scenario in scenarios {
        let started = Instant::now();
        let findings = lab.json(&["failover", "--scenario", scenario]);
        assert_eq!(findings["passed"], true, "{scenario}: {findings}");
        lab.verified();
        println!("{scenario}: {:.1} s", started.elapsed().as_secs_f64());
    }
}

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
    let started = Instant::now();
    let document = lab.json(&["repair"]);
    assert_eq!(document["passed"], true, "{document}");
    println!("repaired in {:.1} s", started.elapsed().as_secs_f64());
    // Once, right after it, BFD flaps on a machine that is busy with other labs.
    lab.verified();
    document["changes"].to_string()
}

fn nodes_come_back_where_they_were(lab: &TestLab, restart: &str) {
    let (made_at, before) = (addresses(lab), ids(lab));
    let as_made = || assert_eq!((addresses(lab), ids(lab)), (made_at.clone(), before.clone()));

    // Everything ends, and the nodes start in another order: Docker gives the control plane the address of one of the
    // workers, and that one its; the other stays, by chance.
    let (frr1, nhr) = (lab.name("frr1"), lab.name("nhr"));
    let nodes = nodes(lab);
    let all: Vec<&str> = nodes.iter().map(String::as_str).chain([&*frr1, &*nhr]).collect();
    docker(&[&["stop", "-t", "5"], &all[..]].concat());
    let mut order: Vec<(&str, &String)> = made_at.lines().zip(&nodes).collect();
    order.sort_unstable();
    let control_plane = order.iter().position(|(_, node)| **node == nodes[0]).unwrap();
    order.swap(control_plane, (control_plane + 1) % 3);
    for (_, node) in order {
        docker(&["start", node]);
    }
    assert_ne!(addresses(lab), made_at, "they have moved");
    let planned = lab.json(&["repair", "--dry-run"])["changes"].to_string();
    for word in
        [&format!("node {}: at ", lab.name("k-control-plane")), "and was made at 10.81.1.", &format!("{frr1}: start")]
    {
        assert!(planned.contains(word), "{word}: {planned}");
    }
    let changes = repaired(lab);
    for word in ["stop, pin there, start", "by chance", "route 10.81.2.0/24"] {
        assert!(changes.contains(word), "{word}: {changes}");
    }
    as_made();

    // Now all are pinned, and a restart of the engine itself cannot move them.
    let run = Command::new("sh").args(["-c", restart]).output().unwrap();
    assert!(run.status.success(), "{restart}: {run:?}");
    as_made();
    repaired(lab);
    as_made();

    // A worker has the control plane's addresses, which cannot start for that, and the other one starts meanwhile: with
    // an IPv6 address of Docker's choice, the first might have taken the other worker's.
    let [control_plane, worker, taker] = &nodes;
    let each = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}}{{end}}";
    let taken = inspect(each, &nodes[..1]);
    let (v4, v6) = taken.split_once(' ').unwrap();
    docker(&["stop", "-t", "5", control_plane, worker, taker]);
    docker(&["network", "disconnect", &lab.name("n1"), taker]);
    docker(&["network", "connect", "--ip", v4, "--ip6", v6, &lab.name("n1"), taker]);
    docker(&["start", taker, worker]);
    let refused = Command::new("docker").args(["start", control_plane]).output().unwrap();
    assert!(!refused.status.success(), "{refused:?}");
    let changes = repaired(lab);
    assert!(changes.contains("restart the kubelet"), "{changes}");
    as_made();
}
