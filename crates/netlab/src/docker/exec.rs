//! Commands in a container.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use bollard::container::LogOutput;
use bollard::exec::{CreateExecOptions, ResizeExecOptions, StartExecOptions, StartExecResults};
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use settle::{Unsettled, Verdict, Wait};
use tokio::io::AsyncWrite;

use super::Docker;
use crate::engine::{EngineError, ExecOutput};

/// The longest time between the end of a command's output and its own end.
const CODE: Duration = Duration::from_secs(20);

/// A running command with a terminal.
#[non_exhaustive]
pub struct InteractiveExec {
    /// The id, for [`Docker::resize_exec`] and [`Docker::exec_code`].
    pub id: String,
    /// The output, standard output and error in one.
    pub output: Pin<Box<dyn Stream<Item = Result<Bytes, EngineError>> + Send>>,
    /// The standard input.
    pub input: Pin<Box<dyn AsyncWrite + Send>>,
}

impl fmt::Debug for InteractiveExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InteractiveExec").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Describes the running of a command, for an error.
pub(super) fn running(container: &str, argv: &[&str]) -> String {
    format!("running {} in container {container}", argv.first().unwrap_or(&"nothing"))
}

impl Docker {
    pub(super) async fn exec_in(&self, container: &str, argv: &[&str]) -> Result<ExecOutput, EngineError> {
        let action = || running(container, argv);
        let options = CreateExecOptions {
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            cmd: Some(argv.to_vec()),
            ..CreateExecOptions::default()
        };
        let exec = self.client.create_exec(container, options).await.map_err(|e| self.error(action(), e))?;
        let started = self.client.start_exec(&exec.id, None::<StartExecOptions>).await;
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        if let StartExecResults::Attached { mut output, .. } = started.map_err(|e| self.error(action(), e))? {
            while let Some(chunk) = output.try_next().await.map_err(|e| self.error(action(), e))? {
                match chunk {
                    LogOutput::StdErr { message } => stderr.extend_from_slice(&message),
                    other => stdout.extend_from_slice(other.as_ref()),
                }
            }
        }
        let code = self.exec_code(&exec.id).await?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok(ExecOutput { stdout: text(stdout), stderr: text(stderr), code })
    }

    /// Runs a command with a terminal of the given columns and rows.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn exec_interactive(
        &self,
        container: &str,
        argv: &[&str],
        (columns, rows): (u16, u16),
    ) -> Result<InteractiveExec, EngineError> {
        let action = || running(container, argv);
        let options = CreateExecOptions {
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            tty: Some(true),
            cmd: Some(argv.to_vec()),
            ..CreateExecOptions::default()
        };
        let id = self.client.create_exec(container, options).await.map_err(|e| self.error(action(), e))?.id;
        let tty = StartExecOptions { tty: true, ..StartExecOptions::default() };
        match self.client.start_exec(&id, Some(tty)).await.map_err(|e| self.error(action(), e))? {
            StartExecResults::Attached { output, input } => {
                // A command that has ended at once has no terminal any more; its output and exit code show that.
                drop(self.resize_exec(&id, (columns, rows)).await);
                let (docker, action) = (self.clone(), action());
                let output = output
                    .map(move |chunk| chunk.map(LogOutput::into_bytes).map_err(|e| docker.error(action.clone(), e)))
                    .boxed();
                Ok(InteractiveExec { id, output, input })
            }
            StartExecResults::Detached => {
                Err(EngineError::Unreadable { action: action(), message: "it was not attached".to_owned() })
            }
        }
    }

    /// Sets the size of a command's terminal, columns and rows.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn resize_exec(&self, id: &str, (columns, rows): (u16, u16)) -> Result<(), EngineError> {
        let size = ResizeExecOptions { height: rows, width: columns };
        self.client.resize_exec(id, size).await.map_err(|e| self.error("resizing a terminal", e))
    }

    /// Returns the exit code of a command whose output has ended. The engine knows it a little later, or never, where
    /// the command closed its output and runs on.
    ///
    /// # Errors
    /// [`EngineError`]; [`EngineError::Unreadable`] where the engine does not come to know it.
    pub async fn exec_code(&self, id: &str) -> Result<i32, EngineError> {
        const ACTION: &str = "inspecting a command";
        let wait = Wait::new(ACTION, CODE);
        // Owned, so that the future is `Send`.
        let (docker, id) = (self.clone(), id.to_owned());
        let code = wait.poll(async move || match docker.client.inspect_exec(&id).await {
            Ok(inspected) => match inspected.exit_code {
                Some(code) => Verdict::Ready(super::convert::exit_code(code)),
                None => Verdict::NotYet("its output has ended, and it still runs".to_owned()),
            },
            Err(error) => Verdict::Failed(docker.error(ACTION, error)),
        });
        code.await.map_err(|unsettled| match unsettled {
            Unsettled::Failed { error, .. } => error,
            other => EngineError::Unreadable { action: ACTION.to_owned(), message: other.to_string() },
        })
    }
}
