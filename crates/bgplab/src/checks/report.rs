//! All checks of a run: as a table, as JSON, as JUnit.

use std::fmt::Write;
use std::time::Duration;

use serde::Serialize;
use settle::Verdict;

use super::Check;
use crate::junit::{Case, Suite, junit};

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

    /// Whether all passed, and there was something to check at all.
    pub fn passed(&self) -> bool {
        !self.checks.is_empty() && self.failed().next().is_none()
    }

    /// Ready with the report when all passed; otherwise not yet, naming the first that is missing.
    pub fn verdict<E>(self) -> Verdict<Self, E> {
        if self.passed() {
            return Verdict::Ready(self);
        }
        Verdict::NotYet(self.missing())
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

    /// The report as JUnit XML (one test suite a topic), as CI systems read it.
    pub fn junit(&self, name: &str, took: Duration) -> String {
        let case = |check: &Check| {
            let seen = check.seen.clone();
            Case { name: check.subject.clone(), end: if check.passed { Ok(seen) } else { Err(seen) } }
        };
        let suite = |of_topic: &[Check]| {
            let topic = of_topic.first()?.topic.to_string();
            Some(Suite { name: topic, cases: of_topic.iter().map(case).collect() })
        };
        let suites: Vec<Suite> = self.checks.chunk_by(|a, b| a.topic == b.topic).filter_map(suite).collect();
        junit(name, took, &suites)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Topic;
    use super::*;

    fn report() -> Report {
        Report::new(vec![
            Check::failed(Topic::Bgp, "frr1 – kind-worker", "Active, expected \"Established\" & <2 messages"),
            Check::passed(Topic::Networks, "kind", "10.0.1.0/24"),
            Check::passed(Topic::Bgp, "frr2 – kind-worker", "Established"),
        ])
    }

    #[test]
    fn an_empty_report_has_not_passed() {
        assert!(!Report::default().passed());
        assert!(matches!(Report::default().verdict::<()>(), Verdict::NotYet(_)));
    }

    #[test]
    fn a_wait_names_what_is_missing() {
        let Verdict::NotYet(missing) = report().verdict::<()>() else { panic!("it failed") };
        assert_eq!(missing, "bgp frr1 – kind-worker: Active, expected \"Established\" & <2 messages");
    }

    #[test]
    fn junit_is_well_formed_xml() {
        insta::assert_snapshot!(report().junit("documented", Duration::from_millis(1500)));
    }
}
