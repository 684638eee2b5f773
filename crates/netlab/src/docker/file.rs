//! Commands in a container with a local file as input.

use std::fs::{File, copy};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use super::Docker;
use super::exec::running;
use crate::engine::{EngineError, ExecOutput};

/// The folder for large temporary files.
const FOLDER: &str = "var/tmp";

/// Opens a file as standard input, and removes it before anything can go wrong: the open file stays readable.
const TAKE: &str = "exec <\"$0\" && rm -f \"$0\" && exec \"$@\"";

impl Docker {
    /// Runs a command in a running container with a file's whole content as its standard input, and waits for its end.
    /// Several commands may read the same file at the same time.
    ///
    /// If the engine is on this machine and permissions allow it, the kernel copies the file into the container:
    /// through the engine, each byte costs the time of three processes, on a busy machine half of the time of importing
    /// an image. Otherwise, and in a container without a shell, the engine passes it on.
    ///
    /// # Errors
    /// As [`Docker::exec_with_input`].
    pub async fn exec_with_file(&self, container: &str, argv: &[&str], file: &File) -> Result<ExecOutput, EngineError> {
        // Opened again, not duplicated: a duplicate shares its position with the other readers.
        let source = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
        if let Some(copy) = self.copy_in(container, source.clone()).await {
            return self.exec_in(container, &[&["sh", "-c", TAKE, &copy], argv].concat()).await;
        }
        let input = tokio::fs::File::open(source).await.map_err(|error| EngineError::Unreadable {
            action: running(container, argv),
            message: error.to_string(),
        })?;
        self.exec_with_input(container, argv, input).await
    }

    /// Copies a file into a container, and returns its path there; its reader removes it.
    async fn copy_in(&self, container: &str, source: PathBuf) -> Option<String> {
        let root = self.process_of(container).await?.join("root");
        tokio::task::spawn_blocking(move || copy_below(&root, &source)).await.ok()?
    }
}

fn copy_below(root: &Path, source: &Path) -> Option<String> {
    // A link would be followed from this machine's root, not from the container's.
    let mut folder = root.to_path_buf();
    for part in Path::new(FOLDER) {
        folder.push(part);
        folder.symlink_metadata().ok().filter(|metadata| metadata.is_dir())?;
    }
    std::fs::metadata(root.join("bin/sh")).ok()?;
    let target = tempfile::Builder::new().prefix("netlab-").tempfile_in(&folder).ok()?;
    copy(source, target.path()).ok()?;
    let name = target.path().file_name()?.to_str()?.to_owned();
    target.keep().ok()?;
    Some(format!("/{FOLDER}/{name}"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn root() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("bin")).unwrap();
        std::fs::write(root.path().join("bin/sh"), "").unwrap();
        root
    }

    #[test]
    fn a_copy_is_named_as_the_container_sees_it() {
        let (root, source) = (root(), tempfile::NamedTempFile::new().unwrap());
        std::fs::write(source.path(), "content").unwrap();
        assert_eq!(copy_below(root.path(), source.path()), None, "there is no folder for it");
        std::fs::create_dir_all(root.path().join(FOLDER)).unwrap();
        let copy = copy_below(root.path(), source.path()).unwrap();
        assert_eq!(std::fs::read_to_string(root.path().join(copy.trim_start_matches('/'))).unwrap(), "content");
    }

    #[test]
    fn a_link_out_of_the_container_is_not_followed() {
        let (root, elsewhere, source) = (root(), tempfile::tempdir().unwrap(), tempfile::NamedTempFile::new().unwrap());
        std::fs::create_dir_all(elsewhere.path().join("tmp")).unwrap();
        symlink(elsewhere.path(), root.path().join("var")).unwrap();
        assert_eq!(copy_below(root.path(), source.path()), None);
        assert_eq!(std::fs::read_dir(elsewhere.path().join("tmp")).unwrap().count(), 0);
    }
}
