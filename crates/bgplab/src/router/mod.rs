//! Asks FRR in a container, without a shell where that is possible.
//!
//! If the engine is on this machine and permits it, a daemon is asked over its own socket, below `/proc/PID/root`,
//! which takes a millisecond and no process; so are the daemons in a kind node's pod. Anywhere else, one `vtysh` in the
//! container answers all questions at once.

mod near;
mod pods;
mod roots;
mod socket;

use std::path::{Path, PathBuf};
use std::time::Duration;

use diagnosis::evidence::Frr;
use frrconf::ask::{self, Printed, Question};
use frrconf::vty::{self, Daemon};
use netlab::{Docker, Engine, EngineError};
use roots::Roots;
use thiserror::Error;

pub use pods::{FRR_NAMESPACE, Place, Pods};
pub use socket::NoAnswer;

use crate::failure::chain;

/// The program that answers if no daemon is asked directly.
const VTYSH: &str = "vtysh";

/// An answer to each question, or the reason why it has none.
pub type Answers = Vec<Result<String, AskError>>;

/// The reason why a router gave no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AskError {
    /// The engine could not run a command in the container.
    #[error("{container} could not be asked")]
    Engine {
        /// The container.
        container: String,
        /// The engine's error.
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
        /// The time that it had.
        bound: Duration,
    },
    /// The API could not run a command in the node's pod.
    #[error("{node} could not be asked")]
    Pod {
        /// The node.
        node: String,
        /// The API's error.
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
        /// The reason.
        cause: NoAnswer,
    },
}

/// The routers of an engine, and standalone nodes and FRR on kind nodes alike: any container that FRR runs in.
#[derive(Debug)]
pub struct Routers<'a> {
    docker: &'a Docker,
    roots: Roots,
}

impl<'a> Routers<'a> {
    /// Takes the routers of an engine.
    pub fn new(docker: &'a Docker) -> Self {
        Self { docker, roots: Roots::default() }
    }

    /// Asks some questions, and returns their answers in the same order; a daemon that does not answer holds back no
    /// other's answer.
    ///
    /// # Errors
    /// [`AskError`], if the container cannot be asked at all.
    pub async fn ask_each(&self, container: &str, questions: &[Question]) -> Result<Answers, AskError> {
        let Some(root) = self.root(container).await else { return self.exec(container, questions).await };
        let answers = socket::ask_each(&root, questions, socket::BOUND).await.into_iter();
        Ok(answers.map(|answer| answer.map_err(|refused| self.refused(container, refused))).collect())
    }

    fn refused(&self, container: &str, refused: socket::Refused) -> AskError {
        // The container may have been restarted: its first process is another one then.
        self.roots.forget(container);
        refused.by(container)
    }

    /// Sends a daemon some commands, in their order, and returns what it printed for each. A mode (`configure
    /// terminal`) lasts to the end of the commands.
    ///
    /// # Errors
    /// [`AskError`], if one of them is refused; those before it are done.
    pub async fn execute(&self, container: &str, daemon: Daemon, commands: &[String]) -> Result<Vec<String>, AskError> {
        let Some(root) = self.root(container).await else {
            let command = commands.first().cloned().unwrap_or_default();
            return Err(socket::Refused { daemon, command, cause: NoAnswer::OutOfReach }.by(container));
        };
        socket::execute(&root, daemon, commands).await.map_err(|refused| self.refused(container, refused))
    }

    /// Returns the folder of a container's sockets and process numbers, as seen from here; the daemons may write into
    /// it.
    pub async fn run_folder(&self, container: &str) -> Option<PathBuf> {
        Some(below(&self.root(container).await?, vty::RUN_FOLDER))
    }

    /// Forgets a container that has been restarted: its file system is found anew at the next question.
    pub fn forget(&self, container: &str) {
        self.roots.forget(container);
    }

    async fn root(&self, container: &str) -> Option<PathBuf> {
        let find = async || socket::root_of(&self.docker.process_of(container).await?);
        self.roots.of(container, find).await
    }

    async fn exec(&self, container: &str, questions: &[Question]) -> Result<Answers, AskError> {
        let script = ask::script(questions);
        let output = self
            .docker
            .exec(container, &["sh", "-c", &script])
            .await
            .map_err(|source| AskError::Engine { container: container.to_owned(), source })?;
        Ok(by_vtysh(container, Printed { stdout: &output.stdout, stderr: &output.stderr }, questions))
    }
}

/// Returns an absolute path of a container below the root of its file system.
fn below(root: &Path, path: &str) -> PathBuf {
    root.join(path.trim_start_matches('/'))
}

/// Reads the answers of one place. Where it could not be asked at all, every daemon is silent for that reason.
pub(crate) fn read(questions: &[Question], answers: Result<Answers, AskError>) -> Frr {
    let line = |error: AskError| chain(Some(&error)).join(": ");
    let texts = match answers {
        Ok(answers) => answers.into_iter().map(|answer| answer.map_err(line)).collect(),
        Err(error) => vec![Err(line(error)); questions.len()],
    };
    Frr::read(questions.iter().copied().zip(texts))
}

/// Reads the answers in the output of a script of questions.
fn by_vtysh(place: &str, printed: Printed<'_>, questions: &[Question]) -> Answers {
    let read = |(question, answer): (&Question, Result<String, String>)| {
        answer.map_err(|cause| AskError::Daemon {
            container: place.to_owned(),
            daemon: VTYSH,
            command: question.command().to_owned(),
            cause: NoAnswer::Printed(cause),
        })
    };
    questions.iter().zip(ask::answers(printed, questions)).map(read).collect()
}
