//! The output of `render`, shown to the real FRR: every lab, with both FRR releases.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::{NEW_FRR, OLD_FRR, docker};

/// A container that FRR is in and nothing runs in; it goes with the test.
struct Vtysh(&'static str);

impl Vtysh {
    fn new(name: &'static str, image: &str, files: &Path) -> Self {
        let _ = Command::new("docker").args(["rm", "-f", name]).output();
        docker(&["run", "-d", "--name", name, "--network", "none", "--entrypoint", "sleep", image, "600"]);
        let vtysh = Self(name);
        docker(&["cp", &format!("{}/.", files.display()), &format!("{name}:/in")]);
        vtysh
    }

    /// Returns vtysh's objections to each file below `/in`; nothing where it takes all.
    fn refusals(&self) -> String {
        let script = "find /in -name frr.conf | while read -r file; do \
            text=$(vtysh -C -f $file 2>&1) || echo \"$file: $text\"; done";
        docker(&["exec", self.0, "sh", "-c", script])
    }
}

impl Drop for Vtysh {
    fn drop(&mut self) {
        let _ = Command::new("docker").args(["rm", "-f", self.0]).output();
    }
}

fn labs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../labs");
    let mut labs: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    labs.sort();
    assert!(labs.len() >= 6, "{labs:?}");
    labs
}

/// Renders every lab with the nodes in containers, and with those of kind, into a folder each.
fn render(into: &Path) -> usize {
    for lab in labs() {
        let name = lab.file_stem().unwrap();
        for provider in ["standalone", "kind"] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
            command.arg("--quiet").arg("--lab").arg(&lab).args(["--provider", provider, "render", "--out"]);
            command.arg(into.join(name).join(provider));
            if name == "scale" {
                command.args(["--routers", "3"]);
            }
            let output = command.output().unwrap();
            assert!(output.status.success(), "{lab:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
    let text = Command::new("find").arg(into).args(["-name", "frr.conf"]).output().unwrap();
    String::from_utf8(text.stdout).unwrap().lines().count()
}

#[test]
#[ignore = "engine tier: cargo xtask test"]
fn frr_takes_every_rendered_file() {
    let folder = tempfile::tempdir().unwrap();
    // Six labs, each with two routers or more, three nodes where they are containers.
    assert!(render(folder.path()) > 40);
    for (name, image) in [("xrender-old", OLD_FRR), ("xrender-new", NEW_FRR)] {
        let vtysh = Vtysh::new(name, image, folder.path());
        assert_eq!(vtysh.refusals(), "", "{image}");
    }
}

/// Or the test above would prove nothing.
#[test]
#[ignore = "engine tier: cargo xtask test"]
fn frr_refuses_a_rendered_file_with_one_wrong_word() {
    let folder = tempfile::tempdir().unwrap();
    render(folder.path());
    let file = folder.path().join("documented/standalone/frr1/frr.conf");
    let text = std::fs::read_to_string(&file).unwrap();
    let wrong = text.replace("minimum-ttl 254", "minimum-ttl 255");
    assert_ne!(text, wrong);
    std::fs::write(&file, wrong).unwrap();
    for (name, image) in [("xrender-bad-old", OLD_FRR), ("xrender-bad-new", NEW_FRR)] {
        let refusals = Vtysh::new(name, image, folder.path()).refusals();
        assert!(refusals.contains("documented/standalone/frr1/frr.conf"), "{image}: {refusals}");
        assert_eq!(refusals.matches("/frr.conf: ").count(), 1, "{image}: {refusals}");
    }
}
