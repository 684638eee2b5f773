//! Findings as tables.

use std::fmt::Write;

use super::name;
use crate::exit::table;
use bgplab::failover::outcome::{AIM, Row, Run};
use bgplab::failover::predict::Verdict;
use bgplab::failover::stamp::Micros;
use bgplab::failover::study::{Findings, Series};
use bgplab::failover::summary::{Figure, Figures, Line};

/// All of it.
pub(crate) fn text(findings: &Findings) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "failover {} of {} in lab {} ({})\n{}\n",
        findings.scenario, findings.target.name, findings.lab, findings.provider, findings.explained
    );
    let count: usize = findings.series.iter().map(|series| series.runs.len()).sum();
    for client in &findings.clients {
        let carries = match client.runs_through_target {
            0 => "not through the target".to_owned(),
            all if all == count => "through the target".to_owned(),
            some => format!("through the target in {some} of {count} runs"),
        };
        let way = client.way.through.join(" → ");
        let (from, question, every) = (&client.way.from, &client.question, client.every_ms);
        let _ = writeln!(text, "client on {from}: {question} every {every} ms, by {way}: {carries}");
    }
    for series in &findings.series {
        section(&mut text, series);
    }
    let _ = write!(text, "\n{}", end(findings));
    text
}

fn section(text: &mut String, series: &Series) {
    let count = series.runs.len();
    let runs = if count == 1 { "1 run".to_owned() } else { format!("{count} runs: median (least–greatest)") };
    let _ = writeln!(text, "\n{}, {runs}", name(series));
    let lost = series.summary.iter().map(|line| {
        let [place, family] = place(line);
        let of_line = |row: &&Row| row.place == line.place && row.family == line.family;
        let rows: Vec<&Row> = series.runs.iter().filter_map(|run| run.rows.iter().find(of_line)).collect();
        let [noticed, table, kernel, gap] = times(&line.loss, count);
        [place, family, noticed, predicted(&rows), verdict(&rows), table, kernel, questions(&line.loss), gap]
    });
    let header = ["at", "family", "noticed", "predicted", "judged", "table", "kernel", "lost", "longest gap"];
    let _ = write!(text, "\n{}", table(header, lost));
    let back = series.summary.iter().map(|line| {
        let [place, family] = place(line);
        let [session, table, kernel, gap] = times(&line.recovery, count);
        [place, family, session, table, kernel, questions(&line.recovery), gap]
    });
    let header = ["back at", "family", "session", "table", "kernel", "lost", "longest gap"];
    let _ = write!(text, "\n{}", table(header, back));
    let worst = |of: fn(&Run) -> Micros| series.runs.iter().map(of).max().unwrap_or_default();
    let _ = writeln!(
        text,
        "\naccuracy: the moment of the break ±{}; kernel and client up to {} late; a daemon's own stamp 1 µs",
        worst(|run| run.break_error),
        worst(|run| run.lateness)
    );
    text.push_str(&busy(&series.runs));
}

/// A line for the runs whose times are less accurate than is aimed at; empty where there are none.
fn busy(runs: &[Run]) -> String {
    let late = runs.iter().filter(|run| run.busy).map(|run| format!("run {} ({} late)", run.number, run.lateness));
    let late: Vec<String> = late.collect();
    if late.is_empty() {
        return String::new();
    }
    format!("measured on a busy machine, more than {AIM} late: {}\n", late.join(", "))
}

fn place(line: &Line) -> [String; 2] {
    [line.place.clone(), line.family.map_or_else(|| "both".to_owned(), |family| family.to_string())]
}

fn times(figures: &Figures, runs: usize) -> [String; 4] {
    [figures.session, figures.table, figures.kernel, figures.gap].map(|figure| times_of(figure, runs))
}

/// A figure of so many runs; it says where it is of fewer.
fn times_of(figure: Option<Figure>, runs: usize) -> String {
    let Some(Figure { median, min, max, runs: seen }) = figure else { return "–".to_owned() };
    let time =
        if seen == 1 { median.to_string() } else { format!("{median} ({min}–{max})").replace(" ms–", "–") };
    if seen == runs { time } else { format!("{time}, {seen} of {runs} runs") }
}

fn questions(figures: &Figures) -> String {
    figures.lost.zip(figures.sent).map_or_else(|| "–".to_owned(), |(lost, sent)| format!("{lost} of {sent}"))
}

fn predicted(rows: &[&Row]) -> String {
    let prediction = rows.iter().filter_map(|row| row.predicted.as_ref()).max_by_key(|prediction| prediction.at_most);
    prediction.map_or_else(
        || "–".to_owned(),
        |prediction| {
            format!("{}–{} ({})", prediction.at_least, prediction.at_most, prediction.because).replace(" ms–", "–")
        },
    )
}

/// The worst of all runs.
fn verdict(rows: &[&Row]) -> String {
    let all = || rows.iter().flat_map(|row| [(row.verdict, "noticed"), (row.path_verdict, "path")]);
    for (verdict, what) in all() {
        match verdict {
            Verdict::Beyond { excess } => return format!("✗ {what} {excess} too late"),
            Verdict::Missing => return format!("✗ {what}: never"),
            Verdict::Within { .. } | Verdict::Open => {}
        }
    }
    let margins = rows.iter().filter_map(|row| match row.verdict {
        Verdict::Within { margin } => Some(margin),
        _ => None,
    });
    match margins.min() {
        None => "–".to_owned(),
        Some(Micros(..0)) => "✓ within the error".to_owned(),
        Some(margin) => format!("✓ {margin} in hand"),
    }
}

fn end(findings: &Findings) -> String {
    let runs: usize = findings.series.iter().map(|series| series.runs.len()).sum();
    let failed = findings.series.iter().flat_map(|series| &series.runs).filter(|run| run.fails()).count();
    let rows = || findings.series.iter().flat_map(|series| &series.runs).flat_map(|run| &run.rows);
    let open = rows().all(|row| row.verdict == Verdict::Open && row.path_verdict == Verdict::Open);
    let what = match failed {
        0 if open => "without a prediction".to_owned(),
        0 => "as predicted".to_owned(),
        _ => format!("{failed} of them not as predicted"),
    };
    let runs = if runs == 1 { "1 run".to_owned() } else { format!("{runs} runs") };
    format!("{runs}, {what}; every check of the lab holds again\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_machine_is_named_with_its_runs() {
        let run = |number, lateness: i64| Run {
            number,
            broken_at: Default::default(),
            break_error: Micros(0),
            lateness: Micros(lateness),
            busy: Micros(lateness) > AIM,
            broken_for: Micros(0),
            ways: Vec::new(),
            rows: Vec::new(),
        };
        assert_eq!(busy(&[run(1, 20_000)]), "");
        let text = busy(&[run(1, 2_000), run(2, 78_000)]);
        assert_eq!(text, "measured on a busy machine, more than 20 ms late: run 2 (78 ms late)\n");
    }

    #[test]
    fn a_figure_of_fewer_runs_says_so() {
        let figure = |runs| Figure { median: Micros(743_000), min: Micros(650_000), max: Micros(801_000), runs };
        assert_eq!(times_of(Some(figure(3)), 3), "743 ms (650–801 ms)");
        assert_eq!(times_of(Some(figure(2)), 3), "743 ms (650–801 ms), 2 of 3 runs");
        assert_eq!((times_of(Some(figure(1)), 1), times_of(None, 3)), ("743 ms".to_owned(), "–".to_owned()));
    }
}
