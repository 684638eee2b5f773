//! Errors of processes.

use std::io;
use std::time::Duration;

use crate::failure::Failure;

/// An error of a process. `tail` is the end of the output.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The program is not on PATH.
    #[error("{program} is not installed")]
    Missing {
        /// The program's name.
        program: String,
        /// The remedy: how to get it.
        remedy: Option<String>,
    },
    /// It could not be started, or its output could not be read.
    #[error("cannot run `{cmd}`")]
    Run {
        /// The command.
        cmd: String,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// It ended with another status than 0.
    #[error("`{cmd}` failed ({status}) after {:.1} s", elapsed.as_secs_f64())]
    Failed {
        /// The command.
        cmd: String,
        /// The exit status, in words.
        status: String,
        /// The time that it ran.
        elapsed: Duration,
        /// The end of the output.
        tail: String,
    },
    /// It took too long, and was ended.
    #[error("`{cmd}` did not end within {} s", bound.as_secs())]
    TimedOut {
        /// The command.
        cmd: String,
        /// The time that it had.
        bound: Duration,
        /// The end of the output.
        tail: String,
    },
    /// The log file cannot be written.
    #[error("cannot write the log {path}")]
    Log {
        /// The file.
        path: String,
        /// The cause.
        #[source]
        source: io::Error,
    },
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Missing { program, remedy } => {
                let next = remedy.unwrap_or_else(|| format!("install {program}, and see that it is on PATH"));
                Self::machine(message).next(next)
            }
            Error::Failed { tail, .. } => Self::step(message).because(said(&tail)),
            Error::TimedOut { tail, .. } => Self::timed_out(message).because(said(&tail)),
            Error::Run { source, .. } | Error::Log { source, .. } => Self::step(message).cause(&source),
        }
    }
}

fn said(tail: &str) -> String {
    if tail.is_empty() { "it said nothing".to_owned() } else { format!("it said last\n{tail}") }
}

/// Returns the last lines of an output.
pub(super) fn tail(output: &str) -> String {
    const LINES: usize = 20;
    let lines: Vec<&str> = output.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}
