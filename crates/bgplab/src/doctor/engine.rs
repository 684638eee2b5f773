//! Starting Docker's engine, also where no service manager runs.

use std::time::Duration;

use camino::Utf8Path;
use netlab::{Docker, EngineError};
use settle::{Verdict, Wait};

use crate::apt::needs_root;
use crate::failure::Failure;
use crate::process::Cmd;

/// The packages of the engine on Debian. Its own recommendations bring what labs do not need; iptables and certificates they do.
pub(super) const PACKAGES: [&str; 3] = ["docker.io", "iptables", "ca-certificates"];

const LOG: &str = "/var/log/dockerd.log";

/// The log's last words when the engine has ended.
const ENDED: &str = "dockerd ended with status";

/// Starts the engine, and waits until it answers.
pub(super) async fn start() -> Result<(), Failure> {
    needs_root("service docker start")?;
    let has_manager = Utf8Path::new("/run/systemd/system").exists();
    let cmd = if has_manager { Cmd::new("systemctl").args(["start", "docker"]) } else { detached() };
    cmd.within(Duration::from_secs(90)).read().await?;

    let wait = Wait::new("the Docker engine answers", Duration::from_secs(60));
    let answer = wait.poll(async || look(Docker::connect().await, &log())).await;
    answer.map_err(|error| Failure::from(error).because(last_lines(&log(), 10)).place(LOG))
}

/// In a session of its own, without a terminal, logging into a file.
fn detached() -> Cmd {
    let script = format!("dockerd; echo \"{ENDED} $?\"");
    let outer = format!("exec setsid --fork sh -c '{script}' >{LOG} 2>&1 </dev/null");
    Cmd::new("sh").args(["-c", &outer])
}

fn log() -> String {
    fs_err::read_to_string(LOG).unwrap_or_default()
}

/// Judges a look: it answers, does not yet, or never will.
fn look(connected: Result<Docker, EngineError>, log: &str) -> Verdict<(), EngineError> {
    match connected {
        Ok(_) => Verdict::Ready(()),
        Err(error) if log.contains(ENDED) => Verdict::Failed(error),
        Err(error) => Verdict::NotYet(error.to_string()),
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use netlab::Unreachable;

    #[test]
    fn an_engine_that_has_ended_is_not_waited_for() {
        let refused = || EngineError::NoEngine { host: "unix:///x".into(), cause: Unreachable::NotListening };
        assert!(matches!(look(Err(refused()), "starting up"), Verdict::NotYet(_)));
        assert!(matches!(look(Err(refused()), "no iptables\ndockerd ended with status 1"), Verdict::Failed(_)));
    }

    #[test]
    fn the_script_goes_through_the_shells_quoting() {
        assert!(detached().to_string().contains(r#"echo "dockerd ended with status $?""#));
    }
}
