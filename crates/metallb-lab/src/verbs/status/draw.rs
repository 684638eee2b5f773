//! A status as a screen: as wide and as high as the terminal, what changed standing out. Pure.

use std::time::Instant;

use super::show;
use crate::exit::unwrapped;
use bgplab::status::{History, Line, Status};

/// The number of last changes that are shown.
const CHANGES: usize = 6;

/// The terminal as far as text needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paper {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) colours: bool,
}

/// The ink of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ink {
    Plain,
    Faint,
    Good,
    Bad,
    Changed,
}

type Drawn = Vec<(Ink, String)>;

/// The whole screen. `trouble` is why the last look failed; what was seen before stays.
pub(super) fn screen(history: &History, trouble: Option<&str>, clock: &str, at: Instant, paper: Paper) -> String {
    let changes = CHANGES.min(paper.rows / 6);
    let mut head: Drawn = Vec::new();
    let mut body: Drawn = Vec::new();
    match history.status() {
        Some(status) => {
            let wrong = wrong(status);
            let verdict = match wrong {
                0 => (Ink::Good, "all as it should be".to_owned()),
                n => (Ink::Bad, format!("{n} not as they should be")),
            };
            head.push((verdict.0, format!("lab {} ({})  {clock}  {}", status.lab, status.provider, verdict.1)));
            let whole = sections(status, history, at, false);
            let left = paper.rows.saturating_sub(changes + 3);
            // What is as it should be steps back where there is no room.
            body = if whole.len() > left { sections(status, history, at, true) } else { whole };
        }
        None => head.push((Ink::Faint, format!("{clock}  looking …"))),
    }
    head.extend(trouble.map(|why| (Ink::Bad, format!("cannot look now: {why}"))));
    let last: Drawn = history.last(changes).map(|change| (Ink::Plain, change.to_owned())).collect();
    let foot: Drawn = if last.is_empty() { last } else { [vec![(Ink::Faint, String::new())], last].concat() };
    let room = paper.rows.saturating_sub(head.len() + foot.len());
    if body.len() > room {
        let more = body.len() + 1 - room.min(body.len());
        body.truncate(room.saturating_sub(1));
        body.push((Ink::Faint, format!("… {more} more lines")));
    }
    let lines: Vec<String> = [head, body, foot].concat().iter().take(paper.rows).map(|line| ink(line, paper)).collect();
    // Home; each line and the rest of it; everything below. The last line has no end, or the screen would scroll.
    format!("\x1b[H{}\x1b[J", lines.join("\x1b[K\r\n") + "\x1b[K")
}

fn wrong(status: &Status) -> usize {
    let lines = status.sections().into_iter().flat_map(|(_, lines)| lines);
    lines.chain(status.sessions.iter().map(|session| &session.line)).filter(|line| !line.ok).count()
}

fn sections(status: &Status, history: &History, at: Instant, short: bool) -> Drawn {
    let mut drawn = Drawn::new();
    let inks = |section: &'static str, lines: &[&Line]| -> Vec<Ink> {
        let of = |line: &&Line| match (history.is_fresh(section, &line.name, at), line.ok) {
            (true, _) => Ink::Changed,
            (false, true) => Ink::Plain,
            (false, false) => Ink::Bad,
        };
        lines.iter().map(of).collect()
    };
    let mut add = |section: &'static str, lines: &[&Line], table: String| {
        let inks = inks(section, lines);
        if lines.is_empty() {
            return;
        }
        // A header, and a line for each row.
        let lines = [Ink::Faint].into_iter().chain(inks).zip(table.lines().map(str::to_owned));
        if !short {
            drawn.push((Ink::Plain, String::new()));
            drawn.extend(lines);
            return;
        }
        let (calm, loud): (Drawn, Drawn) = lines.partition(|(ink, _)| *ink == Ink::Plain);
        if loud.len() > 1 {
            drawn.extend(loud);
        }
        if !calm.is_empty() {
            drawn.push((Ink::Good, format!(" ✓  {section}: {} as they should be", calm.len())));
        }
    };
    let plain = |section: &'static str, lines: &[Line]| {
        let rows = lines.iter().map(|line| {
            let [mark, name, should, is] = show::plain(line);
            // What is as it should be need not be said twice.
            [mark, name, is, if line.ok { String::new() } else { should }]
        });
        unwrapped(["", section, "is", "should be"], rows)
    };
    let sessions: Vec<&Line> = status.sessions.iter().map(|session| &session.line).collect();
    let (before, after): (Vec<_>, Vec<_>) =
        status.sections().into_iter().partition(|(name, _)| show::is_before_sessions(name));
    for (name, lines) in before {
        add(name, &lines.iter().collect::<Vec<_>>(), plain(name, lines));
    }
    let rows = status.sessions.iter().map(|session| {
        let [mark, name, should, is, since, received, sent] = show::session(session);
        [mark, name, is, since, received, sent, if session.line.ok { String::new() } else { should }]
    });
    add("sessions", &sessions, unwrapped(["", "session", "is", "for", "received", "sent", "should be"], rows));
    for (name, lines) in after {
        add(name, &lines.iter().collect::<Vec<_>>(), plain(name, lines));
    }
    drawn
}

/// A line cut to the terminal's width, in its colour.
fn ink((ink, text): &(Ink, String), paper: Paper) -> String {
    let cut = if text.chars().count() > paper.columns {
        text.chars().take(paper.columns.saturating_sub(1)).chain(['…']).collect()
    } else {
        text.clone()
    };
    let code = match ink {
        Ink::Plain => return cut,
        Ink::Faint => "2",
        Ink::Good => "32",
        Ink::Bad => "31",
        Ink::Changed => "1;33",
    };
    if paper.colours { format!("\x1b[{code}m{cut}\x1b[0m") } else { cut }
}

#[cfg(test)]
mod tests {
    use super::super::show::tests::status;
    use super::*;

    fn drawn(paper: Paper) -> String {
        let (mut history, at) = (History::default(), Instant::now());
        history.take(&status("Established, BFD up", 5), at, "09:00:00");
        history.take(&status("Active, BFD down", 1), at, "09:00:05");
        screen(&history, None, "09:00:06", at, paper)
    }

    fn plain(text: &str) -> Vec<&str> {
        let text = text.strip_prefix("\x1b[H").unwrap().strip_suffix("\x1b[K\x1b[J").unwrap();
        text.split("\x1b[K\r\n").collect()
    }

    #[test]
    fn all_of_it_where_there_is_room() {
        let text = drawn(Paper { columns: 120, rows: 40, colours: false });
        insta::assert_snapshot!(plain(&text).join("\n"));
    }

    #[test]
    fn it_stays_within_the_terminal() {
        for (columns, rows) in [(40, 8), (20, 3), (10, 1), (120, 12)] {
            let text = drawn(Paper { columns, rows, colours: false });
            let lines = plain(&text);
            assert!(lines.len() <= rows, "{rows} rows: {lines:?}");
            assert!(lines.iter().all(|line| line.chars().count() <= columns), "{columns} columns: {lines:?}");
        }
        let low = drawn(Paper { columns: 120, rows: 8, colours: false });
        assert!(low.contains("✓  networks: 1 as they should be") && low.contains("Active, BFD down"), "{low}");
    }

    #[test]
    fn colours_are_for_terminals() {
        let paper = Paper { columns: 120, rows: 40, colours: true };
        assert!(drawn(paper).contains("\x1b[1;33m ✗  frr1"), "what has just changed");
        let text = drawn(Paper { colours: false, ..paper });
        assert!(plain(&text).iter().all(|line| !line.contains('\x1b')), "{text:?}");
    }

    #[test]
    fn what_cannot_be_looked_at_is_said() {
        let paper = Paper { columns: 80, rows: 10, colours: false };
        let text = screen(&History::default(), Some("no Docker engine"), "09:00:00", Instant::now(), paper);
        assert!(text.contains("looking …") && text.contains("cannot look now: no Docker engine"), "{text}");
    }
}
