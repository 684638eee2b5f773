//! One display for all that goes on: a spinner a running step on a terminal, plain lines elsewhere, nothing when quiet.
//!
//! All of it goes to stderr. Every step is also kept in a timeline, for the report at the end.

pub(crate) mod critical;
pub(crate) mod log;
mod step;
mod timeline;

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

pub(crate) use step::Step;
pub(crate) use timeline::{Ended, Span};

/// The one display. Clones show on the same one.
#[derive(Debug, Clone)]
pub(crate) struct Progress(Arc<Display>);

#[derive(Debug)]
struct Display {
    style: Style,
    bars: MultiProgress,
    started: Instant,
    timeline: Mutex<Vec<Span>>,
}

/// How steps are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Spinners,
    Lines,
    Quiet,
}

impl Progress {
    /// Spinners on a terminal, lines elsewhere, nothing where `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        Self::with(match (quiet, io::stderr().is_terminal()) {
            (true, _) => Style::Quiet,
            (false, true) => Style::Spinners,
            (false, false) => Style::Lines,
        })
    }

    fn with(style: Style) -> Self {
        let target = if style == Style::Spinners { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bars = MultiProgress::with_draw_target(target);
        Self(Arc::new(Display { style, bars, started: Instant::now(), timeline: Mutex::default() }))
    }

    /// Starts a step; it ends by [`Step::done`] or [`Step::failed`], or unfinished when dropped.
    pub(crate) fn step(&self, name: impl Into<String>) -> Step {
        let name = name.into();
        let bar = self.0.bars.add(ProgressBar::new_spinner().with_style(spinner()).with_prefix(name.clone()));
        match self.0.style {
            Style::Spinners => bar.enable_steady_tick(Duration::from_millis(120)),
            Style::Lines => self.line(&format!("{name} …")),
            Style::Quiet => {}
        }
        Step::new(self.clone(), name, bar)
    }

    /// Says a line of its own, above the running steps; not when quiet.
    pub(crate) fn say(&self, line: &str) {
        if self.0.style != Style::Quiet {
            self.line(line);
        }
    }

    /// Passes on a line that another program wrote, above the running steps; not when quiet.
    pub(crate) fn pass(&self, line: &str) {
        if self.0.style != Style::Quiet {
            self.write(format!("{line}\n").as_bytes());
        }
    }

    /// Takes the running steps off the terminal.
    pub(crate) fn clear(&self) {
        // A terminal that went away shows nothing anyway.
        let _ = self.0.bars.clear();
    }

    /// All that has ended so far, in the order of its beginning.
    pub(crate) fn timeline(&self) -> Vec<Span> {
        let mut spans = self.spans().clone();
        spans.sort_by_key(|span| span.start);
        spans
    }

    /// Since the start of the run.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.started.elapsed()
    }

    fn spans(&self) -> std::sync::MutexGuard<'_, Vec<Span>> {
        self.0.timeline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes one line to stderr, the seconds since the start before it.
    fn line(&self, line: &str) {
        let stamp = self.elapsed().as_secs_f64();
        self.write(format!("{stamp:6.1} s  {line}\n").as_bytes());
    }

    /// Writes to stderr while the spinners stand aside. A closed stderr is no reason to end.
    fn write(&self, bytes: &[u8]) {
        let _ = self.0.bars.suspend(|| io::stderr().write_all(bytes));
    }
}

fn spinner() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {elapsed:>4} {prefix} {wide_msg:.dim}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_timeline_tells_what_each_step_came_to() {
        let progress = Progress::with(Style::Quiet);
        let mut first = progress.step("network kind2");
        first.note("creating");
        let mut second = progress.step("router frr1");
        second.after("network kind2");
        first.done("created");
        drop(second);
        progress.step("router frr2").failed("no image");

        let ends: Vec<_> = progress.timeline().into_iter().map(|span| (span.name, span.ended, span.after)).collect();
        assert_eq!(ends.len(), 3);
        assert_eq!(ends[0], ("network kind2".into(), Ended::Done, vec![]));
        assert_eq!(ends[1], ("router frr1".into(), Ended::Unfinished, vec!["network kind2".to_owned()]));
        assert_eq!(ends[2], ("router frr2".into(), Ended::Failed, vec![]));
    }
}
