//! Findings as JUnit: a suite a series, a case a place, family and run.

use std::time::Duration;

use super::name;
use bgplab::failover::outcome::{Row, Run};
use bgplab::failover::predict::Verdict;
use bgplab::failover::study::{Findings, Series};
use bgplab::junit::{Case, End, Suite, junit};

/// The document.
pub(crate) fn document(findings: &Findings, took: Duration) -> String {
    let suite = |series: &Series| {
        let cases = series.runs.iter().flat_map(|run| run.rows.iter().flat_map(|row| cases(run, row)));
        Suite { name: format!("failover {} {}", findings.scenario, name(series)), cases: cases.collect() }
    };
    let suites: Vec<Suite> = findings.series.iter().map(suite).collect();
    junit(&findings.lab, took, &suites)
}

fn cases(run: &Run, row: &Row) -> Vec<Case> {
    let family = row.family.map(|family| format!(" {family}")).unwrap_or_default();
    let name = |what: &str| format!("run {}: {what} at {}{family}", run.number, row.place);
    let noticed = row.loss.session.as_ref().map_or_else(String::new, |seen| format!("{} by {}", seen.after, seen.by));
    let bound = row.predicted.as_ref().map(|prediction| format!("{} by {}", prediction.at_most, prediction.because));
    let path = row
        .loss
        .path
        .as_ref()
        .map_or_else(String::new, |path| format!("gap of {}, {} of {} lost", path.gap, path.lost, path.sent));
    let path_bound = row.path_bound.map(|bound| bound.to_string());
    [("noticed", row.verdict, noticed, bound), ("data path", row.path_verdict, path, path_bound)]
        .into_iter()
        .filter_map(|(what, verdict, seen, bound)| {
            let bound = bound?;
            let end = match verdict {
                Verdict::Open => return None,
                Verdict::Within { margin } => End::Passed(format!("{seen}; within {bound}, {margin} in hand")),
                Verdict::Beyond { excess } => End::Failed(format!("{seen}; {excess} later than {bound}")),
                Verdict::Missing => End::Failed(format!("never; expected within {bound}")),
            };
            Some(Case { name: name(what), took: None, end })
        })
        .collect()
}
