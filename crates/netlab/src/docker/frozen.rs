//! Containers that never end, because something inside them is frozen.
//!
//! On a machine with cgroup v1, runc freezes a container whose processes it kills one after the other, as those that
//! share a pod's processes; then it thaws it. Where the container around, a cluster's node, ends at that very moment,
//! runc ends with it, and what is frozen takes no signal any more, not even SIGKILL. The engine waits for the node's
//! end in vain, and calls it running: it can neither be stopped nor removed nor started. cgroup v2 lets frozen
//! processes be killed.

use std::fs;
use std::path::{Path, PathBuf};

use bollard::query_parameters::InspectContainerOptions;

use super::Docker;

/// The freezer of cgroup v1.
const FREEZER: &str = "/sys/fs/cgroup/freezer";

/// The flag of a process that is ending (`PF_EXITING` in the kernel's `sched.h`).
const ENDING: u64 = 0x4;

impl Docker {
    /// Thaws the processes that keep a container from ending, where its first process has ended and others are frozen
    /// inside. Returns `true` if there were any. Frozen processes of a container that runs are left alone: somebody
    /// froze them.
    ///
    /// It needs the engine on this machine, and root; otherwise it returns `false`.
    pub async fn thaw_exiting(&self, container: &str) -> bool {
        if !self.is_local() {
            return false;
        }
        let inspected = self.client.inspect_container(container, None::<InspectContainerOptions>).await;
        let Ok((Some(id), Some(state))) = inspected.map(|inspected| (inspected.id, inspected.state)) else {
            return false;
        };
        let pid = state.pid.unwrap_or_default();
        tokio::task::spawn_blocking(move || is_ending(pid) && thaw_all(&id)).await.unwrap_or_default()
    }
}

/// `true` if a process is ending, and remains for those that it waits for.
fn is_ending(pid: i64) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name may hold anything, brackets included.
    let flags = stat.rsplit_once(')').and_then(|(_, fields)| fields.split_whitespace().nth(6)?.parse().ok());
    flags.is_some_and(|flags: u64| flags & ENDING != 0)
}

/// Thaws the frozen groups below a container's control group, whose name shows that it is on this machine.
fn thaw_all(id: &str) -> bool {
    let groups = [format!("docker/{id}"), format!("system.slice/docker-{id}.scope")];
    let mut frozen = Vec::new();
    groups.iter().for_each(|group| find(&Path::new(FREEZER).join(group), &mut frozen));
    frozen.iter().filter(|group| fs::write(group.join("freezer.state"), "THAWED").is_ok()).count() > 0
}

/// Finds the groups below one that were frozen themselves.
fn find(group: &Path, frozen: &mut Vec<PathBuf>) {
    for below in fs::read_dir(group).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let itself = fs::read_to_string(below.join("freezer.self_freezing")).is_ok_and(|text| text.trim() == "1");
        if itself {
            frozen.push(below.clone());
        }
        if below.is_dir() {
            find(&below, frozen);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_process_is_not_ending() {
        assert!(!is_ending(std::process::id().into()));
        assert!(!is_ending(0), "there is no such process");
    }
}
