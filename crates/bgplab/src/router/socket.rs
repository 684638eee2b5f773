//! Asks daemons over their sockets.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use frrconf::ask::Question;
use frrconf::vty::{self, Answer, BadCommand, Daemon};
use futures::future::join_all;
use settle::{Unsettled, Verdict, Wait};
use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::{Instant, timeout_at};

use super::{AskError, below};

/// The longest time that a daemon may take; a busy one answers within milliseconds.
pub(super) const BOUND: Duration = Duration::from_secs(5);

/// The longest pause between two attempts to connect to a busy daemon.
const PAUSE: Duration = Duration::from_millis(50);

/// The reason why a daemon, or vtysh in its place, gave no answer.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum NoAnswer {
    /// It takes no connection, for others wait for it already.
    #[error("it is too busy to take a connection within {} s", .0.as_secs_f32())]
    Busy(Duration),
    /// It took the command, and was silent.
    #[error("no answer within {} s", .0.as_secs_f32())]
    Silent(Duration),
    /// It ended the connection.
    #[error("it hung up")]
    HungUp,
    /// It refused the command.
    #[error("{} (status {status})", text.trim())]
    Refused {
        /// The text that it printed.
        text: String,
        /// FRR's status, as in [`vty::Reply`].
        status: u8,
    },
    /// The command cannot be sent.
    #[error(transparent)]
    Command(#[from] BadCommand),
    /// The system refused to connect, to write or to read.
    #[error(transparent)]
    Socket(Arc<io::Error>),
    /// The socket is on another machine, or not for this user.
    #[error("its socket is not to be had from here: that needs root, and an engine on this machine")]
    OutOfReach,
    /// vtysh printed this in place of an answer.
    #[error("{0}")]
    Printed(String),
}

/// A daemon that did not answer.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) daemon: Daemon,
    pub(super) command: String,
    pub(super) cause: NoAnswer,
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
    let run = below(&root, vty::RUN_FOLDER);
    // A link on the way would lead to our own sockets, not to the process'.
    let real = run.ancestors().take_while(|folder| **folder != root).all(|folder| !folder.is_symlink());
    (real && std::fs::read_dir(&root).is_ok()).then_some(root)
}

/// Asks the daemons of the file system below `root`, all at the same time, and returns an answer to each question. Each
/// daemon has as long as `bound` for its questions; one that does not answer holds back no other's answer.
///
/// A daemon is asked over one connection, for few can wait for it: bgpd lets five (FRR: `lib/vty.c`).
pub(super) async fn ask_each(root: &Path, questions: &[Question], bound: Duration) -> Vec<Result<String, Refused>> {
    let mut by_daemon: BTreeMap<Daemon, Vec<&str>> = BTreeMap::new();
    for question in questions {
        by_daemon.entry(question.daemon()).or_default().push(question.command());
    }
    let one = async |(daemon, commands): (Daemon, Vec<&str>)| (daemon, ask(root, daemon, &commands, bound).await);
    let answers = join_all(by_daemon.into_iter().map(one)).await.into_iter();
    let mut answers: BTreeMap<_, _> = answers.map(|(daemon, answers)| (daemon, answers.into_iter())).collect();
    questions.iter().filter_map(|question| answers.get_mut(&question.daemon())?.next()).collect()
}

/// Asks one daemon. What a broken connection leaves unasked has the reason of its end.
async fn ask(root: &Path, daemon: Daemon, commands: &[&str], bound: Duration) -> Vec<Result<String, Refused>> {
    let until = Instant::now() + bound;
    let mut line = Line::open(root, daemon, bound).await;
    let mut answers = Vec::with_capacity(commands.len());
    for command in commands {
        let answer = match &mut line {
            Ok(line) => line.ask(command, until).await,
            Err(why) => Err(why.clone()),
        };
        if let Err(why) = &answer
            && !matches!(why, NoAnswer::Refused { .. })
        {
            line = Err(why.clone());
        }
        answers.push(answer.map_err(|cause| Refused { daemon, command: (*command).to_owned(), cause }));
    }
    answers
}

/// Sends one daemon some commands over one connection, and returns what it printed for each.
pub(super) async fn execute(root: &Path, daemon: Daemon, commands: &[String]) -> Result<Vec<String>, Refused> {
    let refused = |command: &str, cause| Refused { daemon, command: command.to_owned(), cause };
    let mut line = Line::open(root, daemon, BOUND).await.map_err(|cause| refused("enable", cause))?;
    let mut printed = Vec::with_capacity(commands.len());
    for command in commands {
        printed.push(line.ask(command, Instant::now() + BOUND).await.map_err(|cause| refused(command, cause))?);
    }
    Ok(printed)
}

/// A connection to a daemon.
struct Line {
    stream: UnixStream,
    bound: Duration,
}

impl Line {
    /// Connects. Where others wait for the daemon already, the system refuses at once, and another attempt may succeed.
    async fn open(root: &Path, daemon: Daemon, bound: Duration) -> Result<Self, NoAnswer> {
        let (socket, until) = (below(root, daemon.socket()), Instant::now() + bound);
        let wait = Wait::new(format!("connection to {daemon}"), bound).every(PAUSE);
        let connected = wait.poll(async || match UnixStream::connect(&socket).await {
            Ok(stream) => Verdict::Ready(stream),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Verdict::NotYet(error.to_string()),
            Err(error) => Verdict::Failed(error),
        });
        let stream = connected.await.map_err(|why| match why {
            Unsettled::Failed { error, .. } => NoAnswer::Socket(Arc::new(error)),
            Unsettled::TimedOut { .. } | Unsettled::Ended { .. } => NoAnswer::Busy(bound),
        })?;
        let mut line = Self { stream, bound };
        line.ask("enable", until).await?;
        Ok(line)
    }

    async fn ask(&mut self, command: &str, until: Instant) -> Result<String, NoAnswer> {
        let bytes = vty::request(command)?;
        let reply = timeout_at(until, self.exchange(&bytes)).await.map_err(|_| NoAnswer::Silent(self.bound))?;
        match reply.map_err(|error| NoAnswer::Socket(Arc::new(error)))? {
            Some(vty::Reply { text, status: 0, .. }) => Ok(text),
            Some(vty::Reply { text, status, .. }) => Err(NoAnswer::Refused { text, status }),
            None => Err(NoAnswer::HungUp),
        }
    }

    /// Sends a request and reads its reply; `None` if the daemon hangs up before the end.
    async fn exchange(&mut self, request: &[u8]) -> io::Result<Option<vty::Reply>> {
        self.stream.write_all(request).await?;
        let (mut answer, mut buffer) = (Answer::default(), vec![0; 16 * 1024]);
        loop {
            let read = self.stream.read(&mut buffer).await?;
            if let Some(reply) = answer.take(buffer.get(..read).unwrap_or_default()) {
                return Ok(Some(reply));
            }
            if read == 0 {
                return Ok(None);
            }
        }
    }
}

#[cfg(test)]
mod tests;
