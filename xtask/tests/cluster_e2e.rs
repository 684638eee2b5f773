//! MetalLB's suite on a real kind cluster, by a stand-in of two specs: interrupted in the one that is stuck, gone on with,
//! explained while it is stuck, and nothing of it left behind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use settle::{Verdict, Wait};
use support::place::Place;
use support::{TestLab, docker, given, ranges};

const LAB: &str = include_str!("../../labs/e2e.toml");
const STAND_IN: &str = include_str!("suite/stand-in.sh");
const RELEASE: &str = "v0.15.2";

/// A checkout that has what is read of MetalLB's, and a `go` that compiles it.
struct Checkout(tempfile::TempDir);

impl Checkout {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
        };
        let flags = "flag.StringVar(&frrImage, \"frr-image\", \"quay.io/frrouting/frr:9.1.0\", \"the image\")\n";
        file("metallb/e2etest/e2etest_suite_test.go", flags);
        let agnhost = "const agnostImage = \"registry.k8s.io/e2e-test-images/agnhost:2.53\"\n";
        file("metallb/e2etest/pkg/jigservice/jig.go", agnhost);
        file("metallb/e2etest/suite", STAND_IN);
        file("bin/go", "#!/bin/sh\n[ \"$1 $2 $3\" = 'test -c -o' ] && cp suite \"$4\"\n");
        let checkout = Self(folder);
        checkout.git(&["init", "--quiet"]);
        checkout.git(&["add", "."]);
        checkout.git(&["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "suite"]);
        checkout.git(&["tag", RELEASE]);
        checkout
    }

    fn git(&self, args: &[&str]) {
        let done = Command::new("git").arg("-C").arg(self.0.path().join("metallb")).args(args).status().unwrap();
        assert!(done.success(), "git {args:?}");
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }
}

fn lab() -> TestLab {
    let octet = ranges::octet("xse");
    let mut text = LAB
        .replacen("name = \"e2e\"", "name = \"xse\"", 1)
        .replace("name = \"kind\"\nnetwork", "name = \"xse\"\nnetwork");
    for name in ["kind2", "frr1", "next-hop-router"] {
        text = text.replace(&format!("\"{name}\""), &format!("\"xse-{name}\""));
        text = text.replace(&format!(" {name} = ["), &format!(" xse-{name} = ["));
    }
    let text = text.replace("workers = 2", "workers = 1").replace("10.0.", &format!("10.{octet}."));
    TestLab::from_text("xse", &text.replace("fd00:10:0:", &format!("fd00:{octet}:0:")))
}

/// Returns the containers, networks and namespaces of the stand-in that are there.
fn left(kubeconfig: &Path) -> String {
    let names = docker(&["ps", "-a", "--filter", "name=ibgp-", "--format", "{{.Names}}"]);
    let all = ["get", "namespace", "bgp-xse", "--ignore-not-found", "-o", "name"];
    let namespaces = Command::new("kubectl").arg("--kubeconfig").arg(kubeconfig).args(all).output().unwrap();
    names + &String::from_utf8_lossy(&namespaces.stdout)
}

#[test]
#[ignore = "cluster tier: cargo xtask test"]
fn a_suite_is_run_interrupted_gone_on_with_explained_and_cleaned_up() {
    let _place = Place::beside();
    let (mut lab, checkout) = (lab(), Checkout::new());
    let manifest = format!("{}/{RELEASE}/metallb-frr.yaml", given("METALLB_LAB_TEST_MANIFESTS"));
    let deployed =
        ["--metallb-version", RELEASE, "--backend", "frr", "--method", "direct", "--manifest", manifest.as_str()];
    lab.env = vec![
        ("PATH".to_owned(), format!("{}:{}", checkout.path("bin"), std::env::var("PATH").unwrap())),
        ("XDG_CACHE_HOME".to_owned(), checkout.path("cache")),
    ];
    let (folder, results) = (checkout.path("metallb"), checkout.path("results"));
    let e2e = [&["e2e", "--metallb-dir", folder.as_str(), "--results", results.as_str()], &deployed[..]].concat();
    assert_eq!(lab.run(&[&["up"], &deployed[..]].concat()).code, Some(0));
    let kubeconfig = tempfile::NamedTempFile::new().unwrap();
    let kind = Command::new("kind").args(["get", "kubeconfig", "--name", "xse"]).output().unwrap();
    std::fs::write(kubeconfig.path(), kind.stdout).unwrap();

    let interrupted = lab.command(&e2e).stderr(Stdio::piped()).spawn().unwrap();
    let stuck = || docker(&["ps", "--filter", "name=ibgp-single-hop", "--format", "{{.Names}}"]) == "ibgp-single-hop";
    wait("the stuck spec", stuck);
    let pid = interrupted.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let interrupted = interrupted.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&interrupted.stderr);
    assert_eq!(interrupted.status.code(), Some(130), "{said}");
    assert!(said.contains("--resume"), "{said}");
    assert_eq!(left(kubeconfig.path()), "");
    lab.verified();

    let resumed = lab.run(&[&["--json"], &e2e[..], &["--resume"]].concat());
    assert_eq!(resumed.code, Some(1), "{resumed:?}");
    let document: Value = serde_json::from_str(&resumed.stdout).unwrap();
    let specs = document["specs"].as_array().unwrap();
    let ends: Vec<_> =
        specs.iter().map(|spec| (spec["spec"].as_str().unwrap(), spec["end"].as_str().unwrap())).collect();
    assert_eq!(ends, [("BGP works", "passed"), ("BGP is stuck", "failed")]);
    let reason = specs[1]["reasons"].to_string();
    assert!(reason.contains("ibgp-single-hop has another password for xse-"), "{document:#}");
    let junit = std::fs::read_to_string(format!("{results}/junit.xml")).unwrap();
    assert!(junit.contains("tests=\"2\" failures=\"1\"") && junit.contains("another password"), "{junit}");
    assert_eq!(left(kubeconfig.path()), "");
    lab.verified();
    // Nothing is left to run: nothing is changed.
    let again = lab.run(&[&e2e[..], &["--resume"]].concat());
    assert!(again.stdout.contains("1 passed, 1 failed, 0 skipped, 0 did not run"), "{again:?}");

    docker(&["run", "--detach", "--rm", "--name", "ebgp-multi-hop", "--network", "none", support::OLD_FRR]);
    let refused = lab.run(&e2e);
    docker(&["kill", "ebgp-multi-hop"]);
    refused.refused(3, &["a container ebgp-multi-hop is there", "docker rm -f ebgp-multi-hop"]);
}

fn wait(name: &str, is: impl Fn() -> bool) {
    let wait = Wait::new(name, Duration::from_secs(120)).every(Duration::from_millis(200));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let seen =
        async || if is() { Verdict::<(), std::convert::Infallible>::Ready(()) } else { Verdict::NotYet("no".into()) };
    runtime.block_on(wait.poll(seen)).unwrap();
}
