//! FRR on a kind cluster's workers without MetalLB: BFD sessions with the router come up, notice a loss, and go away.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{TestLab, docker};
use serde_json::Value;

/// 3 x 300 ms, and what it takes to pause a container and to ask a busy router.
const NOTICED: Duration = Duration::from_secs(3);

fn checks<'a>(document: &'a Value, topic: &str) -> Vec<&'a Value> {
    document["checks"].as_array().unwrap().iter().filter(|check| check["topic"] == topic).collect()
}

/// `true` if the router calls its session to the worker down.
fn is_down(lab: &TestLab, worker: &str) -> bool {
    let text = docker(&["exec", &lab.name("frr1"), "vtysh", "-c", "show bfd peers json"]);
    let sessions: Value = serde_json::from_str(&text).unwrap();
    sessions.as_array().unwrap().iter().any(|session| session["peer"] == worker && session["status"] == "down")
}

fn kubectl(kubeconfig: &str, args: &[&str]) -> String {
    let output =
        Command::new("kubectl").args(["--kubeconfig", kubeconfig]).args(args).stderr(Stdio::inherit()).output();
    String::from_utf8(output.expect("kubectl is on PATH").stdout).unwrap()
}

/// On a cluster with two workers and nothing on them.
pub(crate) fn bfd_comes_up_notices_a_loss_and_goes_away(lab: &TestLab, operator: &str) {
    lab.run(&["vtysh", &lab.name("k-worker")]).refused(1, &["there is no FRR on node xck-k-worker"]);

    let planned = lab.json(&["deploy-frr", "--dry-run"]);
    assert!(planned["changes"].to_string().contains("DaemonSet frr-nodes/frr-node"), "{planned}");
    let deployed = lab.json(&["deploy-frr"]);
    assert_eq!(checks(&deployed, "bfd").len(), 4, "both ends of two sessions: {deployed}");
    assert_eq!(lab.json(&["deploy-frr"])["changes"].as_array().unwrap().len(), 0, "nothing is done twice");
    let verified = lab.json(&["verify"]);
    assert!(checks(&verified, "bfd").iter().all(|check| check["passed"] == true), "{verified}");
    let asked = lab.run(&["vtysh", &lab.name("k-worker"), "--", "show", "bfd", "peers", "brief"]);
    assert!(asked.code == Some(0) && asked.stdout.contains("up"), "{asked:?}");

    // The cluster's half needs its kubeconfig, and no engine.
    let folder = tempfile::tempdir().unwrap();
    let kubeconfig = folder.path().join("kubeconfig");
    let kubeconfig = kubeconfig.to_str().unwrap();
    let kind =
        Command::new("kind").args(["export", "kubeconfig", "--name", "xck-k", "--kubeconfig", kubeconfig]).output();
    assert!(kind.unwrap().status.success());
    let from_api = ["--provider", "existing", "--kubeconfig", kubeconfig, "verify"];
    let alone = lab.command(&from_api).env("DOCKER_HOST", "tcp://127.0.0.1:1").output().unwrap();
    assert!(alone.status.success(), "{alone:?}");
    assert!(String::from_utf8_lossy(&alone.stdout).contains("xck-k-worker – xck-frr1"), "{alone:?}");

    loss_is_noticed(lab);
    metallb_is_in_the_way(lab, kubeconfig);
    // The other way round alike, and the routers keep what they have.
    let over = lab.run(&["deploy-metallb", "--operator-dir", operator]);
    over.refused(3, &["FRR runs on the nodes without MetalLB", "undeploy-frr"]);
    assert_eq!(lab.json(&["deploy-frr"])["changes"].as_array().unwrap().len(), 0, "nothing was changed");

    assert_eq!(lab.run(&["undeploy-frr"]).code, Some(0));
    assert_eq!(kubectl(kubeconfig, &["get", "namespace", "frr-nodes", "--ignore-not-found"]), "");
    assert_eq!(lab.run(&["undeploy-frr"]).stdout.trim(), "nothing to do");
    lab.verified();
}

fn loss_is_noticed(lab: &TestLab) {
    let worker = lab.name("k-worker");
    let format = format!("{{{{(index .NetworkSettings.Networks \"{}\").IPAddress}}}}", lab.name("n1"));
    let address = docker(&["inspect", "-f", &format, &worker]);
    assert!(!is_down(lab, &address));
    docker(&["pause", &worker]);
    let paused = Instant::now();
    while !is_down(lab, &address) {
        assert!(paused.elapsed() < NOTICED, "the session is still up after {:?}", paused.elapsed());
    }
    let failed = lab.run(&["--json", "verify"]);
    docker(&["unpause", &worker]);
    assert_eq!(failed.code, Some(1), "{failed:?}");
    let document: Value = serde_json::from_str(&failed.stdout).unwrap();
    let at_router = checks(&document, "bfd").into_iter().find(|check| check["subject"] == "xck-frr1 – xck-k-worker");
    assert!(at_router.unwrap()["seen"].as_str().unwrap().contains("is down"), "{document}");
    lab.verified();
}

/// Both would need the nodes' BFD ports.
fn metallb_is_in_the_way(lab: &TestLab, kubeconfig: &str) {
    const SPEAKER: &str = r#"{"apiVersion": "apps/v1", "kind": "DaemonSet",
        "metadata": {"name": "speaker", "namespace": "metallb-system"},
        "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}},
            "spec": {"nodeSelector": {"no": "where"}, "containers": [{"name": "speaker", "image": "none"}]}}}}"#;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("speaker.json");
    std::fs::write(&file, SPEAKER).unwrap();
    kubectl(kubeconfig, &["create", "namespace", "metallb-system"]);
    kubectl(kubeconfig, &["apply", "-f", file.to_str().unwrap()]);
    lab.run(&["deploy-frr"]).refused(3, &["MetalLB's speakers run on the nodes", "undeploy-metallb"]);
    kubectl(kubeconfig, &["delete", "namespace", "metallb-system", "--wait"]);
}
