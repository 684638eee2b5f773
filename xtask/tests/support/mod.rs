//! Labs of the tests' own: the real binary, on lab files whose names and ranges collide with nobody's.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each test target uses its part; helpers of tests fail the test"
)]

pub(crate) mod place;
pub(crate) mod ranges;
mod run;

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

pub(crate) use self::run::Run;

/// The FRR images that routing is tested with: the documented one, and one of the newest series.
pub(crate) const OLD_FRR: &str = "quay.io/frrouting/frr:9.1.0";
pub(crate) const NEW_FRR: &str = "quay.io/frrouting/frr:10.5.3";

/// A standalone lab, taken away when dropped.
pub(crate) struct TestLab {
    pub(crate) prefix: &'static str,
    pub(crate) file: PathBuf,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) image: &'static str,
    _folder: tempfile::TempDir,
}

/// One router, one router between, one worker and the control plane: what has all kinds of step and is up soonest.
const SMALL: &str = include_str!("../../../crates/bgplab/tests/small.toml");

impl TestLab {
    /// A small lab whose names start with `prefix`, with the ranges that are this prefix's.
    pub(crate) fn small(prefix: &'static str) -> Self {
        Self::from_text(prefix, &SMALL.replace("PREFIX", prefix).replace("OCTET", &ranges::octet(prefix).to_string()))
    }

    pub(crate) fn from_text(prefix: &'static str, text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lab.toml");
        std::fs::write(&file, text).unwrap();
        let lab = Self { prefix, file, env: Vec::new(), image: OLD_FRR, _folder: folder };
        // An earlier run that was killed may have left a lab behind.
        lab.run(&["lab-down"]);
        lab
    }

    /// The same with a text in the lab file replaced.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let text = std::fs::read_to_string(&self.file).unwrap();
        assert!(text.contains(from), "{from} is in the lab file");
        std::fs::write(&self.file, text.replace(from, to)).unwrap();
    }

    pub(crate) fn name(&self, rest: &str) -> String {
        format!("{}-{rest}", self.prefix)
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.program(env!("CARGO_BIN_EXE_xtask"), args)
    }

    fn program(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.arg("--quiet").arg("--lab").arg(&self.file).args(["--frr-image", self.image]).args(args);
        command.envs(self.env.iter().map(|(k, v)| (k, v))).env_remove("CI");
        command
    }

    /// Runs an act that is killed after a step.
    pub(crate) fn killed_after(&self, step: &str, args: &[&str]) {
        let killed = Run::of(self.program(env!("CARGO_BIN_EXE_killed"), &[&["--after", step], args].concat()).output());
        assert_eq!(killed.signal, Some(9), "after {step}: {killed:?}");
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output())
    }

    /// Runs with `--json`; the document.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let run = self.run(&[&["--json"], args].concat());
        assert_eq!(run.code, Some(0), "{args:?}: {run:?}");
        serde_json::from_str(&run.stdout).unwrap()
    }

    pub(crate) fn up(&self) {
        let run = self.run(&["lab-up"]);
        assert_eq!(run.code, Some(0), "lab-up: {run:?}");
    }

    /// Returns the steps that a dry run would take, by name.
    pub(crate) fn planned(&self) -> Vec<String> {
        steps(&self.json(&["lab-up", "--dry-run"]))
    }

    /// Returns the steps that a run took, by name.
    pub(crate) fn changed(&self) -> Vec<String> {
        steps(&self.json(&["lab-up"]))
    }

    pub(crate) fn verified(&self) {
        let run = self.run(&["verify", "--wait", "60"]);
        assert_eq!(run.code, Some(0), "verify: {run:?}");
    }
}

impl Drop for TestLab {
    fn drop(&mut self) {
        self.env.clear();
        self.run(&["lab-down"]);
    }
}

fn steps(document: &Value) -> Vec<String> {
    let changes = document["changes"].as_array().unwrap();
    changes.iter().map(|change| change["name"].as_str().unwrap().to_owned()).collect()
}

/// Something that a test cannot bring itself: a path, a command, an image.
pub(crate) fn given(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| panic!("{variable} has to name it"))
}

/// An FRR that keeps a BGP peer idle while BFD is down: `METALLB_LAB_TEST_STUCK_FRR`, or the one that was published.
pub(crate) fn stuck_frr() -> &'static str {
    match std::env::var("METALLB_LAB_TEST_STUCK_FRR") {
        Ok(image) => image.leak(),
        Err(_) => "quay.io/frrouting/frr:10.3.0",
    }
}

/// Runs the Docker client; its standard output. Without an engine the test fails here.
pub(crate) fn docker(args: &[&str]) -> String {
    let output = Command::new("docker").args(args).output().expect("the docker client is on PATH");
    assert!(output.status.success(), "docker {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Names of the containers and networks that carry a lab's label.
pub(crate) fn left_of(lab: &str) -> String {
    let filter = format!("label=netlab.lab={lab}");
    let containers = docker(&["ps", "-a", "--filter", &filter, "--format", "{{.Names}}"]);
    let networks = docker(&["network", "ls", "--filter", &filter, "--format", "{{.Name}}"]);
    format!("{containers}{networks}")
}
