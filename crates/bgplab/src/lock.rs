//! One process changes one lab.
//!
//! An advisory lock on a file in the machine's temporary folder, named after the engine and the lab: an engine is
//! shared by a machine's users, and so is the folder. The kernel releases the lock with its holder, however that ends.

use std::fs::TryLockError;
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use crate::failure::Failure;

/// The lock on one lab, held until dropped.
#[derive(Debug)]
#[must_use = "the lock is released when this is dropped"]
pub(crate) struct Lock {
    _file: std::fs::File,
}

impl Lock {
    /// Takes the lock on `lab` at `engine` (its endpoint, or a cluster's where there is none) for `verb`.
    ///
    /// # Errors
    /// A machine failure that names the holder where another process has it.
    pub(crate) fn take(engine: &str, lab: &str, verb: &str) -> Result<Self, Failure> {
        let folder = Utf8PathBuf::from_path_buf(std::env::temp_dir()).unwrap_or_else(|_| "/tmp".into());
        Self::take_at(&folder.join(file_name(&one_of_its_names(engine), lab)), lab, verb)
    }

    fn take_at(path: &Utf8Path, lab: &str, verb: &str) -> Result<Self, Failure> {
        let cannot = |error: io::Error| {
            Failure::machine(format!("cannot lock lab {lab}"))
                .cause(&error)
                .place(path.as_str())
                .next("see who owns this file; nothing else needs it, it can be removed while no run is under way")
        };
        let mut file = open(path).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = holder.lines().next().unwrap_or("it has not said who it is yet");
                return Err(Failure::machine(format!("another process is changing lab {lab}"))
                    .because(holder)
                    .place(path.as_str())
                    .next("wait until it has ended, or end it"));
            }
        }
        let mut write = || -> io::Result<()> {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "pid {}, verb {verb}", std::process::id())
        };
        write().map_err(cannot)?;
        Ok(Self { _file: file })
    }
}

/// Returns one name for a socket that has several paths: `/var/run` is a link.
fn one_of_its_names(engine: &str) -> String {
    let socket = engine.strip_prefix("unix://").and_then(|path| Utf8Path::new(path).canonicalize_utf8().ok());
    socket.map_or_else(|| engine.to_owned(), |path| format!("unix://{path}"))
}

fn file_name(engine: &str, lab: &str) -> String {
    let digest = Sha256::new().chain_update(engine).chain_update([0]).chain_update(lab).finalize();
    let key: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("metallb-lab-{key}.lock")
}

/// Opens the file, or makes it; never follows a link that somebody put into a folder that all may write to.
fn open(path: &Utf8Path) -> io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).mode(0o666).custom_flags(no_follow());
    // Not `create`: the kernel denies it for another user's file in a sticky folder (fs.protected_regular).
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        opened => return opened,
    }
    match options.clone().create_new(true).open(path) {
        Ok(file) => {
            // The umask cleared bits that other users need to lock the file, too.
            file.set_permissions(std::fs::Permissions::from_mode(0o666))?;
            Ok(file)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.open(path),
        Err(error) => Err(error),
    }
}

fn no_follow() -> i32 {
    i32::try_from(rustix::fs::OFlags::NOFOLLOW.bits()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().join("lock")).unwrap();
        (folder, path)
    }

    #[tokio::test]
    async fn the_second_sees_who_has_it() {
        let (_folder, path) = folder();
        let first = Lock::take_at(&path, "doc", "lab-up").unwrap();
        let failure = Lock::take_at(&path, "doc", "lab-down").unwrap_err().to_json();
        assert_eq!(failure["code"], 3);
        assert_eq!(failure["causes"][0], format!("pid {}, verb lab-up", std::process::id()));
        drop(first);
        // A program that another test is just starting has a copy of the open file, until it is executed.
        let free = settle::Wait::new("the lock is free", std::time::Duration::from_secs(5));
        let taken = free.poll(async || match Lock::take_at(&path, "doc", "lab-down") {
            Ok(lock) => settle::Verdict::<_, Failure>::Ready(lock),
            Err(failure) => settle::Verdict::NotYet(failure.message().to_owned()),
        });
        drop(taken.await.unwrap());
    }

    #[test]
    fn a_link_is_not_followed() {
        let (_folder, path) = folder();
        let target = path.with_extension("target");
        fs_err::write(&target, "precious").unwrap();
        std::os::unix::fs::symlink(&target, &path).unwrap();
        assert_eq!(Lock::take_at(&path, "doc", "lab-up").unwrap_err().to_json()["code"], 3);
        assert_eq!(fs_err::read_to_string(&target).unwrap(), "precious");
    }

    #[test]
    fn a_socket_is_one_engine_by_whichever_path() {
        let (folder, path) = folder();
        fs_err::write(&path, "").unwrap();
        let link = Utf8PathBuf::from_path_buf(folder.path().join("link")).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let [one, other] = [&path, &link].map(|path| one_of_its_names(&format!("unix://{path}")));
        assert_eq!(one, other);
        assert_eq!(one_of_its_names("tcp://10.0.0.1:2375"), "tcp://10.0.0.1:2375");
        assert_eq!(one_of_its_names("unix:///not/there"), "unix:///not/there");
    }

    #[test]
    fn labs_and_engines_have_their_own() {
        let names = [("a", "bc"), ("ab", "c"), ("a", "b")].map(|(engine, lab)| file_name(engine, lab));
        assert!(names[0] != names[1] && names[1] != names[2] && names[0] != names[2], "{names:?}");
    }
}
