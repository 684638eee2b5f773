//! All checks of one look.

use std::fmt::Write;

use serde::Serialize;

use crate::check::{Check, Topic};
use crate::subject::Subject;

/// All checks of one look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The checks, by topic.
    pub checks: Vec<Check>,
}

impl Report {
    /// A report, ordered by topic; within a topic in the order given.
    pub fn new(mut checks: Vec<Check>) -> Self {
        checks.sort_by_key(|check| check.topic);
        Self { checks }
    }

    /// The checks that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.passed)
    }

    /// Returns `true` if all passed, and there was something to check at all.
    pub fn passed(&self) -> bool {
        !self.checks.is_empty() && self.failed().next().is_none()
    }

    /// The check of a topic and subject.
    pub fn check(&self, topic: Topic, subject: &Subject) -> Option<&Check> {
        self.checks.iter().find(|check| check.is(topic, subject))
    }

    /// The checks that failed, in a line.
    pub fn missing(&self) -> String {
        let failed: Vec<String> = self.failed().map(ToString::to_string).collect();
        match failed.as_slice() {
            [] if self.checks.is_empty() => "nothing was checked".to_owned(),
            [] => "nothing is missing".to_owned(),
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} (and {} more)", rest.len()),
        }
    }

    /// One line a topic: what was checked, and how much of it passed.
    pub fn summary(&self) -> String {
        let mut lines = String::new();
        for of_topic in self.checks.chunk_by(|a, b| a.topic == b.topic) {
            let Some(first) = of_topic.first() else { continue };
            let passed = of_topic.iter().filter(|check| check.passed).count();
            let mark = if passed == of_topic.len() { "✓" } else { "✗" };
            // Writing to a String cannot fail.
            let _ = writeln!(lines, "{mark} {:<11} {passed} of {}", first.topic, of_topic.len());
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_report_has_not_passed() {
        assert!(!Report::default().passed());
        assert_eq!(Report::default().missing(), "nothing was checked");
    }

    #[test]
    fn the_first_failed_check_stands_for_all() {
        let failed =
            || Check::failed(Topic::Bgp, Subject::session("frr1", "kind-worker"), "Active, expected Established");
        let passed = || Check::passed(Topic::Networks, Subject::Network("kind".into()), "10.0.1.0/24");
        assert_eq!(Report::new(vec![passed()]).missing(), "nothing is missing");
        let one = Report::new(vec![failed(), passed()]);
        assert_eq!(one.missing(), "bgp frr1 – kind-worker: Active, expected Established");
        assert_eq!(one.summary(), "✓ networks    1 of 1\n✗ bgp         0 of 1\n");
        assert!(Report::new(vec![failed(), failed()]).missing().ends_with("(and 1 more)"));
    }
}
