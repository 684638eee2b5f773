//! FRR in a pod of a kind node, seen from this machine: the node is a container, and the pod's processes are below it.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use netlab::Docker;

use super::socket;

/// The daemon that every FRR runs.
const DAEMON: &str = "zebra";

/// Finds the root of the file system in which the FRR of a node's network runs; `None` if the engine is on another
/// machine or hides its processes, or if no FRR runs there.
pub(super) async fn root(docker: &Docker, node: &str) -> Option<PathBuf> {
    let network = network(&docker.process_of(node).await?)?;
    let process = fs::read_dir("/proc").ok()?.flatten().map(|entry| entry.path()).find(|process| {
        // FRR of speakers and of `deploy-frr` shares its node's network; no other FRR can.
        fs::read_to_string(process.join("comm")).is_ok_and(|name| name.trim_end() == DAEMON)
            && self::network(process) == Some(network)
    })?;
    socket::root_of(&process)
}

/// Returns the network namespace of a process, by the kernel's number.
fn network(process: &Path) -> Option<u64> {
    fs::metadata(process.join("ns/net")).ok().map(|metadata| metadata.ino())
}
