//! Output and exit codes of the command line. `TRYCMD=overwrite cargo test -p xtask --test cli` writes them anew.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

#[test]
fn the_command_line_says_what_it_should() {
    trycmd::TestCases::new().env("COLUMNS", "100").case("tests/cli/*.trycmd");
}

/// A live view as JSON is one document a line, even where there is nothing to see; and nothing marks its end.
#[test]
fn a_live_view_as_json_ends_without_a_word() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["--json", "status", "--watch"]).env("DOCKER_HOST", "unix:///nowhere.sock");
    let mut watching = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    let trouble: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(trouble["error"]["code"], 3, "{trouble}");
    kill_process(Pid::from_raw(i32::try_from(watching.id()).unwrap()).unwrap(), Signal::INT).unwrap();
    assert_eq!(lines.map(Result::unwrap).collect::<Vec<_>>(), [""; 0]);
    assert!(watching.wait().unwrap().success());
}
