//! A container that cannot end on a machine with cgroup v1, because something inside is frozen.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod common;
#[path = "common/engine.rs"]
mod engine;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use common::two_networks;
use engine::{Bed, with_spec};
use netlab::{Engine, RunState};
use settle::{Verdict, Wait};

/// Waits for a condition.
async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let wait = Wait::new(what, Duration::from_secs(20)).every(Duration::from_millis(20));
    let look =
        wait.poll(
            async || {
                if is_so().await { Verdict::<_, String>::Ready(()) } else { Verdict::NotYet("not yet".to_owned()) }
            },
        );
    look.await.unwrap();
}

/// Freezes a process of the container, in a group below its control group; `None` on a machine with cgroup v2.
async fn freeze_inside(bed: &Bed, short: &str) -> Option<PathBuf> {
    bed.sh(short, "sleep 1000 >/dev/null 2>&1 &").await;
    let state = bed.docker.container(&bed.name(short)).await.unwrap().unwrap();
    let groups = [format!("docker/{}", state.id), format!("system.slice/docker-{}.scope", state.id)];
    let group =
        groups.iter().map(|group| Path::new("/sys/fs/cgroup/freezer").join(group)).find(|group| group.exists())?;
    let is_ours = |pid: &&str| {
        fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.starts_with("sleep\x001000"))
    };
    let sleeper = || {
        let procs = fs::read_to_string(group.join("cgroup.procs")).unwrap();
        procs.lines().find(is_ours).map(str::to_owned)
    };
    // The shell makes a copy of itself, which becomes the program a moment later.
    until("it sleeps", async || sleeper().is_some()).await;
    let pid = sleeper().unwrap();
    let inside = group.join("inside");
    fs::create_dir(&inside).unwrap();
    fs::write(inside.join("cgroup.procs"), pid).unwrap();
    fs::write(inside.join("freezer.state"), "FROZEN").unwrap();
    Some(inside)
}

#[tokio::test]
#[ignore = "engine tier: cargo xtask test"]
async fn a_frozen_process_keeps_no_container_from_ending() {
    let mut spec = two_networks("netlab-test-frozen", 94);
    spec.containers.retain(|container| container.name.as_str().ends_with("left"));
    spec.containers[0].routes.clear();
    with_spec(spec, async |bed| {
        bed.up().await;
        let name = bed.name("left");
        let Some(inside) = freeze_inside(bed, "left").await else {
            assert!(!bed.docker.thaw_exiting(&name).await, "cgroup v2 lets frozen processes be killed");
            return;
        };
        let state = async || fs::read_to_string(inside.join("freezer.state")).unwrap_or_default();
        until("it is frozen", async || state().await.trim() == "FROZEN").await;
        assert!(!bed.docker.thaw_exiting(&name).await, "it runs, and somebody froze this");
        assert_eq!(state().await.trim(), "FROZEN");

        let first = bed.docker.process_of(&name).await.unwrap();
        let pid = first.file_name().unwrap().to_str().unwrap();
        assert!(Command::new("kill").args(["-KILL", pid]).status().unwrap().success());
        until("the container ends", async || {
            bed.docker.thaw_exiting(&name).await;
            let state = bed.docker.container(&name).await.unwrap();
            state.is_some_and(|state| state.run == RunState::Exited)
        })
        .await;
        assert!(!inside.exists() || state().await.trim() == "THAWED");
    })
    .await;
}
