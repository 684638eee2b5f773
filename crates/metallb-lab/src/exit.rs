//! The edge: answers to stdout, failures to stderr, both to an exit code.
//!
//! A verb ends in an [`Answer`] or a [`Failure`]. Nothing else prints results, and no other place knows exit codes.

pub(crate) mod checks;
pub(crate) mod diagnosis;
mod failure;
mod table;
mod usage;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use serde::Serialize;
use serde_json::{Value, json};

use bgplab::{Failure, Kind};
pub(crate) use failure::{render, to_json};
pub use table::table;
pub(crate) use table::{rows_only, unwrapped};
pub(crate) use usage::{asked_for_json, usage};

/// The end of a run, as the exit code says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Code {
    /// Done and true.
    #[default]
    Ok = 0,
    /// A check or a step failed.
    Failed = 1,
    /// Wrong use, or a wrong lab file.
    WrongUse = 2,
    /// The machine lacks something, or something that is not ours stands in the way.
    Machine = 3,
    /// A wait ran out.
    TimedOut = 4,
    /// Interrupted by a signal.
    Interrupted = 130,
}

impl From<Kind> for Code {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::WrongUse => Self::WrongUse,
            Kind::Machine => Self::Machine,
            Kind::TimedOut => Self::TimedOut,
            Kind::Interrupted => Self::Interrupted,
            _ => Self::Failed,
        }
    }
}

/// The answer of a verb on stdout.
#[derive(Debug, Default)]
pub struct Answer {
    text: String,
    json: Value,
    code: Code,
    /// The exit code of a command that was passed through, instead of ours.
    passed_through: Option<u8>,
}

impl Answer {
    /// Makes an answer of text for people, and the same as a JSON document.
    pub fn new(text: impl Into<String>, json: &impl Serialize) -> Result<Self, Failure> {
        let json = serde_json::to_value(json).map_err(|error| Failure::step("cannot write JSON").cause(&error))?;
        Ok(Self { text: text.into(), json, code: Code::Ok, passed_through: None })
    }

    /// Makes an answer of text that is a JSON document itself.
    pub fn json(text: String) -> Result<Self, Failure> {
        let json =
            serde_json::from_str(&text).map_err(|error| Failure::step("cannot read our own JSON").cause(&error))?;
        Ok(Self { text, json, code: Code::Ok, passed_through: None })
    }

    /// Makes an answer of text that has no other form; with `--json` it is the document's `text`.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { json: json!({ "text": text }), text, code: Code::Ok, passed_through: None }
    }

    /// Sets exit code 1 where `failed`: a report of checks is printed whole before it fails.
    #[must_use]
    pub fn failed_if(self, failed: bool) -> Self {
        if failed { self.with_code(Code::Failed) } else { self }
    }

    /// Replaces the exit code.
    #[must_use]
    pub fn with_code(self, code: Code) -> Self {
        Self { code, ..self }
    }

    /// Passes a command's exit code through.
    #[must_use]
    pub fn passing_through(self, code: u8) -> Self {
        Self { passed_through: Some(code), ..self }
    }

    /// `true` if it ends with another exit code than 0.
    pub fn has_failed(&self) -> bool {
        self.code != Code::Ok
    }

    /// Returns the exit code.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Returns the text for people.
    pub fn as_text(&self) -> &str {
        &self.text
    }
}

/// The edge at which a run ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    json: bool,
    command: &'static str,
}

impl Edge {
    /// An edge that prints JSON documents, or text.
    pub(crate) const fn new(json: bool, command: &'static str) -> Self {
        Self { json, command }
    }

    /// Prints how the run ended, once.
    pub(crate) fn exit(self, end: Result<Answer, Failure>) -> ExitCode {
        let code = match &end {
            Ok(answer) => answer.passed_through.unwrap_or(answer.code as u8),
            Err(failure) => Code::from(failure.kind()) as u8,
        };
        // A reader that went away (`| head`) is no failure of ours.
        let _ = match end {
            // A verb that was watched, or spoken with, has said everything already.
            Ok(answer) if self.json && !answer.json.is_null() => document(&answer.json),
            Ok(answer) => out(&answer.text),
            Err(failure) if self.json => document(&json!({ "error": to_json(&failure, self.command) })),
            Err(failure) => {
                io::stderr().write_all(render(&failure, self.command, has_colours(&io::stderr())).as_bytes())
            }
        };
        ExitCode::from(code)
    }
}

/// `true` if a stream has colours: it is a terminal, and nobody said otherwise (<https://no-color.org>).
pub fn has_colours(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn document(value: &Value) -> io::Result<()> {
    out(&format!("{value:#}"))
}

/// Writes a text and, where it lacks one, a line's end. Only the edge, and what is watched, write to stdout.
pub(crate) fn out(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    if !text.is_empty() && !text.ends_with('\n') {
        stdout.write_all(b"\n")?;
    }
    stdout.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_no_colours() {
        assert!(!has_colours(&tempfile::tempfile().unwrap()));
    }
}
