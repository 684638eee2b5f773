//! Asks daemons over their sockets.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use frrconf::ask::Question;
use frrconf::vty::{self, Answer, Daemon};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::AskError;

/// The longest time that a daemon may take; a busy one answers within milliseconds.
const BOUND: Duration = Duration::from_secs(5);

/// A daemon that did not answer.
pub(super) struct Refused {
    pub(super) daemon: Daemon,
    pub(super) command: String,
    pub(super) cause: String,
}

impl Refused {
    /// Returns the error, in the name of a container or node.
    pub(super) fn by(self, place: &str) -> AskError {
        let Self { daemon, command, cause } = self;
        AskError::Daemon { container: place.to_owned(), daemon: daemon.name(), command, cause }
    }
}

/// Returns the root of a process' file system; `None` if its daemons' sockets cannot be reached from here.
pub(super) fn root_of(process: &Path) -> Option<PathBuf> {
    let root = process.join("root");
    // A link on the way would lead to our own sockets, not to the process'.
    let real = |part: &str| !root.join(part).is_symlink();
    (["run", "run/frr"].into_iter().all(real) && std::fs::read_dir(&root).is_ok()).then_some(root)
}

/// Asks the daemons of the file system below `root` all questions at the same time, and returns an answer to each; a
/// daemon that does not answer holds back no other's answer.
pub(super) async fn ask_each(root: &Path, questions: &[Question]) -> Vec<Result<String, Refused>> {
    let one = async |question: &Question| {
        let daemon = question.daemon();
        let refused = |cause: String| Refused { daemon, command: question.command().to_owned(), cause };
        let mut line = Line::open(root, daemon).await.map_err(|error| refused(error.to_string()))?;
        line.ask(question.command()).await.map_err(refused)
    };
    futures::future::join_all(questions.iter().map(one)).await
}

/// Sends one daemon some commands over one connection, and returns what it printed for each.
pub(super) async fn execute(root: &Path, daemon: Daemon, commands: &[String]) -> Result<Vec<String>, Refused> {
    let refused = |command: &str, cause: String| Refused { daemon, command: command.to_owned(), cause };
    let mut line = Line::open(root, daemon).await.map_err(|error| refused("enable", error.to_string()))?;
    let mut printed = Vec::with_capacity(commands.len());
    for command in commands {
        printed.push(line.ask(command).await.map_err(|cause| refused(command, cause))?);
    }
    Ok(printed)
}

/// A connection to a daemon.
struct Line(UnixStream);

impl Line {
    async fn open(root: &Path, daemon: Daemon) -> io::Result<Self> {
        let socket = root.join(daemon.socket().trim_start_matches('/'));
        let mut line = Self(UnixStream::connect(socket).await?);
        line.ask("enable").await.map_err(io::Error::other)?;
        Ok(line)
    }

    async fn ask(&mut self, command: &str) -> Result<String, String> {
        let bytes = vty::request(command).map_err(|error| error.to_string())?;
        let reply = timeout(BOUND, async {
            self.0.write_all(&bytes).await?;
            let mut answer = Answer::default();
            let mut buffer = vec![0; 16 * 1024];
            loop {
                let read = self.0.read(&mut buffer).await?;
                let taken = buffer.get(..read).unwrap_or_default();
                if let Some(reply) = answer.take(taken) {
                    return Ok(reply);
                }
                if read == 0 {
                    return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
                }
            }
        });
        match timeout_text(reply.await) {
            Ok(reply) if reply.status == 0 => Ok(reply.text),
            Ok(reply) => Err(format!("{} (status {})", reply.text.trim(), reply.status)),
            Err(cause) => Err(cause),
        }
    }
}

fn timeout_text(end: Result<io::Result<vty::Reply>, tokio::time::error::Elapsed>) -> Result<vty::Reply, String> {
    match end {
        Ok(Ok(reply)) => Ok(reply),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} s", BOUND.as_secs())),
    }
}
