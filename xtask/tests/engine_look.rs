//! Looking at a standalone lab: the provider is found out, status shows it, and vtysh passes through what FRR says.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod support;

use serde_json::Value;
use support::{TestLab, docker};

fn all_ok(lines: &Value) -> bool {
    let lines = lines.as_array().unwrap();
    !lines.is_empty() && lines.iter().all(|line| line["ok"] == true)
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn what_is_there_is_found_out_and_shown() {
    let lab = TestLab::small("xlk", 88);
    // The file says kind; what is there says otherwise.
    lab.edit("provider = \"standalone\"", "provider = \"kind\"");
    let up = lab.run(&["lab-up", "--provider", "standalone"]);
    assert_eq!(up.code, Some(0), "{up:?}");
    lab.verified();

    let status = lab.json(&["status"]);
    assert_eq!(status["provider"], "standalone");
    for section in ["networks", "containers", "sessions", "routes"] {
        assert!(all_ok(&status[section]), "{section}: {status}");
    }

    let version = lab.run(&["vtysh", "xlk-k-worker", "--", "show", "version"]);
    assert!(version.code == Some(0) && version.stdout.contains("FRRouting"), "{version:?}");
    assert_eq!(lab.run(&["vtysh", "xlk-frr1", "--", "show", "nonsense"]).code, Some(1));
    lab.run(&["vtysh", "xlk-frr9"]).refused(2, &["no router or node `xlk-frr9`", "xlk-frr1"]);

    docker(&["rm", "-f", "xlk-frr1"]);
    let status = lab.json(&["status"]);
    let gone = status["containers"].as_array().unwrap().iter().find(|line| line["name"] == "xlk-frr1").unwrap();
    assert_eq!((&gone["is"], &gone["ok"]), (&Value::from("not there"), &Value::from(false)));
    assert_eq!(lab.run(&["verify"]).code, Some(1), "verify judges");

    assert_eq!(lab.run(&["lab-down"]).code, Some(0));
    assert_eq!(support::left_of("xlk-lab"), "");
}
