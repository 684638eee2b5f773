//! Reading a container from outside, where the engine is on this machine.
//!
//! A command in a container costs a tenth of a second, most of it CPU. `/proc/PID` of the container's first process leads
//! to the same files and to the network with the same routes within a millisecond, where permissions allow it.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use bollard::query_parameters::InspectContainerOptions;

use super::{Docker, routes};
use crate::engine::ProcfsView;

impl Docker {
    pub(super) async fn read_proc(&self, container: &str, paths: &[&str]) -> Option<ProcfsView> {
        let process = self.process_of(container).await?;
        // Not from its `net`, which shows one of several next hops.
        let routes = routes::routes(&process).await?;
        let mut files = BTreeMap::new();
        for path in paths {
            if let Some(contents) = read_inside(&process.join("root"), path)? {
                files.insert((*path).to_owned(), contents);
            }
        }
        Some(ProcfsView { routes, files })
    }

    /// Returns the `/proc` directory of a running container's first process, if the engine is on this machine and
    /// permissions allow it. Below that directory's `root` is the container's file system, with its daemons' sockets.
    pub async fn process_of(&self, container: &str) -> Option<PathBuf> {
        Some(self.local(container).await?.1)
    }

    /// The id of a running container whose processes are this machine's, and the `/proc` directory of the first.
    pub(super) async fn local(&self, container: &str) -> Option<(String, PathBuf)> {
        if !self.is_local() {
            return None;
        }
        let inspected = self.client.inspect_container(container, None::<InspectContainerOptions>).await.ok()?;
        let (id, pid) = (inspected.id?, inspected.state?.pid.filter(|pid| *pid > 0)?);
        let process = PathBuf::from(format!("/proc/{pid}"));
        // The socket may lead to another machine, where that number is another process: the control group shows it.
        fs::read_to_string(process.join("cgroup")).ok()?.contains(&id).then_some((id, process))
    }
}

/// Reads a file below a root: `Some(None)` where it does not exist, `None` where that cannot be decided.
fn read_inside(root: &Path, path: &str) -> Option<Option<Vec<u8>>> {
    let mut inside = root.to_path_buf();
    let mut regular = false;
    for part in path.split('/').filter(|part| !part.is_empty()) {
        inside.push(part);
        match fs::symlink_metadata(&inside) {
            // A link would be followed from this machine's root, not from the container's.
            Ok(metadata) if metadata.is_symlink() => return None,
            Ok(metadata) => regular = metadata.is_file(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Some(None),
            Err(_) => return None,
        }
    }
    // Reading anything else (a pipe, say) might block.
    if regular { fs::read(&inside).ok().map(Some) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_files_are_read_from_outside() {
        let root = std::env::temp_dir().join(format!("netlab-procfs-{}", std::process::id()));
        fs::create_dir_all(root.join("etc/dir")).unwrap();
        fs::write(root.join("etc/plain"), "content").unwrap();
        std::os::unix::fs::symlink("/etc", root.join("link")).unwrap();
        let read = |path| read_inside(&root, path);
        let seen = [read("/etc/plain"), read("/etc/none"), read("/etc/dir"), read("/link/passwd")];
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(seen, [Some(Some(b"content".to_vec())), Some(None), None, None]);
    }
}
