//! What has changed, and when.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use super::Status;

/// How long a line that has changed stands out.
const FRESH: Duration = Duration::from_secs(10);
/// How many changes are kept.
const KEPT: usize = 50;

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    section: &'static str,
    name: String,
    /// The whole of it, in words.
    pub(super) text: String,
}

/// What has changed since the view was opened.
#[derive(Debug, Default)]
pub(super) struct History {
    before: Option<Status>,
    last: BTreeMap<(&'static str, String), Instant>,
    told: VecDeque<String>,
}

impl History {
    /// Takes a look into account, which is of this time; what has changed, which is nothing at the first look.
    pub(super) fn take(&mut self, now: &Status, at: Instant, clock: &str) -> Vec<Change> {
        let changes = self.before.as_ref().map(|before| changes(before, now)).unwrap_or_default();
        for change in &changes {
            self.last.insert((change.section, change.name.clone()), at);
            self.told.push_back(format!("{clock} {}", change.text));
        }
        while self.told.len() > KEPT {
            self.told.pop_front();
        }
        self.before = Some(now.clone());
        changes
    }

    /// What was seen last.
    pub(super) const fn status(&self) -> Option<&Status> {
        self.before.as_ref()
    }

    /// Whether a line has changed a short while ago.
    pub(super) fn is_fresh(&self, section: &'static str, name: &str, at: Instant) -> bool {
        self.last.get(&(section, name.to_owned())).is_some_and(|last| at.duration_since(*last) < FRESH)
    }

    /// The last changes, the newest last.
    pub(super) fn told(&self, most: usize) -> impl Iterator<Item = &str> {
        self.told.iter().skip(self.told.len().saturating_sub(most)).map(String::as_str)
    }
}

/// Every line by section and name; how long a session is up changes all the time and is left out.
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

/// What is not as it was.
fn changes(before: &Status, now: &Status) -> Vec<Change> {
    let (before, now) = (lines(before), lines(now));
    let change = |(section, name): (&'static str, &str), text: String| Change {
        section,
        name: name.to_owned(),
        text: format!("{section} {name}: {text}"),
    };
    let gone = before.keys().filter(|key| !now.contains_key(*key)).map(|key| change(*key, "gone".to_owned()));
    let changed = now.iter().filter_map(|(key, is)| match before.get(key) {
        Some(was) if was == is => None,
        Some(was) => Some(change(*key, format!("{was} → {is}"))),
        None => Some(change(*key, is.clone())),
    });
    changed.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::super::show::tests::status;
    use super::*;

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
        assert!(history.told(5).next().unwrap().starts_with("09:00:05 sessions frr1"));
    }
}
