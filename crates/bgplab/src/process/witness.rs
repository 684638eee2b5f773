//! Helpers for tests that watch the processes of commands.

use std::io;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

/// `true` if a process runs.
pub(super) fn alive(pid: &str) -> bool {
    // A zombie that nobody has reaped yet is dead.
    fs_err::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

/// Waits until a file has a line, and returns it.
pub(super) async fn line_of(path: &Utf8Path) -> String {
    settle::Wait::new("a line", Duration::from_secs(10))
        .poll(async || match fs_err::read_to_string(path) {
            Ok(text) if text.ends_with('\n') => settle::Verdict::<_, io::Error>::Ready(text.trim().to_owned()),
            _ => settle::Verdict::NotYet("no line".into()),
        })
        .await
        .unwrap()
}

/// Waits until a process has ended.
pub(super) async fn has_ended(pid: &str) {
    settle::Wait::new("its end", Duration::from_secs(10))
        .poll(async || match alive(pid) {
            true => settle::Verdict::NotYet("it runs".into()),
            false => settle::Verdict::<_, io::Error>::Ready(()),
        })
        .await
        .unwrap();
}

/// Makes a folder for a test's files.
pub(super) fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
    (folder, path)
}
