//! JUnit XML, as CI systems read it.

use std::fmt::Write;
use std::time::Duration;

use crate::checks::{Check, Report};

/// Cases that belong together.
#[derive(Debug, Clone)]
pub struct Suite {
    /// The name, which is the cases' class.
    pub name: String,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Debug, Clone)]
pub struct Case {
    /// The name.
    pub name: String,
    /// The time that it took, where that is known.
    pub took: Option<Duration>,
    /// The end.
    pub end: End,
}

/// The end of a case: the state that was seen; where it failed, also the expected one; where it was left out, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It passed.
    Passed(String),
    /// It failed.
    Failed(String),
    /// It did not run.
    LeftOut(String),
}

/// Returns the document of a report, a test suite a topic.
pub fn of_report(report: &Report, name: &str, took: Duration) -> String {
    let case = |check: &Check| {
        let seen = check.seen.clone();
        let end = if check.passed { End::Passed(seen) } else { End::Failed(seen) };
        Case { name: check.subject.to_string(), took: None, end }
    };
    let suite = |of_topic: &[Check]| {
        let topic = of_topic.first()?.topic.to_string();
        Some(Suite { name: topic, cases: of_topic.iter().map(case).collect() })
    };
    let suites: Vec<Suite> = report.checks.chunk_by(|a, b| a.topic == b.topic).filter_map(suite).collect();
    junit(name, took, &suites)
}

/// The document of some suites.
pub fn junit(name: &str, took: Duration, suites: &[Suite]) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all: usize = suites.iter().map(|suite| suite.cases.len()).sum();
    let failed: usize = suites.iter().map(failures).sum();
    let (name, seconds) = (escape(name), took.as_secs_f64());
    // Writing to a String cannot fail.
    let _ =
        writeln!(xml, r#"<testsuites name="{name}" tests="{all}" failures="{failed}" errors="0" time="{seconds:.3}">"#);
    suites.iter().for_each(|suite| write(&mut xml, suite));
    xml.push_str("</testsuites>\n");
    xml
}

fn failures(suite: &Suite) -> usize {
    suite.cases.iter().filter(|case| matches!(case.end, End::Failed(_))).count()
}

fn write(xml: &mut String, suite: &Suite) {
    let (class, all, failed) = (escape(&suite.name), suite.cases.len(), failures(suite));
    let _ = writeln!(xml, r#"  <testsuite name="{class}" tests="{all}" failures="{failed}" errors="0">"#);
    for case in &suite.cases {
        let took = case.took.map(|took| format!(r#" time="{:.3}""#, took.as_secs_f64())).unwrap_or_default();
        let _ = write!(xml, r#"    <testcase classname="{class}" name="{}"{took}>"#, escape(&case.name));
        let _ = match &case.end {
            End::Passed(seen) => writeln!(xml, "<system-out>{}</system-out></testcase>", escape(seen)),
            End::Failed(why) => writeln!(xml, r#"<failure message="{}"/></testcase>"#, escape(why)),
            End::LeftOut(why) => writeln!(xml, r#"<skipped message="{}"/></testcase>"#, escape(why)),
        };
    }
    xml.push_str("  </testsuite>\n");
}

/// Escapes text for attributes and content; control characters, which XML 1.0 cannot hold, become spaces.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{Subject, Topic};

    #[test]
    fn junit_is_well_formed_xml() {
        let report = Report::new(vec![
            Check::failed(
                Topic::Bgp,
                Subject::session("frr1", "kind-worker"),
                "Active, expected \"Established\" & <2 messages",
            ),
            Check::passed(Topic::Networks, Subject::Network("kind".into()), "10.0.1.0/24"),
            Check::passed(Topic::Bgp, Subject::session("frr2", "kind-worker"), "Established"),
        ]);
        insta::assert_snapshot!(of_report(&report, "documented", Duration::from_millis(1500)));
    }
}
