//! Faults in a real cluster with MetalLB, each named first by `diagnose`, and taken away again.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod faults;
mod support;

use std::process::Command;

use faults::Bed;
use faults::cluster::CLUSTER;
use support::{TestLab, given};

#[test]
#[ignore = "by hand: it needs the machine for itself"]
fn what_is_wrong_in_a_cluster_is_named() {
    let operator = given("METALLB_LAB_TEST_OPERATOR_DIR");
    let mut lab = TestLab::small("xdk", 74);
    lab.edit("provider = \"standalone\"", "provider = \"kind\"");
    let up = lab.run(&["up", "--operator-dir", &operator]);
    assert_eq!(up.code, Some(0), "{up:?}");
    let kubeconfig = tempfile::NamedTempFile::new().unwrap();
    let kind = Command::new("kind").args(["get", "kubeconfig", "--name", "xdk-k"]).output().unwrap();
    std::fs::write(kubeconfig.path(), kind.stdout).unwrap();
    lab.env = vec![("KUBECONFIG".to_owned(), kubeconfig.path().display().to_string())];
    Bed::of_cluster(&lab, 74, 64500).all(CLUSTER);
}
