//! The matrix as a table: for a terminal, and as a page.

use std::fmt::Write;

use bgplab::failover::Scenario;
use bgplab::matrix::{Matrix, Row};

use crate::exit::table;

const HEADER: [&str; 8] =
    ["MetalLB", "nodes", "routers", "kube-proxy", "up (again)", "node hangs", "speaker dies", "router dies"];

/// The meaning of the columns.
const LEGEND: &str = "\
up: seconds from nothing until every check passes; in parentheses, the same again, which changes nothing. The last three \
columns: the longest time until sessions were lost, the longest time for which a client got no answer, and the longest time \
until every session was back. stuck: sessions that stayed down, because BGP and BFD waited for each other, until the lab \
applied its remedy (docs/bfd-deadlock.md).";

/// Returns the table for a terminal, and why cells are red.
pub(super) fn text(found: &Matrix) -> String {
    let mut text = table(HEADER, found.rows.iter().map(cells));
    let _ = writeln!(text, "\n{LEGEND}");
    for line in red(found) {
        let _ = writeln!(text, "\n{line}");
    }
    let green = found.rows.iter().filter(|row| row.is_green()).count();
    let all = found.rows.len();
    let _ = writeln!(text, "\n{green} of {all} cells are green; {} were measured now", found.measured);
    text
}

/// Returns the page.
pub(super) fn markdown(found: &Matrix) -> String {
    let mut page = String::from("# What was measured\n\n");
    let times = found.rows.iter().map(|row| row.at);
    if let (Some(first), Some(last)) = (times.clone().min(), times.max()) {
        let (first, last) = (first.strftime("%Y-%m-%d"), last.strftime("%Y-%m-%d"));
        let days = if first.to_string() == last.to_string() { last.to_string() } else { format!("{first} to {last}") };
        let _ = writeln!(page, "Lab `{}`, each cell from nothing, {days}. Written by `matrix --page`.\n", found.lab);
    }
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    page.push_str(&row(&HEADER.map(str::to_owned)));
    page.push_str(&row(&HEADER.map(|_| "---".to_owned())));
    found.rows.iter().for_each(|each| page.push_str(&row(&cells(each))));
    let _ = writeln!(page, "\n{LEGEND}");
    let red: Vec<String> = red(found).collect();
    if !red.is_empty() {
        page.push_str("\n## Cells that are not green\n");
        red.iter().for_each(|line| {
            let _ = writeln!(page, "\n- {line}");
        });
    }
    page
}

/// Returns a row's cells.
fn cells(row: &Row) -> [String; 8] {
    let frr = |version: &Option<String>| version.as_ref().map_or_else(String::new, |frr| format!(" (FRR {frr})"));
    let backend = metallb::spec::Backend::from(row.cell.backend);
    let up = match (row.up_seconds, row.again_seconds, &row.broken) {
        (Some(up), Some(again), _) => format!("{up:.0} s ({again:.0} s)"),
        (Some(up), None, _) => format!("{up:.0} s"),
        (None, _, Some(broken)) if broken.refused => "refused".to_owned(),
        (None, ..) => "RED".to_owned(),
    };
    let measured = |scenario| measured(row, scenario);
    [
        row.cell.metallb.to_string(),
        format!("{backend}{}", frr(&row.nodes_frr)),
        format!("{}{}", row.cell.frr, frr(&row.routers_frr)),
        row.cell.kube_proxy.to_string(),
        up,
        measured(Scenario::Pause),
        measured(Scenario::Speaker),
        measured(Scenario::Router),
    ]
}

/// Returns the figures of a scenario: noticed, interrupted, back.
fn measured(row: &Row, scenario: Scenario) -> String {
    let Some(of) = row.failovers.iter().find(|each| each.scenario == scenario) else {
        let red = row.broken.as_ref().is_some_and(|broken| broken.step == scenario.word());
        return if red { "RED" } else { "" }.to_owned();
    };
    let time = |millis: Option<i64>| match millis {
        None => "–".to_owned(),
        Some(millis) if millis < 10_000 => format!("{millis} ms"),
        Some(millis) => format!("{} s", millis / 1000),
    };
    let mut text = [of.noticed, of.interrupted, of.back].map(time).join(", ");
    if of.stuck > 0 {
        let _ = write!(text, "; {} stuck", of.stuck);
    }
    if of.busy {
        text.push_str("; busy machine");
    }
    if !of.passed {
        text.push_str("; RED");
    }
    text
}

/// Returns the cells that are not green, with the reasons.
fn red(found: &Matrix) -> impl Iterator<Item = String> + '_ {
    found.rows.iter().filter_map(|row| {
        let broken = row.broken.as_ref()?;
        let evidence = broken.evidence.as_ref().map_or_else(String::new, |file| format!(" ({file})"));
        Some(format!("{}: {}: {}{evidence}", row.cell, broken.step, broken.why.join("; ")))
    })
}

#[cfg(test)]
mod tests {
    use bgplab::matrix::{Broken, Cell, Measured};
    use labfile::{Backend, KubeProxy};

    use super::*;

    fn row(backend: Backend) -> Row {
        let cell = Cell {
            metallb: "v0.16.1".parse().unwrap(),
            backend,
            frr: "quay.io/frrouting/frr:9.1.0".parse().unwrap(),
            kube_proxy: KubeProxy::Nftables,
        };
        Row { at: "2026-11-29T08:00:00Z".parse().unwrap(), ..Row::of("documented".to_owned(), cell) }
    }

    fn measured(scenario: Scenario) -> Measured {
        let (noticed, interrupted, back) = (Some(780), None, Some(12_345));
        Measured { scenario, passed: true, noticed, interrupted, back, stuck: 0, busy: false }
    }

    fn broken(step: &str, refused: bool) -> Option<Broken> {
        let (why, evidence) =
            (vec!["timed out".to_owned(), "frr1 is idle".to_owned()], Some("m.evidence/a.tar.gz".into()));
        Some(Broken { step: step.to_owned(), why, refused, evidence: evidence.filter(|_| !refused) })
    }

    fn found() -> Matrix {
        let green = Row {
            routers_frr: Some("8.4".to_owned()),
            nodes_frr: Some("10.3".to_owned()),
            up_seconds: Some(87.4),
            again_seconds: Some(4.2),
            failovers: vec![
                measured(Scenario::Pause),
                measured(Scenario::Speaker),
                Measured { stuck: 6, busy: true, ..measured(Scenario::Router) },
            ],
            ..row(Backend::FrrK8s)
        };
        let red = Row {
            up_seconds: Some(80.0),
            again_seconds: Some(4.0),
            failovers: vec![Measured { passed: false, ..measured(Scenario::Pause) }],
            broken: broken("speaker", false),
            ..row(Backend::Frr)
        };
        let refused = Row { broken: broken("read", true), ..row(Backend::Native) };
        Matrix { lab: "documented".to_owned(), measured: 2, rows: vec![green, red, refused] }
    }

    #[test]
    fn a_page_says_what_was_measured_and_what_is_red() {
        insta::assert_snapshot!(markdown(&found()));
    }

    #[test]
    fn a_cell_that_cannot_be_is_not_red() {
        let mut found = found();
        assert!(!found.passed());
        found.rows.remove(1);
        assert!(found.passed());
        assert!(text(&found).ends_with("\n1 of 2 cells are green; 2 were measured now\n"));
    }
}
