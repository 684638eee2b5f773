//! The images in a node's container runtime, and their import.

use std::collections::BTreeMap;
use std::fs::File;
use std::time::Duration;

use netlab::{Docker, Engine};
use settle::{Verdict, Wait};

use crate::failure::Failure;

/// The label on a node's image that records which of the engine's images it was made from: a tag alone does not.
const LABEL: &str = "metallb-lab.id";

/// From a node's start until its container runtime answers: 2 s, more while kind is busy.
const RUNTIME_BOUND: Duration = Duration::from_secs(120);

/// The container runtime's socket, below a node's root.
const SOCKET: &str = "run/containerd/containerd.sock";

/// Images of the engine: name to id.
pub(super) type Ids = BTreeMap<String, String>;

/// Waits until a node's container runtime answers.
pub(super) async fn runtime(docker: &Docker, node: &str) -> Result<(), Failure> {
    let wait = Wait::new(format!("container runtime of {node}"), RUNTIME_BOUND).every(Duration::from_millis(500));
    let up = wait.poll(async || {
        // A look costs a millisecond, a command in the node a tenth of a second of what it needs for itself.
        if docker.process_of(node).await.is_some_and(|process| !process.join("root").join(SOCKET).exists()) {
            return Verdict::NotYet(format!("there is no /{SOCKET}"));
        }
        match docker.exec(node, &["ctr", "version"]).await {
            Ok(output) if output.code == 0 => Verdict::Ready(()),
            Ok(output) => Verdict::NotYet(output.stderr.trim().to_owned()),
            Err(error) if error.is_unreachable() => Verdict::Failed(error),
            Err(error) => Verdict::NotYet(error.to_string()),
        }
    });
    Ok(up.await?)
}

/// The images of these that a node lacks, or has from another one of the engine's.
pub(super) async fn lacks(docker: &Docker, node: &str, images: &Ids) -> Result<Ids, Failure> {
    let there = parse(&list(docker, node).await?);
    let has = |image: &str, id: &str| match there.get(&full(image)) {
        None => false,
        // Without our label it came from a registry, or from another hand: it is the node's own.
        Some(from) => from.as_deref().is_none_or(|from| from == id),
    };
    Ok(images.iter().filter(|(image, id)| !has(image, id)).map(|(image, id)| (image.clone(), id.clone())).collect())
}

async fn list(docker: &Docker, node: &str) -> Result<String, Failure> {
    let list = docker.exec(node, &["ctr", "-n", "k8s.io", "images", "ls"]).await?;
    if list.code != 0 {
        return Err(Failure::step(format!("{node} does not list its images")).because(list.stderr.trim()));
    }
    Ok(list.stdout)
}

/// Returns the digests under which a node has images, by their names.
pub(super) async fn digests(docker: &Docker, node: &str) -> Result<BTreeMap<String, String>, Failure> {
    let of_line = |line: &str| {
        let mut fields = line.split_whitespace();
        let (name, digest) = (fields.next()?, fields.nth(1)?);
        Some((name.to_owned(), digest.to_owned()))
    };
    Ok(list(docker, node).await?.lines().skip(1).filter_map(of_line).collect())
}

/// Treatment of the layers of imported images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layers {
    /// They are unpacked at once: pods of this node need them.
    Unpacked,
    /// They are unpacked when a pod needs them: it may well run on another node.
    Packed,
}

/// Imports an archive into a node.
pub(super) async fn import(
    docker: &Docker,
    node: &str,
    archive: &File,
    images: &Ids,
    layers: Layers,
) -> Result<(), Failure> {
    let done = docker.exec_with_file(node, &["sh", "-c", &script(images, layers)], archive).await?;
    if done.code == 0 {
        return Ok(());
    }
    Err(Failure::step(format!("{node} does not take the images")).because(done.stderr.trim()).place(node))
}

/// Older clients know only the way that newer ones call `--local`, and that costs half.
const LOCAL: &str = "help=$(ctr images import --help); case $help in *--local*) local=--local;; esac\n";

/// Layers that are unpacked are not kept packed as well, as with images that the node pulls: kind configures its nodes
/// so (`discard_unpacked_layers`), and a node takes half the space.
const DISCARD: &str = "case $help in *--discard-unpacked-layers*) discard=--discard-unpacked-layers;; esac\n";

/// The file system that pods are unpacked into, where the node's configuration names one.
const SNAPSHOTTER: &str = r#"from=$(containerd config dump | sed -n "s/^ *snapshotter = ['\"]\(..*\)['\"]$/\1/p" | head -n 1)
"#;

fn script(images: &Ids, layers: Layers) -> String {
    let (before, unpack) = match layers {
        Layers::Unpacked => (format!("{SNAPSHOTTER}{DISCARD}"), "$discard ${from:+--snapshotter \"$from\"}"),
        Layers::Packed => (String::new(), "--no-unpack"),
    };
    let mut script = format!("{LOCAL}{before}ctr -n k8s.io images import $local {unpack} - >/dev/null || exit\n");
    for (image, id) in images {
        script += &format!("ctr -n k8s.io images label {} {LABEL}={id} >/dev/null || exit\n", full(image));
    }
    script
}

/// The images of a list of `ctr`, with our label where they carry it.
fn parse(list: &str) -> BTreeMap<String, Option<String>> {
    let of_line = |line: &str| {
        let mut fields = line.split_whitespace();
        let (name, labels) = (fields.next()?, fields.next_back()?);
        let label = labels.split(',').find_map(|label| label.strip_prefix(LABEL)?.strip_prefix('='));
        Some((name.to_owned(), label.map(str::to_owned)))
    };
    list.lines().skip(1).filter_map(of_line).collect()
}

/// The name under which a container runtime keeps an image: with its registry.
pub(super) fn full(image: &str) -> String {
    match image.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => image.to_owned(),
        Some(_) => format!("docker.io/{image}"),
        None => format!("docker.io/library/{image}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_runtime() {
        assert_eq!(full("quay.io/frrouting/frr:9.1.0"), "quay.io/frrouting/frr:9.1.0");
        assert_eq!(full("localhost:5000/x:1"), "localhost:5000/x:1");
        assert_eq!(full("metallb/speaker:v1"), "docker.io/metallb/speaker:v1");
        assert_eq!(full("busybox:1"), "docker.io/library/busybox:1");
    }

    #[test]
    fn a_list_shows_the_images_that_were_imported_by_us() {
        let list = "REF TYPE DIGEST SIZE PLATFORMS LABELS\n\
                    quay.io/a/b:1 application/x sha256:1 7.1 MiB linux/amd64 io.cri-containerd.image=managed,metallb-lab.id=sha256:9 \n\
                    docker.io/library/c:1 application/x sha256:2 748.4 KiB linux/amd64 - \n";
        let images = parse(list);
        assert_eq!(images["quay.io/a/b:1"].as_deref(), Some("sha256:9"));
        assert_eq!(images["docker.io/library/c:1"], None);
    }
}
