//! One running step.

use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::{Ended, Progress, Span, Style};

/// The least time between two notes of a step where each is a line.
const NOTE_PAUSE: Duration = Duration::from_secs(5);

/// One running step. Dropped without an end, it counts as unfinished.
#[derive(Debug)]
#[must_use = "a step that is dropped at once counts as unfinished"]
pub(crate) struct Step {
    progress: Progress,
    name: String,
    bar: ProgressBar,
    start: Duration,
    noted: Instant,
    after: Vec<String>,
    ended: bool,
}

impl Step {
    pub(super) fn new(progress: Progress, name: String, bar: ProgressBar) -> Self {
        let start = progress.elapsed();
        Self { progress, name, bar, start, noted: Instant::now(), after: Vec::new(), ended: false }
    }

    /// Says what the step is at: what it still misses, a line of output. Shown at most every 5 s where notes are lines.
    pub(crate) fn note(&mut self, note: impl AsRef<str>) {
        let note = note.as_ref();
        match self.progress.0.style {
            Style::Spinners => self.bar.set_message(note.to_owned()),
            Style::Lines if self.noted.elapsed() >= NOTE_PAUSE => {
                self.noted = Instant::now();
                self.progress.line(&format!("{}: {note}", self.name));
            }
            Style::Lines | Style::Quiet => {}
        }
    }

    /// Records that the step could not begin before another had ended.
    pub(crate) fn after(&mut self, step: impl Into<String>) {
        self.after.push(step.into());
    }

    /// Ends the step well; `what` says what came of it: `created`, `unchanged`.
    pub(crate) fn done(mut self, what: impl AsRef<str>) {
        self.end(Ended::Done, what.as_ref());
    }

    /// Ends the step badly, in a few words; the whole error is the run's failure.
    pub(crate) fn failed(mut self, why: impl AsRef<str>) {
        self.end(Ended::Failed, why.as_ref());
    }

    fn end(&mut self, ended: Ended, what: &str) {
        self.ended = true;
        self.bar.finish_and_clear();
        let (name, start, after) = (self.name.clone(), self.start, std::mem::take(&mut self.after));
        let end = self.progress.elapsed();
        match ended {
            Ended::Done => self.progress.say(&format!("{name} {what} ({:.1} s)", (end - start).as_secs_f64())),
            Ended::Failed => self.progress.say(&format!("{name} failed: {what}")),
            Ended::Unfinished => {}
        }
        self.progress.spans().push(Span { name, start, end, after, ended });
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if !self.ended {
            self.end(Ended::Unfinished, "");
        }
    }
}
