//! The building block for CI systems (`action.yml`, `action/lab.sh`), its steps run as a runner runs them: bash, a clean
//! folder, outputs in files, the steps of a failure after a failure only.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail the test, and show what steps print"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A runner with a job of one step, which uses the action.
struct Runner {
    folder: TempDir,
    action: Value,
    inputs: BTreeMap<String, String>,
    outputs: BTreeMap<String, String>,
}

/// The end of a job.
struct Ended {
    /// The step that failed.
    failed: Option<String>,
    /// Folders that were kept as artifacts.
    kept: Vec<String>,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

impl Runner {
    fn new(lab: &str, inputs: &[(&str, &str)]) -> Self {
        let action = fs::read_to_string(repository().join("action.yml")).unwrap();
        let action: Value = serde_saphyr::from_str(&action).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("temp")).unwrap();
        fs::write(folder.path().join("lab.toml"), lab).unwrap();
        let known = action["inputs"].as_object().unwrap();
        let defaults = known.iter().map(|(name, input)| (name.clone(), input["default"].as_str().unwrap().to_owned()));
        let mut all: BTreeMap<String, String> = defaults.collect();
        for (name, value) in inputs {
            assert!(all.insert((*name).to_owned(), (*value).to_owned()).is_some(), "{name} is an input");
        }
        Self { folder, action, inputs: all, outputs: BTreeMap::new() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    fn value(&self, expression: &str) -> String {
        match expression.split('.').collect::<Vec<_>>().as_slice() {
            ["inputs", name] => self.inputs[*name].clone(),
            ["steps", step, "outputs", name] => self.outputs[&format!("{step}.{name}")].clone(),
            ["runner", "temp"] => self.path("temp").display().to_string(),
            ["runner", "os"] => "Linux".to_owned(),
            ["runner", "arch"] => "X64".to_owned(),
            _ => panic!("{expression} is none that the action needs"),
        }
    }

    fn expanded(&self, text: &str) -> String {
        let mut parts = text.split("${{");
        let begin = parts.next().unwrap_or_default().to_owned();
        parts.fold(begin, |so_far, part| {
            let (expression, rest) = part.split_once("}}").expect("an expression ends");
            so_far + &self.value(expression.trim()) + rest
        })
    }

    fn pairs(&self, of: &Value) -> Vec<(String, String)> {
        let pairs = of.as_object().into_iter().flatten();
        pairs.map(|(name, value)| (name.clone(), self.expanded(value.as_str().unwrap()))).collect()
    }

    /// Runs a script as a runner does; `true` if it succeeds.
    fn script(&mut self, step: &Value) -> bool {
        let binary = Path::new(env!("CARGO_BIN_EXE_metallb-lab")).parent().unwrap();
        let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
        let output = self.path("output");
        fs::write(&output, "").unwrap();
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"].as_str().unwrap()]);
        bash.current_dir(self.folder.path()).env("PATH", path).env("GITHUB_ACTION_PATH", repository());
        bash.env("GITHUB_OUTPUT", &output).env("GITHUB_STEP_SUMMARY", self.path("summary.md"));
        let ended = bash.envs(self.pairs(&step["env"])).output().unwrap();
        print!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        for line in self.read("output").lines() {
            let (name, value) = line.split_once('=').unwrap();
            self.outputs.insert(format!("{}.{name}", step["id"].as_str().unwrap()), value.to_owned());
        }
        ended.status.success()
    }

    fn run(&mut self) -> Ended {
        let mut ended = Ended { failed: None, kept: Vec::new() };
        for step in self.action["runs"]["steps"].as_array().unwrap().clone() {
            let wanted = if step["if"] == "failure()" { ended.failed.is_some() } else { ended.failed.is_none() };
            if !wanted {
                continue;
            }
            let with = self.pairs(&step["with"]);
            if step["run"].is_string() {
                if !self.script(&step) {
                    ended.failed = Some(step["name"].as_str().unwrap().to_owned());
                }
            } else if step["uses"].as_str().unwrap().starts_with("actions/upload-artifact@") {
                ended.kept.extend(with.into_iter().filter(|(name, _)| name == "path").map(|(_, path)| path));
            }
        }
        ended
    }

    fn down(&self) {
        let mut down = Command::new(env!("CARGO_BIN_EXE_metallb-lab"));
        down.args(["--quiet", "--lab"]).arg(self.path("lab.toml")).arg("lab-down").output().unwrap();
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.down();
    }
}

fn lab(prefix: &str, octet: &str) -> String {
    let small = fs::read_to_string(repository().join("crates/bgplab/tests/small.toml")).unwrap();
    small.replace("PREFIX", prefix).replace("OCTET", octet)
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn a_job_has_a_lab_that_was_checked_and_broken() {
    let inputs = [("lab-file", "lab.toml"), ("failover", "bgp"), ("results", "here"), ("metallb-version", "v0.15.2")];
    let mut runner = Runner::new(&lab("aca", "57"), &inputs);
    runner.down();
    let ended = runner.run();
    assert_eq!((ended.failed, ended.kept), (None, Vec::new()), "{}", runner.read("here/log.txt"));
    for report in ["here/junit.xml", "here/failover-bgp.xml"] {
        let report = runner.read(report);
        assert!(report.contains("<testcase") && !report.contains("<failure"), "{report}");
    }
    assert!(runner.read("here/log.txt").contains("--metallb-version v0.15.2"));
    assert!(runner.path("temp/metallb-lab-images.tar").exists(), "the next job loads them");
    assert_eq!(runner.read("summary.md"), "");
    assert_eq!(runner.outputs["prepare.results"], "here");
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn a_failure_is_explained_and_kept() {
    let mut runner = Runner::new(&lab("acb", "58"), &[("lab-file", "lab.toml")]);
    runner.down();
    let docker = |args: &[&str]| assert!(Command::new("docker").args(args).status().unwrap().success());
    docker(&["network", "create", "--subnet", "10.58.2.0/24", "acb-foreign"]);
    let ended = runner.run();
    docker(&["network", "rm", "acb-foreign"]);
    assert_eq!(ended.failed.as_deref(), Some("Bring the lab up and check it"));
    assert_eq!(ended.kept, ["metallb-lab"]);
    let summary = runner.read("summary.md");
    assert!(summary.contains("`doctor` ended with code 3") && summary.contains("acb-foreign"), "{summary}");
    assert!(runner.read("metallb-lab/diagnosis.txt").contains("acb-foreign"));
    assert!(runner.path("metallb-lab/lab.tar.gz").exists());
}
