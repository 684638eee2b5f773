//! A status as text, and what differs between two.

use std::fmt::Write;
use std::time::Duration;

use crate::exit::table;
use bgplab::status::{Line, Session, Status};

/// All of it, in sections; an empty one is left out.
pub(super) fn text(status: &Status) -> String {
    let mut text = format!("lab {} ({})\n", status.lab, status.provider);
    let (before, after): (Vec<_>, Vec<_>) =
        status.sections().into_iter().partition(|(name, _)| is_before_sessions(name));
    before.into_iter().for_each(|(name, lines)| section(&mut text, name, lines));
    if !status.sessions.is_empty() {
        let rows = status.sessions.iter().map(session);
        let _ = write!(text, "\n{}", table(SESSIONS, rows));
    }
    after.into_iter().for_each(|(name, lines)| section(&mut text, name, lines));
    text
}

/// The header of the sessions' table.
const SESSIONS: [&str; 7] = ["", "session", "should be", "is", "for", "received", "sent"];

/// Whether a section stands before the sessions, which hold what follows.
pub(super) fn is_before_sessions(section: &str) -> bool {
    !["routes", "data path"].contains(&section)
}

fn section(text: &mut String, name: &str, lines: &[Line]) {
    if lines.is_empty() {
        return;
    }
    // Writing to a String cannot fail.
    let _ = write!(text, "\n{}", table(["", name, "should be", "is"], lines.iter().map(plain)));
}

/// A line as a row of a table.
pub(super) fn plain(line: &Line) -> [String; 4] {
    [mark(line), line.name.clone(), line.should.clone(), line.is.clone()]
}

fn mark(line: &Line) -> String {
    if line.ok { "✓" } else { "✗" }.to_owned()
}

/// A session as a row of a table.
pub(super) fn session(session: &Session) -> [String; 7] {
    let line = &session.line;
    let number = |count: Option<u64>| count.map(|count| count.to_string()).unwrap_or_default();
    let since = session.seconds.map(|seconds| humantime::format_duration(Duration::from_secs(seconds)).to_string());
    [
        mark(line),
        line.name.clone(),
        line.should.clone(),
        line.is.clone(),
        since.unwrap_or_default(),
        number(session.received),
        number(session.sent),
    ]
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn status(is: &str, seconds: u64) -> Status {
        let line = Line::new("frr1 – kind-worker 10.0.1.3", "Established, BFD up", is);
        let session = Session { line, seconds: Some(seconds), received: Some(2), sent: Some(0) };
        let networks = vec![Line::new("kind", "10.0.1.0/24", "10.0.1.0/24")];
        let mut status = Status::default();
        (status.lab, status.provider) = ("documented".into(), "kind");
        (status.sessions, status.networks) = (vec![session], networks);
        status
    }

    #[test]
    fn should_be_stands_beside_is() {
        insta::assert_snapshot!(text(&status("Active, BFD down", 75)));
    }
}
