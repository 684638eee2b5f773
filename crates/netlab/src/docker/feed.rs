//! Commands in a container with an input.

use std::pin::pin;

use bollard::container::LogOutput;
use bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use futures::TryStreamExt;
use futures::future::{Either, select};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

use super::Docker;
use super::exec::running;
use crate::engine::{EngineError, ExecOutput};

/// The size of a chunk of input, in bytes.
const CHUNK: usize = 1 << 20;

impl Docker {
    /// Runs a command in a running container with `input` as its standard input, and waits for its end. A command that
    /// ends before it has read everything is no error: its exit code and output show it.
    ///
    /// # Errors
    /// [`EngineError`]; [`EngineError::Unreadable`] where `input` cannot be read.
    pub async fn exec_with_input(
        &self,
        container: &str,
        argv: &[&str],
        input: impl AsyncRead + Unpin + Send,
    ) -> Result<ExecOutput, EngineError> {
        let action = || running(container, argv);
        let options = CreateExecOptions {
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            cmd: Some(argv.to_vec()),
            ..CreateExecOptions::default()
        };
        let id = self.client.create_exec(container, options).await.map_err(|e| self.error(action(), e))?.id;
        let started = self.client.start_exec(&id, None::<StartExecOptions>).await;
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        if let StartExecResults::Attached { mut output, input: mut stdin } =
            started.map_err(|e| self.error(action(), e))?
        {
            let feed = pin!(async {
                let mut input = input;
                let mut chunk = Vec::with_capacity(CHUNK);
                loop {
                    chunk.clear();
                    let read = (&mut input).take(CHUNK as u64).read_to_end(&mut chunk).await;
                    let read =
                        read.map_err(|e| EngineError::Unreadable { action: action(), message: e.to_string() })?;
                    // A command may close its input.
                    if read == 0 || stdin.write_all(&chunk).await.is_err() {
                        let _ = stdin.shutdown().await;
                        return Ok::<_, EngineError>(());
                    }
                }
            });
            let listen = pin!(async {
                while let Some(part) = output.try_next().await.map_err(|e| self.error(action(), e))? {
                    match part {
                        LogOutput::StdErr { message } => stderr.extend_from_slice(&message),
                        other => stdout.extend_from_slice(other.as_ref()),
                    }
                }
                Ok::<_, EngineError>(())
            });
            // A command that has ended reads nothing more: the rest of the input is dropped.
            match select(feed, listen).await {
                Either::Left((fed, listen)) => {
                    fed?;
                    listen.await?;
                }
                Either::Right((heard, _)) => heard?,
            }
        }
        let code = self.exec_code(&id).await?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok(ExecOutput { stdout: text(stdout), stderr: text(stderr), code })
    }
}
