//! Short commands, run to their end.

use std::sync::LazyLock;
use std::time::Instant;

use tracing::debug;
use xshell::Shell;

use super::error::tail;
use super::{Cmd, Error};

/// What coreutils' `timeout` exits with when it ended the command.
const TIMED_OUT: i32 = 124;

/// Whether coreutils' `timeout` is there to keep the bound. xshell has none of its own.
static TIMEOUT: LazyLock<bool> = LazyLock::new(|| which::which("timeout").is_ok());

impl Cmd {
    /// Runs the command and gives its stdout without the last line's end.
    pub(crate) async fn read(&self) -> Result<String, Error> {
        let cmd = self.clone();
        let run = tokio::task::spawn_blocking(move || cmd.read_blocking());
        run.await.map_err(|error| Error::Run { cmd: self.to_string(), source: error.into() })?
    }

    /// [`Cmd::read`] for where no runtime is.
    pub(crate) fn read_blocking(&self) -> Result<String, Error> {
        self.find()?;
        let started = Instant::now();
        let run = |source: xshell::Error| Error::Run { cmd: self.to_string(), source: std::io::Error::other(source) };
        let shell = Shell::new().map_err(run)?;
        if let Some(folder) = &self.cwd {
            shell.change_dir(folder);
        }
        let mut cmd = if *TIMEOUT {
            let bound = self.bound.as_secs().max(1).to_string();
            shell.cmd("timeout").args(["--kill-after=2", &bound, &self.program])
        } else {
            shell.cmd(&self.program)
        };
        cmd = cmd.args(&self.args).quiet().ignore_status();
        for (name, value) in &self.env {
            cmd = match value {
                Some(value) => cmd.env(name, value),
                None => cmd.env_remove(name),
            };
        }
        let output = cmd.output().map_err(run)?;
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

#[cfg(test)]
mod tests {
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

    #[test]
    fn the_bound_is_kept() {
        let started = Instant::now();
        let error = sh("exec sleep 60").within(Duration::from_secs(1)).read_blocking().unwrap_err();
        assert!(matches!(error, Error::TimedOut { .. }), "{error:?}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}
