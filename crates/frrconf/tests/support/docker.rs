//! Containers for the tests that ask the real FRR, by the `docker` command.

use std::path::Path;

use duct::cmd;
use frrconf::{Files, start};

/// The FRR images that are asked: name, and the release that is in it. `FRRCONF_MORE_IMAGES` adds others
/// (`NAME=RELEASE`, with spaces between them).
const IMAGES: &str = "quay.io/frrouting/frr:9.1.0=8.4.4 quay.io/frrouting/frr:10.5.3=10.7.1";

/// Every image that is to be asked. One that is missing fails the test: it is not skipped.
pub fn images() -> Vec<(String, String)> {
    let more = std::env::var("FRRCONF_MORE_IMAGES").unwrap_or_default();
    let images = IMAGES.split_whitespace().chain(more.split_whitespace());
    let images = images.map(|image| image.rsplit_once('=').expect("an image is NAME=RELEASE"));
    images
        .map(|(image, release)| {
            assert!(has(image), "image {image} is not in the engine: pull or build it, or run the fast tier only");
            (image.to_owned(), release.to_owned())
        })
        .collect()
}

fn has(image: &str) -> bool {
    let inspect = cmd!("docker", "image", "inspect", image).stdout_null().stderr_null().unchecked().run();
    inspect.expect("docker is on PATH").status.success()
}

/// Runs docker and returns what it printed.
pub fn docker<'a>(args: impl IntoIterator<Item = &'a str>) -> String {
    let args: Vec<&str> = args.into_iter().collect();
    let output = cmd("docker", &args).stderr_to_stdout().stdout_capture().unchecked().run().expect("docker is on PATH");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "docker {}: {text}", args.join(" "));
    text
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
}

/// A network that goes away with its last container.
pub struct Network(String);

impl Network {
    pub fn new(name: &str, ipv4: &str, ipv6: &str) -> Self {
        let network = Self(name.to_owned());
        network.remove();
        docker(words(&format!("network create --ipv6 --subnet {ipv4} --subnet {ipv6} {name}")));
        network
    }

    fn remove(&self) {
        let remove = cmd!("docker", "network", "rm", &self.0).stdout_null().stderr_null().unchecked().run();
        remove.expect("docker is on PATH");
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.remove();
    }
}

/// A container that goes away with the test.
pub struct Container(String);

impl Container {
    /// One that only stays, to run commands in.
    pub fn idle(name: &str, image: &str) -> Self {
        let container = Self::replacing(name);
        docker(words(&format!("run -d --name {name} --network none --entrypoint sleep {image} infinity")));
        container
    }

    /// One that will run FRR with these files.
    pub fn frr(name: &str, image: &str, network: &str, files: &Files) -> Self {
        let container = Self::replacing(name);
        let caps = "--cap-add NET_ADMIN --cap-add NET_RAW --cap-add SYS_ADMIN";
        let forward = "--sysctl net.ipv4.ip_forward=1 --sysctl net.ipv6.conf.all.forwarding=1";
        docker(words(&format!("create --name {name} {network} {caps} {forward} {image} sh {}", start::PATH)));
        let dir = tempfile::tempdir().unwrap();
        for (file, text) in files.entries() {
            std::fs::write(dir.path().join(file), text).unwrap();
        }
        container.copy(dir.path(), "/etc/frr");
        let script = dir.path().join("script");
        std::fs::write(&script, start::SCRIPT).unwrap();
        docker(["cp", "-q", script.to_str().unwrap(), &format!("{name}:{}", start::PATH)]);
        container
    }

    fn replacing(name: &str) -> Self {
        let container = Self(name.to_owned());
        container.remove();
        container
    }

    pub fn start(&self) {
        docker(["start", &self.0]);
    }

    pub fn connect(&self, network: &str) {
        docker(words(&format!("network connect {network} {}", self.0)));
    }

    pub fn pause(&self) {
        docker(["pause", &self.0]);
    }

    /// Copies a directory's content.
    pub fn copy(&self, from: &Path, to: &str) {
        docker(["cp", "-q", &format!("{}/.", from.display()), &format!("{}:{to}", self.0)]);
    }

    /// The output of a shell command in the container, and `true` if it succeeds.
    pub fn shell(&self, script: &str) -> (String, bool) {
        let exec = cmd!("docker", "exec", &self.0, "sh", "-c", script);
        let output = exec.stderr_to_stdout().stdout_capture().unchecked().run().expect("docker is on PATH");
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.success())
    }

    /// FRR's answer.
    pub fn vtysh(&self, command: &str) -> String {
        self.shell(&format!("vtysh -c '{command}'")).0
    }

    fn remove(&self) {
        let remove = cmd!("docker", "rm", "-f", &self.0).stdout_null().stderr_null().unchecked().run();
        remove.expect("docker is on PATH");
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        self.remove();
    }
}
