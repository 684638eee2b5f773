//! A failure, arranged: as text for people, as JSON for programs.

use std::fmt;

use bgplab::Failure;
use labfile::LabError;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use serde_json::{Value, json};

use super::{Code, diagnosis};

/// Returns the failure as JSON, its verbs typed as `command` before them.
pub(crate) fn to_json(failure: &Failure, command: &str) -> Value {
    let mut document = json!({
        "code": Code::from(failure.kind()) as u8,
        "message": failure.message(),
        "causes": failure.causes(),
        "place": failure.at(),
        "next": failure.next_step().map(|next| next.typed_as(command)),
        "diagnosis": failure.diagnosis().map(|found| diagnosis::to_json(found, command)),
    });
    if let Some(checks) = failure.last_checks() {
        document["checks"] = json!(checks);
    }
    document
}

/// Returns the failure as text, its verbs typed as `command` before them.
pub(crate) fn render(failure: &Failure, command: &str, color: bool) -> String {
    if let Some(error) = failure.lab_error() {
        let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_links(false);
        let next = failure.next_step().map(|next| next.typed_as(command));
        let mut text = String::new();
        if handler.render_report(&mut text, &Advised { error, help: next.as_deref() }).is_ok() {
            return text;
        }
    }
    let bold_red = if color { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
    format!("{}error{}: {}\n{}", bold_red.0, bold_red.1, failure.message(), failure.details(command))
}

/// A lab file's error with the front end's advice.
#[derive(Debug)]
struct Advised<'a> {
    error: &'a LabError,
    help: Option<&'a str>,
}

impl fmt::Display for Advised<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Advised<'_> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

impl Diagnostic for Advised<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.error.source_code()
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.error.labels()
    }
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        self.error.related()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bgplab::checks::{Check, Subject, Topic};

    #[test]
    fn every_part_is_rendered_once() {
        let refused = std::io::Error::other("connection refused");
        let failure = Failure::machine("no engine answers").cause(&refused).place("/run/x.sock").next("⌘ doctor");
        assert_eq!(
            render(&failure, "metallb-lab", false),
            "error: no engine answers\n  cause: connection refused\n  at: /run/x.sock\n  next: metallb-lab doctor\n"
        );
        let json = to_json(&failure, "cargo xtask");
        assert_eq!(json["code"], 3);
        assert_eq!(json["causes"][0], "connection refused");
        assert_eq!(json["next"], "cargo xtask doctor");
    }

    #[test]
    fn checks_are_shown_where_some_were_seen() {
        assert_eq!(to_json(&Failure::timed_out("every check"), "x").get("checks"), None);
        let failed = Check::failed(Topic::Nodes, Subject::Node("frr1".into()), "Idle");
        let failure = Failure::timed_out("every check").checks(vec![failed]);
        assert_eq!(to_json(&failure, "x")["checks"][0]["passed"], false);
    }
}
