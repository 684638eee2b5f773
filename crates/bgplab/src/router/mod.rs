//! Asking FRR in a container, without a shell where that is possible.
//!
//! Where the engine is on this machine and lets us, a daemon is asked over its own socket, below `/proc/PID/root`: a
//! millisecond, and no process; so are those of a kind node's pod. Anywhere else, one `vtysh` in the container answers all questions at once.

mod near;
mod pods;
mod question;
mod roots;
mod socket;

use std::path::PathBuf;
use std::time::Duration;

use frrconf::vty::Daemon;
use netlab::{Docker, Engine, EngineError};
use roots::Roots;
use thiserror::Error;

pub use pods::{FRR_NAMESPACE, Place, Pods};
pub use question::Question;

/// What answers where no daemon is asked by itself.
const VTYSH: &str = "vtysh";

/// An answer to each question, or why it has none.
pub type Answers = Vec<Result<String, AskError>>;

/// Why a router gave no answer.
#[derive(Debug, Error)]
pub enum AskError {
    /// The engine could not run a command in the container.
    #[error("{container} could not be asked")]
    Engine {
        /// The container.
        container: String,
        /// What the engine said.
        #[source]
        source: EngineError,
    },
    /// The node has no pod with FRR.
    #[error("{node} has no pod with FRR")]
    NoPod {
        /// The node.
        node: String,
    },
    /// The node's pod gave no answer.
    #[error("{node} gave no answer within {} s", .bound.as_secs())]
    Silent {
        /// The node.
        node: String,
        /// How long it had.
        bound: Duration,
    },
    /// The API could not run a command in the node's pod.
    #[error("{node} could not be asked")]
    Pod {
        /// The node.
        node: String,
        /// What the API said.
        #[source]
        source: Box<metallb::Error>,
    },
    /// FRR does not answer, as while it starts, or does not know the command.
    #[error("{container}: {daemon} does not answer `{command}`: {cause}")]
    Daemon {
        /// The container.
        container: String,
        /// The daemon, or vtysh.
        daemon: &'static str,
        /// The command.
        command: String,
        /// What came instead of an answer.
        cause: String,
    },
}

/// The routers of an engine, and standalone nodes and FRR on kind nodes alike: any container that FRR runs in.
#[derive(Debug)]
pub struct Routers<'a> {
    docker: &'a Docker,
    roots: Roots,
}

impl<'a> Routers<'a> {
    /// The routers of an engine.
    pub fn new(docker: &'a Docker) -> Self {
        Self { docker, roots: Roots::default() }
    }

    /// Answers to some questions, in their order, as JSON texts.
    ///
    /// # Errors
    /// [`AskError`], where one of them has no answer.
    pub async fn ask(&self, container: &str, questions: &[Question]) -> Result<Vec<String>, AskError> {
        self.ask_each(container, questions).await?.into_iter().collect()
    }

    /// The same, where a daemon that does not answer keeps no other's answer back.
    ///
    /// # Errors
    /// [`AskError`], where the container cannot be asked at all.
    pub async fn ask_each(&self, container: &str, questions: &[Question]) -> Result<Answers, AskError> {
        let Some(root) = self.root(container).await else { return self.exec(container, questions).await };
        let answers = socket::ask_each(&root, questions).await.into_iter();
        Ok(answers.map(|answer| answer.map_err(|refused| self.refused(container, refused))).collect())
    }

    fn refused(&self, container: &str, refused: socket::Refused) -> AskError {
        // The container may have been restarted: its first process is another one then.
        self.roots.forget(container);
        refused.by(container)
    }

    /// Tells a daemon some commands, in their order, and gives what it printed for each. A mode (`configure terminal`)
    /// lasts to the end of the commands.
    ///
    /// # Errors
    /// [`AskError`], where one of them is refused; those before it are done.
    pub async fn tell(&self, container: &str, daemon: Daemon, commands: &[String]) -> Result<Vec<String>, AskError> {
        let refused = |command: String, cause: String| AskError::Daemon {
            container: container.to_owned(),
            daemon: daemon.name(),
            command,
            cause,
        };
        let Some(root) = self.root(container).await else {
            let why = "its socket is not to be had from here: that needs root, and an engine on this machine";
            return Err(refused(commands.first().cloned().unwrap_or_default(), why.to_owned()));
        };
        socket::tell(&root, daemon, commands).await.map_err(|no| {
            self.roots.forget(container);
            refused(no.command, no.cause)
        })
    }

    /// The folder of a container's sockets and process numbers, as seen from here; the daemons may write into it.
    pub async fn run_folder(&self, container: &str) -> Option<PathBuf> {
        Some(self.root(container).await?.join("run/frr"))
    }

    /// Finds a container's file system anew at the next question: it has been restarted.
    pub fn forget(&self, container: &str) {
        self.roots.forget(container);
    }

    async fn root(&self, container: &str) -> Option<PathBuf> {
        let find = async || socket::root_of(&self.docker.process_of(container).await?);
        self.roots.of(container, find).await
    }

    async fn exec(&self, container: &str, questions: &[Question]) -> Result<Answers, AskError> {
        let script = question::script(questions);
        let output = self
            .docker
            .exec(container, &["sh", "-c", &script])
            .await
            .map_err(|source| AskError::Engine { container: container.to_owned(), source })?;
        Ok(by_vtysh(container, &output.stdout, &output.stderr, questions))
    }
}

/// The answers in what a script of questions printed somewhere.
fn by_vtysh(place: &str, stdout: &str, stderr: &str, questions: &[Question]) -> Answers {
    let told = |(question, answer): (&Question, Result<String, String>)| {
        answer.map_err(|cause| AskError::Daemon {
            container: place.to_owned(),
            daemon: VTYSH,
            command: question.command().to_owned(),
            cause,
        })
    };
    questions.iter().zip(question::answers(stdout, stderr, questions)).map(told).collect()
}
