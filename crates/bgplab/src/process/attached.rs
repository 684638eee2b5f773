//! A user's command, which has our terminal: its input, its output, its signals.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::Arc;

use rustix::process::{Pid, Signal, kill_process};

use super::{Cmd, Error};

/// A running command. Dropped, it is asked to end.
#[derive(Debug)]
pub struct Attached {
    cmd: String,
    handle: Arc<duct::Handle>,
}

impl Attached {
    /// Starts a command, without a bound. With `stdout_to_stderr`, its output goes to stderr, as our own messages do.
    ///
    /// # Errors
    /// If it is not installed, or cannot be started.
    pub fn start(cmd: &Cmd, stdout_to_stderr: bool) -> Result<Self, Error> {
        cmd.find()?;
        let mut expression = duct::cmd(&cmd.program, &cmd.args).unchecked();
        if stdout_to_stderr {
            expression = expression.stdout_to_stderr();
        }
        let handle = expression.start().map_err(|source| Error::Run { cmd: cmd.to_string(), source })?;
        Ok(Self { cmd: cmd.to_string(), handle: Arc::new(handle) })
    }

    /// Waits for the end and returns the exit code, as a shell would: 128 and the signal's number if a signal ended it.
    ///
    /// # Errors
    /// If its end cannot be waited for.
    pub async fn ended(&self) -> Result<u8, Error> {
        let handle = Arc::clone(&self.handle);
        let waited = tokio::task::spawn_blocking(move || handle.wait().map(|output| code(output.status))).await;
        waited.unwrap_or_else(|error| Err(error.into())).map_err(|source| Error::Run { cmd: self.cmd.clone(), source })
    }

    /// Asks it to end.
    pub fn end(&self) {
        for pid in self.handle.pids() {
            // It may have ended by itself meanwhile.
            let _ = i32::try_from(pid).ok().and_then(Pid::from_raw).map(|pid| kill_process(pid, Signal::TERM));
        }
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        if matches!(self.handle.try_wait(), Ok(None)) {
            self.end();
        }
    }
}

fn code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(script: &str) -> Attached {
        Attached::start(&Cmd::new("sh").args(["-c", script]), true).unwrap()
    }

    #[tokio::test]
    async fn its_exit_code_is_that_of_a_shell() {
        assert_eq!(start("exit 7").ended().await.unwrap(), 7);
        assert_eq!(start("kill -KILL $$").ended().await.unwrap(), 137);
    }

    #[tokio::test]
    async fn asked_to_end_it_ends() {
        let running = start("exec sleep 600");
        running.end();
        assert_eq!(running.ended().await.unwrap(), 143);
    }
}
