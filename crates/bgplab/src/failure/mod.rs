//! A failure: its kind, message, causes, place, and the next step.

mod engine;
mod kind;
mod libraries;

use std::error::Error;
use std::fmt;

use diagnosis::{Advice, Check, Diagnosis};
use labfile::LabError;

pub use self::kind::Kind;

/// A failure of an act. Made where a library's error is met, rendered once by the front end.
pub struct Failure(Box<Parts>);

/// The parts of a [`Failure`], which is returned often and should be small.
struct Parts {
    kind: Kind,
    message: String,
    causes: Vec<String>,
    place: Option<String>,
    next: Option<Advice>,
    diagnosis: Option<Diagnosis>,
    checks: Option<Vec<Check>>,
    lab_error: Option<LabError>,
}

impl Failure {
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            kind,
            message: message.into(),
            causes: Vec::new(),
            place: None,
            next: None,
            diagnosis: None,
            checks: None,
            lab_error: None,
        }))
    }

    /// Makes a failure of a check or a step.
    #[must_use]
    pub fn step(message: impl Into<String>) -> Self {
        Self::new(Kind::Step, message)
    }

    /// Makes a failure by wrong use, or a wrong lab file.
    #[must_use]
    pub fn wrong_use(message: impl Into<String>) -> Self {
        Self::new(Kind::WrongUse, message)
    }

    /// Makes a failure of the machine, or by something that is not the lab's and stands in the way.
    #[must_use]
    pub fn machine(message: impl Into<String>) -> Self {
        Self::new(Kind::Machine, message)
    }

    /// Makes a failure to write a file that a user named; `what` is the file: `archive`, `JUnit report`.
    #[must_use]
    pub fn unwritten(what: &str, error: &std::io::Error) -> Self {
        let next = "name a file in a folder that is there and may be written to";
        Self::machine(format!("cannot write the {what}")).cause(error).next(next)
    }

    /// Makes a failure of a wait that ran out.
    #[must_use]
    pub fn timed_out(message: impl Into<String>) -> Self {
        Self::new(Kind::TimedOut, message)
    }

    /// Makes a failure by a signal.
    #[must_use]
    pub fn interrupted(signal: &str) -> Self {
        Self::new(Kind::Interrupted, format!("interrupted by {signal}"))
    }

    /// Adds an error and all it was caused by.
    #[must_use]
    pub fn cause(mut self, error: &(dyn Error + 'static)) -> Self {
        self.0.causes.extend(chain(Some(error)));
        self
    }

    /// Adds a cause in words: a line of output, what a look last saw.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.0.causes.push(cause.into());
        self
    }

    /// Sets the place: a file, a container, a step.
    #[must_use]
    pub fn place(mut self, place: impl Into<String>) -> Self {
        self.0.place = Some(place.into());
        self
    }

    /// Sets the next step.
    #[must_use]
    pub fn next(mut self, next: impl Into<Advice>) -> Self {
        self.0.next = Some(next.into());
        self
    }

    /// Adds what a diagnosis found after it.
    #[must_use]
    pub fn explained(mut self, diagnosis: Diagnosis) -> Self {
        self.0.diagnosis = Some(diagnosis);
        self
    }

    /// Adds what a wait for checks saw last; the message names it in a line.
    #[must_use]
    pub fn checks(mut self, checks: Vec<Check>) -> Self {
        self.0.checks = Some(checks);
        self
    }

    /// Returns its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Returns the message alone.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the causes, outermost first.
    #[must_use]
    pub fn causes(&self) -> &[String] {
        &self.0.causes
    }

    /// Returns the place.
    #[must_use]
    pub fn at(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// Returns the next step.
    #[must_use]
    pub fn next_step(&self) -> Option<&Advice> {
        self.0.next.as_ref()
    }

    /// Returns the causes, the place, the next step and the diagnosis as indented lines, each verb typed after `command`.
    #[must_use]
    pub fn details(&self, command: &str) -> String {
        let line = |name: &str, value: &str| format!("  {name}: {}\n", value.replace('\n', "\n    "));
        let causes = self.causes().iter().map(|cause| line("cause", cause));
        let place = self.at().map(|place| line("at", place));
        let next = self.next_step().map(|next| line("next", &next.typed_as(command)));
        let found = self.diagnosis().map(|found| format!("\n{}", found.text(command)));
        causes.chain(place).chain(next).chain(found).collect()
    }

    /// Returns what a diagnosis found.
    #[must_use]
    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        self.0.diagnosis.as_ref()
    }

    /// Returns what a wait for checks saw last.
    #[must_use]
    pub fn last_checks(&self) -> Option<&[Check]> {
        self.0.checks.as_deref()
    }

    /// Returns the error of the lab file that caused it, with the places in the file.
    #[must_use]
    pub fn lab_error(&self) -> Option<&LabError> {
        self.0.lab_error.as_ref()
    }
}

/// The message alone; the parts are for a front end to arrange.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

/// The message and everything that belongs to it, as `fn main() -> Result<(), Failure>` prints it.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(format!("{}\n{}", self.0.message, self.details("")).trim_end())
    }
}

impl Error for Failure {}

impl From<LabError> for Failure {
    fn from(error: LabError) -> Self {
        let mut failure = Self::wrong_use(error.to_string()).next(match &error {
            LabError::Read { .. } => "`⌘ init > lab.toml` writes a lab file to start from",
            _ => "`⌘ init` prints a commented lab file, `⌘ schema` its JSON Schema",
        });
        failure.0.causes = chain(error.source());
        failure.0.lab_error = Some(error);
        failure
    }
}

/// Returns the texts of an error and its sources, outermost first; a source that its parent already quotes is left out.
pub(crate) fn chain(error: Option<&(dyn Error + 'static)>) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for error in std::iter::successors(error, |&error| error.source()) {
        let text = error.to_string();
        if !texts.last().is_some_and(|last| last.contains(&text)) {
            texts.push(text);
        }
    }
    texts
}

#[cfg(test)]
impl Failure {
    /// Returns its parts for a test to look at.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let code = match self.kind() {
            Kind::Step => 1,
            Kind::WrongUse => 2,
            Kind::Machine => 3,
            Kind::TimedOut => 4,
            Kind::Interrupted => 130,
        };
        let next = self.next_step().map(|next| next.typed_as("⌘"));
        serde_json::json!({ "code": code, "message": self.message(), "causes": self.causes(), "place": self.at(), "next": next })
    }
}

#[cfg(test)]
mod tests;
