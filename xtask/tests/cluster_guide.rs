//! The guide, run from beginning to end on the lab that it is about: what it prints is what happens, and nothing is
//! left behind.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use support::place::Place;
use support::{given, left_of};

#[test]
#[ignore = "cluster tier: cargo xtask test"]
fn the_guide_prints_what_happens() {
    // It measures a good minute after its beginning: what others do at the end is done by then.
    let _place = (Place::measuring(), Place::beside());
    let operator = given("METALLB_LAB_TEST_CURRENT_OPERATOR_DIR");
    // An earlier run that was killed may have left a lab behind.
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(["--quiet", "lab-down"]).status().unwrap();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let check = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["--quiet", "--json", "guide", "--check", "--operator-dir", &operator, "--out"])
        .arg(&docs)
        .output()
        .unwrap();
    let document: Value = serde_json::from_slice(&check.stdout).unwrap();
    for difference in document["differences"].as_array().into_iter().flatten() {
        eprintln!("step {}: {}", difference["step"], difference["diff"].as_str().unwrap());
    }
    assert!(check.status.success(), "{document:#}\n{}", String::from_utf8_lossy(&check.stderr));
    let seconds: f64 = document["steps"].as_array().unwrap().iter().map(|step| step["seconds"].as_f64().unwrap()).sum();
    assert!(seconds < 600.0, "{seconds} s");
    assert_eq!(left_of("documented"), "");
}
