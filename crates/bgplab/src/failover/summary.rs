//! Many runs in few figures.

use serde::Serialize;

use super::outcome::{Phase, Row, Run};
use super::stamp::Micros;
use labfile::Family;

/// A figure of several runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// The median, in milliseconds.
    pub median: Micros,
    /// The least.
    pub min: Micros,
    /// The greatest.
    pub max: Micros,
    /// The number of runs that had one.
    pub runs: usize,
}

impl Figure {
    /// Summarizes the times seen in some runs; `None` if there are none.
    pub fn of(seen: impl IntoIterator<Item = Micros>) -> Option<Self> {
        let mut all: Vec<Micros> = seen.into_iter().collect();
        all.sort_unstable();
        let (min, max) = (*all.first()?, *all.last()?);
        let middle = all.get(all.len() / 2)?;
        let before = all.get((all.len() - 1) / 2)?;
        Some(Self { median: Micros((middle.0 + before.0) / 2), min, max, runs: all.len() })
    }
}

/// One place and family over all runs.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// The router or node.
    pub place: String,
    /// The address family; `None` if the place only has sessions.
    pub family: Option<Family>,
    /// The times from the break on.
    pub loss: Figures,
    /// The times from the moment at which it was put back or, if it heals by itself, from the break.
    pub recovery: Figures,
}

/// The figures of one phase.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// The session was lost, or established again.
    pub session: Option<Figure>,
    /// The best path changed.
    pub table: Option<Figure>,
    /// The kernel's route followed.
    pub kernel: Option<Figure>,
    /// The number of a client's lost questions, all runs together; `None` if there is no client.
    pub lost: Option<usize>,
    /// The number of questions sent, all runs together; `None` if there is no client.
    pub sent: Option<usize>,
    /// The longest gap of each run.
    pub gap: Option<Figure>,
    /// The time after which the path worked again.
    pub restored: Option<Figure>,
}

/// Summarizes some runs, in the order of the first run's rows.
pub fn lines(runs: &[Run]) -> Vec<Line> {
    let Some(first) = runs.first() else { return Vec::new() };
    let line = |row: &Row| {
        let same = |other: &&Row| other.place == row.place && other.family == row.family;
        let rows: Vec<&Row> = runs.iter().filter_map(|run| run.rows.iter().find(same)).collect();
        let loss: Vec<&Phase> = rows.iter().map(|row| &row.loss).collect();
        let recovery: Vec<&Phase> = rows.iter().map(|row| &row.recovery).collect();
        Line { place: row.place.clone(), family: row.family, loss: figures(&loss), recovery: figures(&recovery) }
    };
    first.rows.iter().map(line).collect()
}

fn figures(phases: &[&Phase]) -> Figures {
    let paths = || phases.iter().filter_map(|phase| phase.path.as_ref());
    let sum = |of: fn(&super::outcome::Path) -> usize| paths().next().map(|_| paths().map(of).sum());
    Figures {
        session: Figure::of(phases.iter().filter_map(|phase| phase.session.as_ref()).map(|seen| seen.after)),
        table: Figure::of(phases.iter().filter_map(|phase| phase.table)),
        kernel: Figure::of(phases.iter().filter_map(|phase| phase.kernel)),
        lost: sum(|path| path.lost),
        sent: sum(|path| path.sent),
        gap: Figure::of(paths().filter(|path| path.lost > 0).map(|path| path.gap)),
        restored: Figure::of(paths().filter_map(|path| path.restored)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_an_even_number_is_between_two() {
        let figure = |all: &[i64]| Figure::of(all.iter().map(|micros| Micros(*micros)));
        assert_eq!(figure(&[]), None);
        assert_eq!(figure(&[5]), Some(Figure { median: Micros(5), min: Micros(5), max: Micros(5), runs: 1 }));
        assert_eq!(figure(&[9, 1, 3, 5]).map(|figure| figure.median), Some(Micros(4)));
        assert_eq!(figure(&[9, 1, 3]), Some(Figure { median: Micros(3), min: Micros(1), max: Micros(9), runs: 3 }));
    }
}
