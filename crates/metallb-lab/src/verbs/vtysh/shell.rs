//! A shell in a container or a pod, with a terminal.

use std::pin::Pin;

use bytes::Bytes;
use futures::TryStreamExt;
use netlab::{Docker, InteractiveExec};
use rustix::termios::tcgetwinsize;
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::exit_code;
use bgplab::Failure;
use bgplab::vtysh::Target;

/// The most bytes of one read from a pod.
const CHUNK: usize = 16 * 1024;

/// A shell that somebody talks to.
pub(super) enum Shell {
    /// In a container.
    Container(Docker, InteractiveExec),
    /// In a pod.
    Pod(metallb::Shell),
}

impl Shell {
    /// Starts it, with a terminal as large as ours.
    pub(super) async fn open(target: &Target, argv: &[&str]) -> Result<Self, Failure> {
        Ok(match target {
            Target::Container(docker, name) => {
                Self::Container(docker.clone(), docker.exec_interactive(name, argv, size()).await?)
            }
            Target::Pod(cluster, place) => {
                Self::Pod(cluster.shell(place.pod(), metallb::frr::CONTAINER, argv, size()).await?)
            }
        })
    }

    /// Reads the shell's output; `None` once it has ended.
    pub(super) async fn read(&mut self) -> Result<Option<Bytes>, Failure> {
        match self {
            Self::Container(_, exec) => Ok(exec.output.try_next().await?),
            Self::Pod(shell) => {
                let mut chunk = vec![0; CHUNK];
                // A connection that breaks off ends the shell; the exit code shows it.
                let read = shell.output.read(&mut chunk).await.unwrap_or(0);
                chunk.truncate(read);
                Ok((read > 0).then(|| chunk.into()))
            }
        }
    }

    /// Types something. A shell that has ended does not hear it.
    pub(super) async fn write(&mut self, bytes: &[u8]) {
        let input: &mut Pin<Box<dyn AsyncWrite + Send>> = match self {
            Self::Container(_, exec) => &mut exec.input,
            Self::Pod(shell) => &mut shell.input,
        };
        if input.write_all(bytes).await.is_ok() {
            let _ = input.flush().await;
        }
    }

    /// Passes the present size of our terminal on.
    pub(super) async fn resize(&mut self) {
        match self {
            Self::Container(docker, exec) => drop(docker.resize_exec(&exec.id, size()).await),
            Self::Pod(shell) => shell.resize(size()).await,
        }
    }

    /// Returns the exit code, once the shell has ended.
    pub(super) async fn code(self) -> Result<u8, Failure> {
        Ok(match self {
            Self::Container(docker, exec) => exit_code(docker.exec_code(&exec.id).await?),
            Self::Pod(shell) => exit_code(shell.code().await),
        })
    }
}

/// Our terminal's columns and rows.
fn size() -> (u16, u16) {
    tcgetwinsize(rustix::stdio::stdout()).map_or((80, 24), |size| (size.ws_col.max(1), size.ws_row.max(1)))
}
