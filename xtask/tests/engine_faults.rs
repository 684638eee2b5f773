//! Faults derived from a lab, a sample of them: `diagnose` names first what was changed, and states nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail the test")]

mod support;

use support::TestLab;

/// One of each kind of object, the same in every run: other samples are `cargo xtask faults` away.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn what_is_deleted_or_changed_is_named_first() {
    let lab = TestLab::small("xft");
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().join("faults.jsonl");
    let run = lab.run(&["faults", "--sample", "10", "--seed", "1", "--resume", results.to_str().unwrap()]);
    assert_eq!(run.code, Some(0), "{}\n{}", run.stdout, run.stderr);
    let lines = std::fs::read_to_string(&results).unwrap();
    assert_eq!(lines.lines().count(), 10, "one line a fault: {lines}");
    // What is there is not tried again.
    let again = lab.run(&["faults", "--sample", "10", "--seed", "1", "--resume", results.to_str().unwrap()]);
    assert_eq!((again.code, again.stdout), (Some(0), run.stdout));
}
