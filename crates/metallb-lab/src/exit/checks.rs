//! Checks as people read them.

use bgplab::checks::Report;

use super::rows_only;

/// Returns a row for each check, and their count.
pub(crate) fn table(report: &Report) -> String {
    let rows = report.checks.iter().map(|check| {
        let mark = if check.passed { "✓" } else { "✗" };
        [mark.to_owned(), check.topic.to_string(), check.subject.to_string(), check.seen.clone()]
    });
    let failed = report.failed().count();
    let end = match failed {
        0 => format!("all {} checks passed", report.checks.len()),
        _ => format!("{failed} of {} checks failed", report.checks.len()),
    };
    format!("{}\n{end}\n", rows_only(rows))
}

#[cfg(test)]
mod tests {
    use bgplab::checks::{Check, Subject, Topic};

    use super::*;

    #[test]
    fn the_table_ends_with_the_count() {
        insta::assert_snapshot!(table(&Report::new(vec![
            Check::failed(
                Topic::Bgp,
                Subject::session("frr1", "kind-worker"),
                "Active, expected \"Established\" & <2 messages"
            ),
            Check::passed(Topic::Networks, Subject::Network("kind".into()), "10.0.1.0/24"),
            Check::passed(Topic::Bgp, Subject::session("frr2", "kind-worker"), "Established"),
        ])));
    }
}
