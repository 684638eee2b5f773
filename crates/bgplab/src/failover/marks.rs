//! Marks in the containers that a run changes, so that the next run finds and restores what a killed one left.
//!
//! A mark is a file in the container itself, so it disappears with the container. It lists the networks that the
//! container was on. The marks stay if something could not be restored.

use std::io::{ErrorKind, Write};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use netlab::{Docker, Endpoint, Engine};
use rustix::fs::OFlags;

use super::breakage::undo::process;
use crate::failure::Failure;
use crate::restores::{Kept, Restores};

/// The mark's path below a container's root; every system's `/run` is empty after a start.
const FILE: &str = "run/lab-failover";

/// Marks some containers.
///
/// # Errors
/// If one of them does not run, or cannot be written to from here.
pub(crate) async fn put(docker: &Docker, restores: &Restores, containers: &[String]) -> Result<Kept, Failure> {
    let (engine, names) = (docker.clone(), containers.to_vec());
    let kept = restores.keep_if_all_went("marks", move || {
        let (docker, names) = (engine.clone(), names.clone());
        async move {
            for name in &names {
                // A container that does not run has no mark.
                if let Some(process) = docker.process_of(name).await {
                    remove(&process).map_err(|error| cannot(name, &error))?;
                }
            }
            Ok(())
        }
    });
    for container in containers {
        let state = docker.container(container).await?;
        let endpoints = state.map(|state| state.endpoints).unwrap_or_default();
        let line = |(network, at): (&String, &netlab::EndpointState)| {
            let word = |address: Option<String>| address.unwrap_or_else(|| "-".to_owned());
            format!("{network} {} {}\n", word(at.ipv4.map(|v4| v4.to_string())), word(at.ipv6.map(|v6| v6.to_string())))
        };
        let lines: String = endpoints.iter().map(line).collect();
        write(&process(docker, container).await?, &lines).map_err(|error| cannot(container, &error))?;
    }
    Ok(kept)
}

/// Reads a container's mark: the networks that it was on; `None` if it has no mark.
pub(crate) fn read(process: &Path) -> Option<Vec<Endpoint>> {
    let path = path(process).ok()?;
    let lines = path.is_file().then(|| std::fs::read_to_string(&path).ok()).flatten()?;
    Some(lines.lines().filter_map(endpoint).collect())
}

fn endpoint(line: &str) -> Option<Endpoint> {
    let mut words = line.split(' ');
    let network = netlab::Name::new(words.next()?).ok()?;
    let (ipv4, ipv6): (Option<Ipv4Addr>, Option<Ipv6Addr>) = (words.next()?.parse().ok(), words.next()?.parse().ok());
    Some(Endpoint { network, ipv4, ipv6 })
}

/// Removes a mark, where there is one.
///
/// # Errors
/// If it cannot be removed.
pub(crate) fn remove(process: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path(process)?) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn write(process: &Path, text: &str) -> std::io::Result<()> {
    let flags = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).custom_flags(flags);
    options.open(path(process)?)?.write_all(text.as_bytes())
}

/// Returns the mark's path as seen from the host; an error if its folder is a link, which would lead out of the
/// container.
fn path(process: &Path) -> std::io::Result<PathBuf> {
    let path = process.join("root").join(FILE);
    match path.parent() {
        Some(folder) if folder.is_symlink() => Err(std::io::Error::other("its folder is a link")),
        _ => Ok(path),
    }
}

fn cannot(container: &str, error: &std::io::Error) -> Failure {
    Failure::machine(format!("{container} cannot be marked from here")).cause(error).next("run it as root")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("root/run")).unwrap();
        assert!(read(folder.path()).is_none());
        write(folder.path(), "kind 10.0.1.3 fd00::3\nkind2 10.0.2.3 -\n").unwrap();
        let endpoints = read(folder.path()).unwrap();
        let states: Vec<_> =
            endpoints.iter().map(|at| (at.network.as_str(), at.ipv4.is_some(), at.ipv6.is_some())).collect();
        assert_eq!(states, [("kind", true, true), ("kind2", true, false)]);
        remove(folder.path()).unwrap();
        remove(folder.path()).unwrap();
        assert!(read(folder.path()).is_none());
    }
}
