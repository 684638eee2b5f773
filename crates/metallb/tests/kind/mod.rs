//! A kind cluster for a test: one node with MetalLB's images, deleted on drop.

pub(crate) mod installation;
pub(crate) mod pods;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const NAME: &str = "metallb-test";
const CONFIG: &str = r#"
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
networking:
  ipFamily: dual
  podSubnet: "10.128.0.0/14,fd00:10:128::/56"
  serviceSubnet: "172.30.0.0/16,fd00:172:30::/112"
nodes: [{role: control-plane, image: "kindest/node:v1.35.0"}]
"#;

/// The cluster.
pub(crate) struct Kind {
    pub(crate) kubeconfig: PathBuf,
    /// The lock shared with the other tests' clusters: one of them restarts the engine, and waits for all others first.
    _place: File,
}

impl Kind {
    /// Makes it, with these images on its node.
    pub(crate) fn with(images: &BTreeSet<String>) -> Self {
        let kubeconfig = std::env::temp_dir().join(format!("{NAME}.kubeconfig"));
        let place = File::create(std::env::temp_dir().join("metallb-lab-clusters.lock")).unwrap();
        place.lock_shared().unwrap();
        let kind = Self { kubeconfig, _place: place };
        // An earlier run may have been killed.
        kind.remove();
        let network = ["network", "create", "--subnet", "10.79.1.0/24", "--ipv6", "--subnet", "fd79:1::/64", NAME];
        ok(Command::new("docker").args(network).output().unwrap());
        let mut create = Command::new("kind");
        create.args(["create", "cluster", "--name", NAME, "--config", "-", "--kubeconfig"]).arg(&kind.kubeconfig);
        create.env("KIND_EXPERIMENTAL_DOCKER_NETWORK", NAME);
        let mut child = create.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(CONFIG.as_bytes()).unwrap();
        ok(child.wait_with_output().unwrap());
        let node = format!("{NAME}-control-plane");
        let load = format!(
            "docker save {} | docker exec -i {node} ctr -n k8s.io images import -",
            images.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
        );
        ok(Command::new("bash").args(["-o", "pipefail", "-c", &load]).output().unwrap());
        kind
    }

    fn remove(&self) {
        let mut delete = Command::new("kind");
        delete.args(["delete", "cluster", "--name", NAME, "--kubeconfig"]).arg(&self.kubeconfig).output().unwrap();
        // It is not there at first.
        let _ = Command::new("docker").args(["network", "rm", NAME]).output().unwrap();
        let _ = std::fs::remove_file(&self.kubeconfig);
    }
}

impl Drop for Kind {
    fn drop(&mut self) {
        self.remove();
    }
}

fn ok(output: Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A file or folder that a variable names, since a test cannot provide it.
pub(crate) fn given(variable: &str, below: &str) -> PathBuf {
    let path = std::env::var_os(variable).unwrap_or_else(|| panic!("{variable} has to name it"));
    Path::new(&path).join(below)
}
