//! Interactive commands in a container, through a terminal.

use std::fmt;
use std::pin::Pin;

use futures::SinkExt;
use futures::channel::mpsc::Sender;
use futures::future::BoxFuture;
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, AttachParams, TerminalSize};
use tokio::io::{AsyncRead, AsyncWrite};

use super::Cluster;
use super::exec::exit_code;
use crate::error::Answered;
use crate::{Error, NamespacedName};

/// An interactive command in a container.
pub struct Shell {
    /// The command's output.
    pub output: Pin<Box<dyn AsyncRead + Send>>,
    /// The command's input.
    pub input: Pin<Box<dyn AsyncWrite + Send>>,
    size: Sender<TerminalSize>,
    end: BoxFuture<'static, i32>,
}

impl fmt::Debug for Shell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shell").finish_non_exhaustive()
    }
}

impl Shell {
    /// Resizes the command's terminal, in columns and rows. No effect once the command has ended.
    pub async fn resize(&mut self, (width, height): (u16, u16)) {
        let _ = self.size.send(TerminalSize { width, height }).await;
    }

    /// Waits for the exit code, once the output has ended; 1 if the connection broke off.
    pub async fn code(self) -> i32 {
        self.end.await
    }
}

impl Cluster {
    /// Runs a command in a container, with a terminal of `size` columns and rows.
    ///
    /// # Errors
    /// As [`Cluster::exec`].
    pub async fn shell(
        &self,
        pod: NamespacedName<'_>,
        container: &str,
        argv: &[&str],
        size: (u16, u16),
    ) -> Result<Shell, Error> {
        let place = || format!("{pod}/{container}");
        let pods: Api<Pod> = Api::namespaced(self.client(), pod.namespace);
        let params = AttachParams::interactive_tty().container(container);
        let process = pods.exec(pod.name, argv.iter().copied(), &params).await;
        let mut process = process.doing(format!("exec in pod {}", place()))?;
        let missing = |part: &str| Error::Exec {
            pod: place(),
            command: argv.join(" "),
            cause: format!("the connection has no {part}"),
        };
        let mut shell = Shell {
            output: Box::pin(process.stdout().ok_or_else(|| missing("output"))?),
            input: Box::pin(process.stdin().ok_or_else(|| missing("input"))?),
            size: process.terminal_size().ok_or_else(|| missing("terminal"))?,
            end: Box::pin(async move {
                let status = process.take_status();
                let status = match status {
                    Some(status) => status.await,
                    None => None,
                };
                match status {
                    Some(status) if status.status.as_deref() == Some("Success") => 0,
                    Some(status) => exit_code(&status).unwrap_or(1),
                    None => 1,
                }
            }),
        };
        shell.resize(size).await;
        Ok(shell)
    }
}
