//! A status as text, and what differs between two.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use super::{Line, Session, Status};
use crate::exit::table;

/// All of it, in sections; an empty one is left out.
pub(super) fn text(status: &Status) -> String {
    let mut text = format!("lab {} ({})\n", status.lab, status.provider);
    let sections = [
        ("networks", &status.networks),
        ("containers", &status.containers),
        ("nodes", &status.nodes),
        ("metallb", &status.metallb),
    ];
    for (name, lines) in sections {
        section(&mut text, name, lines);
    }
    if !status.sessions.is_empty() {
        let rows = status.sessions.iter().map(session);
        let _ = write!(text, "\n{}", table(["", "session", "should be", "is", "for", "received", "sent"], rows));
    }
    section(&mut text, "routes", &status.routes);
    text
}

fn section(text: &mut String, name: &str, lines: &[Line]) {
    if lines.is_empty() {
        return;
    }
    let row = |line: &Line| [mark(line), line.name.clone(), line.should.clone(), line.is.clone()];
    // Writing to a String cannot fail.
    let _ = write!(text, "\n{}", table(["", name, "should be", "is"], lines.iter().map(row)));
}

fn mark(line: &Line) -> String {
    if line.ok { "✓" } else { "✗" }.to_owned()
}

fn session(session: &Session) -> [String; 7] {
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

/// Every line by section and name; how long a session is up changes all the time and is left out.
fn lines(status: &Status) -> BTreeMap<(&'static str, &str), String> {
    let sections = [
        ("network", &status.networks),
        ("container", &status.containers),
        ("node", &status.nodes),
        ("metallb", &status.metallb),
        ("route", &status.routes),
    ];
    let plain = sections
        .into_iter()
        .flat_map(|(section, lines)| lines.iter().map(move |line| ((section, line.name.as_str()), line.is.clone())));
    let sessions = status.sessions.iter().map(|session| {
        let counts = session.received.zip(session.sent);
        let counts = counts.map(|(received, sent)| format!(", {received} received, {sent} sent")).unwrap_or_default();
        (("session", session.line.name.as_str()), format!("{}{counts}", session.line.is))
    });
    plain.chain(sessions).collect()
}

/// What is not as it was, a line each.
pub(super) fn changes(before: &Status, now: &Status) -> Vec<String> {
    let (before, now) = (lines(before), lines(now));
    let gone =
        before.keys().filter(|key| !now.contains_key(*key)).map(|(section, name)| format!("{section} {name}: gone"));
    let changed = now.iter().filter_map(|((section, name), is)| match before.get(&(*section, *name)) {
        Some(was) if was == is => None,
        Some(was) => Some(format!("{section} {name}: {was} → {is}")),
        None => Some(format!("{section} {name}: {is}")),
    });
    changed.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(is: &str, seconds: u64) -> Status {
        let line = Line::new("frr1 – kind-worker 10.0.1.3", "Established, BFD up", is);
        let session = Session { line, seconds: Some(seconds), received: Some(2), sent: Some(0) };
        let networks = vec![Line::new("kind", "10.0.1.0/24", "10.0.1.0/24")];
        Status { lab: "documented".into(), provider: "kind", sessions: vec![session], networks, ..Status::default() }
    }

    #[test]
    fn should_be_stands_beside_is() {
        insta::assert_snapshot!(text(&status("Active, BFD down", 75)));
    }

    #[test]
    fn time_passing_is_no_change() {
        assert!(changes(&status("Established, BFD up", 1), &status("Established, BFD up", 2)).is_empty());
    }

    #[test]
    fn a_change_names_what_was() {
        assert_eq!(
            changes(&status("Established, BFD up", 9), &status("Active, BFD down", 0)),
            ["session frr1 – kind-worker 10.0.1.3: Established, BFD up, 2 received, 0 sent → \
              Active, BFD down, 2 received, 0 sent"]
        );
        assert_eq!(changes(&status("Active", 1), &Status::default()).len(), 2);
    }
}
