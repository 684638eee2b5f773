//! Finds and kills a container's processes from outside: a command inside would take a tenth of a second to start.

use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

use super::super::stamp::{Stamp, Within};
use crate::failure::Failure;

/// Kills processes, and returns the moments between which it did.
///
/// # Errors
/// If this user may not kill them.
pub(crate) fn kill(container: &str, processes: &[Pid]) -> Result<Within, Failure> {
    let from = Stamp::now();
    for pid in processes {
        kill_process(*pid, Signal::KILL).map_err(|error| {
            Failure::machine(format!("cannot kill processes of {container}"))
                .cause(&std::io::Error::from(error))
                .next("run it as root")
        })?;
    }
    Ok(Within { from, to: Stamp::now() })
}

/// Returns the first process of a container: when it dies, the kernel kills all others.
pub(crate) fn first(process: &Path) -> Option<Pid> {
    process.file_name()?.to_str()?.parse().ok().and_then(Pid::from_raw)
}

/// Finds the processes of a name that share the first one's PID namespace.
pub(crate) fn find(first: &Path, name: &str) -> Vec<Pid> {
    let Ok(space) = fs::read_link(first.join("ns/pid")) else { return Vec::new() };
    let Ok(all) = fs::read_dir("/proc") else { return Vec::new() };
    let ours = |process: &fs::DirEntry| {
        let path = process.path();
        let is_named = fs::read_to_string(path.join("comm")).is_ok_and(|comm| comm.trim_end() == name);
        is_named && fs::read_link(path.join("ns/pid")).is_ok_and(|other| other == space)
    };
    let pid = |process: fs::DirEntry| process.file_name().to_str()?.parse().ok().and_then(Pid::from_raw);
    all.filter_map(Result::ok).filter(ours).filter_map(pid).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_processes_of_that_name_and_space_are_found() {
        let own = Path::new("/proc/self");
        let name = fs::read_to_string(own.join("comm")).unwrap();
        let found = find(own, name.trim_end());
        assert!(found.contains(&rustix::process::getpid()), "{found:?}");
        assert_eq!(find(own, "no-such-process"), []);
        assert_eq!(find(Path::new("/proc/0"), name.trim_end()), []);
        assert_eq!((first(Path::new("/proc/77")), first(own)), (Pid::from_raw(77), None));
    }
}
