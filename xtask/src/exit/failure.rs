//! Why a run failed: code, message, causes, place, and what to do next.

use std::error::Error;
use std::fmt::Write;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use serde_json::{Value, json};

use super::Code;

/// Why a run failed. Made where a library's error is met, rendered once at the edge.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    message: String,
    causes: Vec<String>,
    place: Option<Box<str>>,
    next: Option<Box<str>>,
    /// What a diagnosis found, as text and as JSON.
    found: Option<Box<(String, Value)>>,
    /// What a wait for checks saw last.
    checks: Option<Box<Value>>,
    diagnostic: Option<Box<dyn Diagnostic + Send + Sync>>,
}

impl Failure {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            causes: Vec::new(),
            place: None,
            next: None,
            found: None,
            checks: None,
            diagnostic: None,
        }
    }

    /// A check or a step failed (1).
    pub(crate) fn step(message: impl Into<String>) -> Self {
        Self::new(Code::Failed, message)
    }

    /// Wrong use, or a wrong lab file (2).
    pub(crate) fn wrong_use(message: impl Into<String>) -> Self {
        Self::new(Code::WrongUse, message)
    }

    /// The machine lacks something, or something that is not ours stands in the way (3).
    pub(crate) fn machine(message: impl Into<String>) -> Self {
        Self::new(Code::Machine, message)
    }

    /// A wait ran out (4).
    pub(crate) fn timed_out(message: impl Into<String>) -> Self {
        Self::new(Code::TimedOut, message)
    }

    /// A signal ended the run (130).
    pub(crate) fn interrupted(signal: &str) -> Self {
        Self::new(Code::Interrupted, format!("interrupted by {signal}"))
    }

    /// An error that points into a file; rendered with the lines it points at.
    pub(crate) fn diagnostic(code: Code, diagnostic: impl Diagnostic + Send + Sync + 'static) -> Self {
        let mut failure = Self::new(code, diagnostic.to_string());
        failure.causes = chain(diagnostic.source());
        failure.next = diagnostic.help().map(|help| help.to_string().into_boxed_str());
        failure.diagnostic = Some(Box::new(diagnostic));
        failure
    }

    /// Adds an error and all it was caused by.
    #[must_use]
    pub(crate) fn cause(mut self, error: &(dyn Error + 'static)) -> Self {
        self.causes.extend(chain(Some(error)));
        self
    }

    /// Adds a cause in words: a line of output, what a look last saw.
    #[must_use]
    pub(crate) fn because(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Where it failed: a file, a container, a step.
    #[must_use]
    pub(crate) fn place(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into().into_boxed_str());
        self
    }

    /// What to do next.
    #[must_use]
    pub(crate) fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into().into_boxed_str());
        self
    }

    /// What a diagnosis found after it.
    #[must_use]
    pub(crate) fn found(mut self, text: String, json: Value) -> Self {
        self.found = Some(Box::new((text, json)));
        self
    }

    /// What a wait for checks saw last, for those who read JSON; the message names it in a line.
    #[must_use]
    pub(crate) fn checks(mut self, checks: Value) -> Self {
        self.checks = Some(Box::new(checks));
        self
    }

    /// The message alone, for where a failure is one line among others.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) const fn code(&self) -> Code {
        self.code
    }

    pub(crate) fn to_json(&self) -> Value {
        let mut document = json!({
            "code": self.code as u8,
            "message": self.message,
            "causes": self.causes,
            "place": self.place,
            "next": self.next,
            "diagnosis": self.found.as_ref().map(|found| &found.1),
        });
        if let Some(checks) = &self.checks {
            document["checks"] = (**checks).clone();
        }
        document
    }

    pub(crate) fn render(&self, color: bool) -> String {
        let mut text = String::new();
        if let Some(diagnostic) = &self.diagnostic {
            let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
            let handler = GraphicalReportHandler::new_themed(theme).with_links(false);
            if handler.render_report(&mut text, diagnostic.as_ref()).is_ok() {
                return text;
            }
            text.clear();
        }
        let bold_red = if color { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(text, "  {name}: {}", value.replace('\n', "\n    "));
        };
        for cause in &self.causes {
            line("cause", cause);
        }
        for (name, value) in [("at", self.place.as_deref()), ("next", self.next.as_deref())] {
            value.iter().for_each(|value| line(name, value));
        }
        if let Some(found) = &self.found {
            let _ = write!(text, "\n{}", found.0);
        }
        format!("{}error{}: {}\n{text}", bold_red.0, bold_red.1, self.message)
    }
}

/// An error and its sources, outermost first; a source that its parent already quotes is left out.
fn chain(error: Option<&(dyn Error + 'static)>) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for error in std::iter::successors(error, |&error| error.source()) {
        let text = error.to_string();
        if !texts.last().is_some_and(|last| last.contains(&text)) {
            texts.push(text);
        }
    }
    texts
}

impl<E: Error + 'static> From<settle::Unsettled<E>> for Failure {
    fn from(error: settle::Unsettled<E>) -> Self {
        match &error {
            settle::Unsettled::TimedOut { .. } => Self::timed_out(error.to_string()),
            settle::Unsettled::Failed { error: cause, .. } => {
                Self { causes: chain(cause.source()), ..Self::step(error.to_string()) }
            }
            settle::Unsettled::Ended { .. } => Self::step(error.to_string()),
        }
    }
}

impl From<settle::Unsettled<Self>> for Failure {
    fn from(error: settle::Unsettled<Self>) -> Self {
        let said = |name: String, last: String| format!("{name}: last seen: {last}");
        match error {
            settle::Unsettled::Failed { error, .. } => error,
            settle::Unsettled::TimedOut { name, last, .. } => Self::timed_out(said(name, last)),
            settle::Unsettled::Ended { name, last } => Self::step(said(name, last)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_rendered_once() {
        let refused = std::io::Error::other("connection refused");
        let failure = Failure::machine("no engine answers").cause(&refused).place("/run/x.sock").next("start it");
        assert_eq!(
            failure.render(false),
            "error: no engine answers\n  cause: connection refused\n  at: /run/x.sock\n  next: start it\n"
        );
        assert_eq!(failure.to_json()["code"], 3);
        assert_eq!(failure.to_json()["causes"][0], "connection refused");
    }

    #[test]
    fn checks_are_told_where_some_were_seen() {
        assert_eq!(Failure::timed_out("every check").to_json().get("checks"), None);
        let failure = Failure::timed_out("every check").checks(json!([{ "passed": false }]));
        assert_eq!(failure.to_json()["checks"][0]["passed"], false);
    }

    #[test]
    fn a_wait_that_ran_out_is_no_failed_step() {
        let wait = || settle::Unsettled::<std::io::Error>::TimedOut {
            name: "BFD up".into(),
            bound: std::time::Duration::from_secs(1),
            last: "down".into(),
        };
        assert_eq!(Failure::from(wait()).code(), Code::TimedOut);
    }
}
