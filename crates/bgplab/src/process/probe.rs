//! Short commands, run to their end.

use std::io;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};
use tracing::debug;
use xshell::Shell;

use super::error::tail;
use super::{Cmd, Error};

/// The exit code of coreutils' `timeout` when it ended the command.
const TIMED_OUT: i32 = 124;

/// `true` if coreutils' `timeout` is there to keep the bound, since xshell cannot.
static TIMEOUT: LazyLock<bool> = LazyLock::new(|| which::which("timeout").is_ok());

impl Cmd {
    /// Runs the command and returns its stdout without the last newline. Dropped before, it asks the command to end.
    pub async fn read(&self) -> Result<String, Error> {
        let (cmd, child) = (self.clone(), Arc::new(Child::default()));
        let _asked_to_end = EndOnDrop(Arc::clone(&child));
        let run = tokio::task::spawn_blocking(move || cmd.read_as(&child));
        run.await.map_err(|error| Error::Run { cmd: self.to_string(), source: error.into() })?
    }

    /// Does the same as [`Cmd::read`], where there is no runtime.
    pub fn read_blocking(&self) -> Result<String, Error> {
        self.read_as(&Child::default())
    }

    fn read_as(&self, child: &Child) -> Result<String, Error> {
        self.find()?;
        let started = Instant::now();
        let failed = |source| Error::Run { cmd: self.to_string(), source };
        let shell = Shell::new().map_err(|error| failed(io::Error::other(error)))?;
        if let Some(folder) = &self.cwd {
            shell.change_dir(folder);
        }
        let mut cmd = if *TIMEOUT {
            let bound = self.bound.as_secs().max(1).to_string();
            shell.cmd("timeout").args(["--kill-after=2", &bound, &self.program])
        } else {
            shell.cmd(&self.program)
        };
        cmd = cmd.args(&self.args);
        for (name, value) in &self.env {
            cmd = match value {
                Some(value) => cmd.env(name, value),
                None => cmd.env_remove(name),
            };
        }
        let output = child.output(cmd.into()).map_err(failed)?;
        let elapsed = started.elapsed();
        debug!(cmd = %self, ?elapsed, status = %output.status, "ran");

        let stdout = String::from_utf8_lossy(&output.stdout);
        if output.status.success() {
            return Ok(stdout.strip_suffix('\n').unwrap_or(&stdout).to_owned());
        }
        let tail = tail(&format!("{stdout}\n{}", String::from_utf8_lossy(&output.stderr)));
        let cmd = self.to_string();
        if *TIMEOUT && output.status.code() == Some(TIMED_OUT) {
            return Err(Error::TimedOut { cmd, bound: self.bound, tail });
        }
        Err(Error::Failed { cmd, status: output.status.to_string(), elapsed, tail })
    }
}

/// The process of a command, for whoever may want it to end.
#[derive(Debug, Default)]
struct Child(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    pid: Option<Pid>,
    unwanted: bool,
}

impl Child {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts it, unless nobody wants it any more, and waits for its end.
    fn output(&self, mut command: Command) -> io::Result<Output> {
        let mut state = self.state();
        if state.unwanted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        state.pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        drop(state);
        let output = child.wait_with_output();
        self.state().pid = None;
        output
    }
}

/// Asks a command to end when dropped. `timeout` passes that on to all that the command started, and insists.
struct EndOnDrop(Arc<Child>);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.unwanted = true;
        // It may have ended by itself meanwhile.
        let _ = state.pid.map(|pid| kill_process(pid, Signal::TERM));
    }
}

#[cfg(test)]
mod tests {
    use super::super::witness::{alive, folder, has_ended, line_of};
    use super::*;
    use std::time::Duration;

    fn sh(script: &str) -> Cmd {
        Cmd::new("sh").args(["-c", script])
    }

    #[test]
    fn the_output_comes_back_whole() {
        let cmd = sh("echo \"$A:$B\"; pwd").env("A", "x y").env_remove("B").cwd("/");
        assert_eq!(cmd.read_blocking().unwrap(), "x y:\n/");
    }

    #[test]
    fn a_failure_keeps_what_was_said_on_stderr() {
        let error = sh("echo out; echo 'no such cluster' >&2; exit 3").read_blocking().unwrap_err();
        let Error::Failed { tail, status, .. } = &error else { panic!("{error:?}") };
        assert_eq!((tail.as_str(), status.as_str()), ("out\nno such cluster", "exit status: 3"));
    }

    #[test]
    fn a_missing_program_names_the_remedy() {
        let error = Cmd::new("no-such-program").remedy("install it").read_blocking().unwrap_err();
        assert_eq!(error.to_string(), "no-such-program is not installed");
        assert!(matches!(error, Error::Missing { remedy: Some(remedy), .. } if remedy == "install it"));
    }

    #[tokio::test]
    async fn dropped_it_ends_the_command() {
        let (_folder, path) = folder();
        let (cmd, file) = (sh("echo $$ > pid; exec sleep 60").cwd(&path), path.join("pid"));
        let running = async { alive(&line_of(&file).await) };
        tokio::select! {
            end = cmd.read() => panic!("ended by itself: {end:?}"),
            running = running => assert!(running),
        }
        has_ended(&line_of(&file).await).await;
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_not_even_started() {
        let child = Arc::new(Child::default());
        drop(EndOnDrop(Arc::clone(&child)));
        assert!(matches!(sh("exit 0").read_as(&child), Err(Error::Run { .. })));
    }

    #[test]
    fn the_bound_is_kept() {
        let started = Instant::now();
        let error = sh("exec sleep 60").within(Duration::from_secs(1)).read_blocking().unwrap_err();
        assert!(matches!(error, Error::TimedOut { .. }), "{error:?}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}
