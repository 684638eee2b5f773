//! Installing kind: by Go where that is there, else a pinned download whose checksum is known here.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::process::{Cmd, Stream};
use crate::progress::Progress;

/// The version that is installed.
pub(super) const VERSION: &str = "v0.33.0";

/// The release's files: architecture, Go's name for it, SHA-256.
const FILES: [(&str, &str, &str); 2] = [
    ("x86_64", "amd64", "aee6151561422756b764a4ae28e7f44cda5af5a9eead3cc9985112b1de8d8e0d"),
    ("aarch64", "arm64", "20022bee6cfcd5086cb7234d218e3454e6090022f2a8f55d1fa7fcf42c3867a2"),
];

/// The most that a file may have, in bytes; it has ten million.
const MOST: u64 = 100 << 20;

/// Installs kind into a folder on PATH.
pub(super) async fn install(progress: &Progress) -> Result<(), Failure> {
    let folder = folder()?;
    if which::which("go").is_ok() {
        let module = format!("sigs.k8s.io/kind@{VERSION}");
        let cmd = Cmd::new("go").args(["install", &module]).env("GOBIN", folder.as_str());
        match Stream::new(cmd.within(Duration::from_secs(5 * 60))).run().await {
            Ok(_) => return Ok(()),
            Err(error) => progress.say(&format!("{error}; trying the release's file")),
        }
    }
    let fetched = tokio::task::spawn_blocking(move || download(&folder)).await;
    fetched.map_err(|error| Failure::step("the download broke off").cause(&error))?
}

/// The first of the usual folders that is ours to write and on PATH. Cargo's own is on it wherever Cargo is used.
fn folder() -> Result<Utf8PathBuf, Failure> {
    let home = std::env::var("HOME").unwrap_or_default();
    let folders = ["/usr/local/bin".to_owned(), format!("{home}/.local/bin"), format!("{home}/.cargo/bin")];
    let path = std::env::var("PATH").unwrap_or_default();
    let usable = |folder: &&String| {
        path.split(':').any(|part| part == folder.as_str())
            && rustix::fs::access(folder.as_str(), rustix::fs::Access::WRITE_OK).is_ok()
    };
    folders.iter().find(usable).map(Utf8PathBuf::from).ok_or_else(|| {
        Failure::machine("no folder on PATH can be written to")
            .because(folders.join(", "))
            .next("put one of these on PATH, or install kind yourself: https://kind.sigs.k8s.io")
    })
}

fn download(folder: &Utf8Path) -> Result<(), Failure> {
    let machine = std::env::consts::ARCH;
    let Some((_, arch, expected)) = FILES.iter().find(|(name, ..)| *name == machine) else {
        return Err(Failure::machine(format!("no checksum of kind is known here for {machine}"))
            .next("install Go, or kind yourself: https://kind.sigs.k8s.io"));
    };
    let url = format!("https://github.com/kubernetes-sigs/kind/releases/download/{VERSION}/kind-linux-{arch}");
    let cannot = |error: &(dyn std::error::Error + 'static)| {
        Failure::machine(format!("cannot fetch {url}")).cause(error).next("install Go, or put kind on PATH yourself")
    };
    let agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(300))).build().new_agent();
    let mut answer = agent.get(&url).call().map_err(|error| cannot(&error))?;
    let file = answer.body_mut().with_config().limit(MOST).read_to_vec().map_err(|error| cannot(&error))?;
    verify(&file, expected).map_err(|actual| {
        Failure::step(format!("{url} is not what it should be; nothing was installed"))
            .because(format!("its SHA-256 is {actual}, expected {expected}"))
    })?;
    write(folder, &file).map_err(|error| Failure::machine(format!("cannot write into {folder}")).cause(&error))
}

/// The file's SHA-256 where it is another than expected.
fn verify(file: &[u8], expected: &str) -> Result<(), String> {
    let actual: String = Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect();
    if actual == expected { Ok(()) } else { Err(actual) }
}

/// Writes it whole or not at all.
fn write(folder: &Utf8Path, file: &[u8]) -> std::io::Result<()> {
    let part = folder.join(".kind.part");
    fs_err::write(&part, file)?;
    fs_err::set_permissions(&part, std::fs::Permissions::from_mode(0o755))?;
    fs_err::rename(&part, folder.join("kind"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_file_is_refused() {
        let expected = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assert_eq!(verify(b"hello", expected), Ok(()));
        assert!(verify(b"hello!", expected).is_err());
    }

    #[test]
    fn the_program_can_be_run() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(temporary.path()).unwrap();
        write(folder, b"#!/bin/sh\necho kind\n").unwrap();
        assert_eq!(Cmd::new(folder.join("kind").as_str()).read_blocking().unwrap(), "kind");
    }
}
