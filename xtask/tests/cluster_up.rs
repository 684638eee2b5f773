//! Everything at once on a real kind cluster: up through an operator's checkout, again, damaged, interrupted anywhere,
//! taken away, and without an operator.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

mod bare;
mod built;
mod owners;
mod support;

use std::process::{Command, Stdio};

use built::Built;
use serde_json::Value;
use support::place::Place;
use support::{NEW_FRR, TestLab, docker, given, left_of};

/// The steps of a deployment by make, after each of which a run is killed; in the order in which they come.
const STEPS: [&str; 13] = [
    "api",
    "create Namespace metallb-system",
    "create Deployment default/test-agnhost",
    "create Service default/test-agnhost",
    "make-deploy-cert-manager",
    "make-deploy",
    "create MetalLB metallb-system/metallb",
    "wait for the operator",
    "set the webhooks' backend",
    "wait for the webhooks",
    "create IPAddressPool metallb-system/pool",
    "create BGPPeer metallb-system/peer",
    "create BGPAdvertisement metallb-system/pool",
];

struct Cluster(tempfile::NamedTempFile);

impl Cluster {
    fn of(lab: &TestLab) -> Self {
        let file = tempfile::NamedTempFile::new().unwrap();
        let kind = Command::new("kind").args(["get", "kubeconfig", "--name", &lab.name("k")]).output().unwrap();
        assert!(kind.status.success(), "{kind:?}");
        std::fs::write(file.path(), kind.stdout).unwrap();
        Self(file)
    }

    fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    fn kubectl(&self, args: &[&str]) -> String {
        let kubectl =
            Command::new("kubectl").args(["--kubeconfig", self.path()]).args(args).stderr(Stdio::inherit()).output();
        let output = kubectl.expect("kubectl is on PATH");
        assert!(output.status.success(), "kubectl {args:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn in_metallb(&self, args: &[&str]) -> String {
        self.kubectl(&[&["-n", "metallb-system"], args].concat())
    }

    /// Lists what is left of MetalLB.
    fn rest(&self) -> String {
        let namespaces = self.kubectl(&["get", "namespace", "metallb-system", "cert-manager", "--ignore-not-found"]);
        let cluster_wide = "crd,clusterrole,clusterrolebinding,validatingwebhookconfiguration";
        let others = self.kubectl(&["get", cluster_wide, "-o", "name"]);
        let others = others.lines().filter(|name| name.contains("metallb") || name.contains("cert-manager"));
        let default = self.kubectl(&["get", "deployment,service", "test-agnhost", "--ignore-not-found", "-o", "name"]);
        namespaces + &others.collect::<Vec<_>>().join(" ") + &default
    }
}

fn seconds(document: &Value, field: &str) -> f64 {
    document[field].as_f64().unwrap()
}

#[test]
#[ignore = "cluster tier: cargo xtask test"]
fn everything_comes_up_is_repaired_and_goes_away() {
    let _place = Place::beside();
    let operator = given("METALLB_LAB_TEST_OPERATOR_DIR");
    let manifests = given("METALLB_LAB_TEST_MANIFESTS");
    let up = ["up", "--operator-dir", &operator];
    let lab = TestLab::small("xup");
    lab.edit("provider = \"standalone\"", "provider = \"kind\"");
    lab.edit("workers = 1", "workers = 2");

    owners::somebody_elses_is_refused(&lab);
    owners::standalone_nodes_give_way(&lab);
    // In the midst of making the cluster.
    lab.killed_after("import-operator", &up);

    let first = lab.json(&up);
    assert_eq!((&first["passed"], &first["unchanged"]), (&true.into(), &false.into()), "{first}");
    // `bench --only up` judges how much longer it takes than its critical path: here other things may run beside it.
    let (took, path) = (seconds(&first, "seconds"), seconds(&first, "critical_path_seconds"));
    assert!(path > 0.5 * took && path <= took, "{first}");
    let again = lab.json(&up);
    assert_eq!((&again["passed"], &again["unchanged"]), (&true.into(), &true.into()), "{again}");

    let cluster = Cluster::of(&lab);
    the_traffic_policy_decides_the_next_hops(&lab, &up, &again["checks"]);
    damage_is_repaired(&lab, &cluster, &up);
    what_stands_in_the_way_is_named(&lab, &cluster, &operator);
    images_go_into_every_node(&lab);

    let undeploy = || {
        let run = lab.run(&["undeploy-metallb"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert_eq!(cluster.rest(), "");
        assert_eq!(lab.run(&["undeploy-metallb"]).stdout.trim(), "nothing to do");
    };
    undeploy();

    // Each run goes on where the one before was killed. What goes on at the same time may have come further than that.
    for step in STEPS {
        let planned = lab.json(&["deploy-metallb", "--operator-dir", &operator, "--dry-run"])["changes"].to_string();
        if step.strip_prefix("create ").is_some_and(|object| !planned.contains(&format!("+ {object}\""))) {
            assert!(
                step.ends_with("test-agnhost"),
                "only the application is made beside the rest, not {step}: {planned}"
            );
            continue;
        }
        lab.killed_after(step, &["deploy-metallb", "--operator-dir", &operator]);
    }
    assert_eq!(lab.json(&["deploy-metallb", "--operator-dir", &operator])["passed"], true);
    undeploy();

    for backend in ["frr-k8s", "native"] {
        let manifest = format!("{manifests}/metallb-{backend}.yaml");
        let source = ["--method", "direct", "--backend", backend, "--manifest", &manifest];
        // The last one is a developer's own.
        let own: &[&str] = if backend == "native" { &Built::OPTION } else { &[] };
        let built = (backend == "native").then(Built::new);
        let deployed = lab.json(&[&["deploy-metallb"], &source[..], own].concat());
        assert_eq!(deployed["passed"], true, "{deployed}");
        let lacks: &[&str] = if backend == "native" { &["BFD", "IPv6 prefixes"] } else { &[] };
        assert_eq!(deployed["deployed"]["left_out"], serde_json::json!(lacks), "{deployed}");
        lab.verified();
        match built {
            Some(built) => built::what_is_built_anew_is_reloaded(&lab, &built, &[&["up"], &source[..], own].concat()),
            None => undeploy(),
        }
    }
    lab.run(&["--provider", "standalone", "lab-up"]).refused(3, &["with a kind cluster", "lab-down"]);
    // A cluster goes with all that is in it, and a dry run says so.
    let planned = lab.run(&["lab-down", "--dry-run"]).stdout;
    assert!(planned.contains(&format!("- kind cluster {}", lab.name("k"))), "{planned}");
    assert_eq!(lab.run(&["lab-down"]).code, Some(0));
    assert_eq!(left_of(&lab.name("lab")), "");
    assert_eq!(lab.run(&["undeploy-metallb"]).stdout.trim(), "nothing to do");
}

/// With Local only the node with the endpoint is a next hop; with Cluster both workers are.
fn the_traffic_policy_decides_the_next_hops(lab: &TestLab, up: &[&str], before: &Value) {
    let next_hops = |checks: &Value| -> usize {
        let of_router = |check: &&Value| check["subject"] == "xup-frr1 203.0.113.200/32" && check["passed"] == true;
        let check = checks.as_array().unwrap().iter().find(of_router).unwrap_or_else(|| panic!("{checks}"));
        let (hops, _) = check["seen"].as_str().unwrap().split_once(',').unwrap();
        hops.matches("10.94.1.").count()
    };
    assert_eq!(next_hops(before), 2, "{before}");
    let local = "pools = [\"pool\"]\n[workload]\nexternal-traffic-policy = \"Local\"";
    lab.edit("pools = [\"pool\"]", local);
    let changed = lab.json(up);
    assert_eq!((&changed["passed"], &changed["deployed"]["changed"]), (&true.into(), &1.into()), "{changed}");
    assert_eq!(next_hops(&changed["checks"]), 1);
    lab.edit(local, "pools = [\"pool\"]");
    let back = lab.json(up);
    assert_eq!(next_hops(&back["checks"]), 2, "{back}");
}

fn damage_is_repaired(lab: &TestLab, cluster: &Cluster, up: &[&str]) {
    bare::nothing_is_wrong(cluster.path());
    cluster.in_metallb(&["delete", "bgpadvertisement", "pool"]);
    bare::is_wrong(cluster.path(), &["no BGPAdvertisement names address pool pool", "make a BGPAdvertisement"]);
    let planned = lab.json(&[up, &["--dry-run"]].concat());
    assert_eq!(planned["changes"].to_string(), r#"["+ BGPAdvertisement metallb-system/pool"]"#);
    cluster.in_metallb(&[
        "patch",
        "bfdprofile",
        "profile",
        "--type=merge",
        "-p",
        r#"{"spec": {"detectMultiplier": 5}}"#,
    ]);
    cluster.in_metallb(&["delete", "pod", "-l", "component=speaker", "--wait=false"]);
    cluster.in_metallb(&["scale", "deployment", "controller", "--replicas=0"]);
    let repaired = lab.json(up);
    assert_eq!(repaired["passed"], true, "{repaired}");
    assert_eq!(repaired["deployed"]["changed"], 2, "the advertisement and the profile: {repaired}");
    assert!(repaired["deployed"]["repairs"].to_string().contains("controller"), "{repaired}");
    assert_eq!(cluster.in_metallb(&["get", "bfdprofile", "profile", "-o", "jsonpath={.spec.detectMultiplier}"]), "3");
}

/// An image that MetalLB itself does not need.
fn images_go_into_every_node(lab: &TestLab) {
    let load = ["images", "load", "--into", "nodes", NEW_FRR];
    let loaded = lab.json(&load);
    assert_eq!((&loaded["imports"], loaded["nodes"].as_array().unwrap().len()), (&3.into(), 3), "{loaded}");
    docker(&["exec", &lab.name("k-control-plane"), "crictl", "inspecti", NEW_FRR]);
    assert_eq!(lab.json(&load)["imports"], 0, "they are there");
}

fn what_stands_in_the_way_is_named(lab: &TestLab, cluster: &Cluster, operator: &str) {
    let existing = ["--provider", "existing", "--kubeconfig", cluster.path()];
    let deploy = ["deploy-metallb", "--operator-dir", operator];
    let wrong = lab.run(&[&existing[..], &["--context", "no-such"], &deploy].concat());
    wrong.refused(2, &["no-such", "kind-xup-k", "--context"]);
    // The whole of it through the API alone; the routers, being here, are looked at too.
    let same = lab.json(&[&existing[..], &deploy].concat());
    assert_eq!((&same["passed"], &same["unchanged"]), (&true.into(), &true.into()), "{same}");
    let all = lab.json(&[&existing[..], &["up", "--operator-dir", operator]].concat());
    assert_eq!((&all["passed"], &all["unchanged"]), (&true.into(), &true.into()), "{all}");

    lab.run(&["deploy-metallb", "--operator-dir", "/nowhere"])
        .refused(2, &["no checkout of the MetalLB Operator", "git clone"]);
    let image = "registry.invalid/no/such:1";
    lab.edit("name = \"xup-lab\"", &format!("name = \"xup-lab\"\n[images]\nworkload = \"{image}\""));
    lab.run(&deploy).refused(3, &[image, "images load"]);
    lab.edit(&format!("\n[images]\nworkload = \"{image}\""), "");

    forbidden(lab, cluster, operator);
}

/// A user who may do nothing.
fn forbidden(lab: &TestLab, cluster: &Cluster, operator: &str) {
    cluster.kubectl(&["create", "serviceaccount", "nobody"]);
    let token = cluster.kubectl(&["create", "token", "nobody"]);
    let nobody = tempfile::NamedTempFile::new().unwrap();
    std::fs::copy(cluster.path(), nobody.path()).unwrap();
    let config = |args: &[&str]| {
        let path = nobody.path().to_str().unwrap();
        assert!(Command::new("kubectl").args(["--kubeconfig", path, "config"]).args(args).status().unwrap().success());
    };
    config(&["set-credentials", "nobody", &format!("--token={}", token.trim())]);
    config(&["set-context", "--current", "--user=nobody"]);
    let path = nobody.path().to_str().unwrap();
    lab.run(&["--provider", "existing", "--kubeconfig", path, "deploy-metallb", "--operator-dir", operator])
        .refused(3, &["system:serviceaccount:default:nobody", "cluster administrator"]);
    cluster.kubectl(&["delete", "serviceaccount", "nobody"]);
}
