//! The changes from one look to the next.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use super::Status;

/// For so long a line that has changed is fresh.
const FRESH: Duration = Duration::from_secs(10);
/// The number of changes that are kept.
const KEPT: usize = 50;

/// A line that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    section: &'static str,
    name: String,
    /// The whole of it, in words: `sessions frr1 – kind-worker 10.0.1.3: Active → Established`.
    pub text: String,
}

/// The changes since the first look.
#[derive(Debug, Default)]
pub struct History {
    before: Option<Status>,
    changed_at: BTreeMap<(&'static str, String), Instant>,
    lines: VecDeque<String>,
}

impl History {
    /// Takes a look of this time into account, and returns what has changed: nothing at the first look.
    pub fn take(&mut self, now: &Status, at: Instant, clock: &str) -> Vec<Change> {
        let changes = self.before.as_ref().map(|before| changes(before, now)).unwrap_or_default();
        for change in &changes {
            self.changed_at.insert((change.section, change.name.clone()), at);
            self.lines.push_back(format!("{clock} {}", change.text));
        }
        while self.lines.len() > KEPT {
            self.lines.pop_front();
        }
        self.before = Some(now.clone());
        changes
    }

    /// Returns the last look.
    pub const fn status(&self) -> Option<&Status> {
        self.before.as_ref()
    }

    /// Returns `true` if a line has changed a short while ago.
    pub fn is_fresh(&self, section: &'static str, name: &str, at: Instant) -> bool {
        self.changed_at.get(&(section, name.to_owned())).is_some_and(|last| at.duration_since(*last) < FRESH)
    }

    /// Returns the last changes, the newest last, each with the time of day before it.
    pub fn last(&self, most: usize) -> impl Iterator<Item = &str> {
        self.lines.iter().skip(self.lines.len().saturating_sub(most)).map(String::as_str)
    }
}

/// Returns every line by section and name; how long a session is up changes all the time and is left out.
fn lines(status: &Status) -> BTreeMap<(&'static str, &str), String> {
    let plain = status
        .sections()
        .into_iter()
        .flat_map(|(section, lines)| lines.iter().map(move |line| ((section, line.name.as_str()), line.is.clone())));
    let sessions = status.sessions.iter().map(|session| {
        let counts = session.received.zip(session.sent);
        let counts = counts.map(|(received, sent)| format!(", {received} received, {sent} sent")).unwrap_or_default();
        (("sessions", session.line.name.as_str()), format!("{}{counts}", session.line.is))
    });
    plain.chain(sessions).collect()
}

/// Returns what is not as it was.
fn changes(before: &Status, now: &Status) -> Vec<Change> {
    let (before, now) = (lines(before), lines(now));
    let change = |(section, name): (&'static str, &str), text: String| Change {
        section,
        name: name.to_owned(),
        text: format!("{section} {name}: {text}"),
    };
    let removed = before.keys().filter(|key| !now.contains_key(*key)).map(|key| change(*key, "not there".to_owned()));
    let changed = now.iter().filter_map(|(key, is)| match before.get(key) {
        Some(was) if was == is => None,
        Some(was) => Some(change(*key, format!("{was} → {is}"))),
        None => Some(change(*key, is.clone())),
    });
    changed.chain(removed).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Line, Session};
    use super::*;

    fn status(is: &str, seconds: u64) -> Status {
        let line = Line::new("frr1 – kind-worker 10.0.1.3", "Established, BFD up", is);
        let session = Session { line, seconds: Some(seconds), received: Some(2), sent: Some(0) };
        let networks = vec![Line::new("kind", "10.0.1.0/24", "10.0.1.0/24")];
        Status { sessions: vec![session], networks, ..Status::default() }
    }

    fn texts(before: &Status, now: &Status) -> Vec<String> {
        changes(before, now).into_iter().map(|change| change.text).collect()
    }

    #[test]
    fn time_passing_is_no_change() {
        assert!(texts(&status("Established, BFD up", 1), &status("Established, BFD up", 2)).is_empty());
    }

    #[test]
    fn a_change_names_what_was() {
        assert_eq!(
            texts(&status("Established, BFD up", 9), &status("Active, BFD down", 0)),
            ["sessions frr1 – kind-worker 10.0.1.3: Established, BFD up, 2 received, 0 sent → \
              Active, BFD down, 2 received, 0 sent"]
        );
        assert_eq!(texts(&status("Active", 1), &Status::default()).len(), 2);
    }

    #[test]
    fn a_change_stands_out_for_a_while() {
        let (mut history, began) = (History::default(), Instant::now());
        assert!(history.take(&status("Active", 1), began, "09:00:00").is_empty());
        let later = began + Duration::from_secs(5);
        assert_eq!(history.take(&status("Established", 1), later, "09:00:05").len(), 1);
        let fresh = |after: u64| {
            history.is_fresh("sessions", "frr1 – kind-worker 10.0.1.3", later + Duration::from_secs(after))
        };
        assert!(fresh(9) && !fresh(10));
        assert!(history.last(5).next().unwrap().starts_with("09:00:05 sessions frr1"));
    }
}
