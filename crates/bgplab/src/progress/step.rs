//! One running step.

use std::time::Duration;

use super::{Ended, Event, Progress, Span, StepId};
use crate::process::{Error, Stream};

/// One running step. Dropped without an end, it counts as unfinished.
#[derive(Debug)]
#[must_use = "a step that is dropped at once counts as unfinished"]
pub struct Step {
    progress: Progress,
    id: StepId,
    name: String,
    start: Duration,
    after: Vec<String>,
    ended: bool,
}

impl Step {
    pub(super) fn new(progress: Progress, id: StepId, name: String) -> Self {
        let start = progress.elapsed();
        Self { progress, id, name, start, after: Vec::new(), ended: false }
    }

    /// Says what the step is at: what it still misses, a line of output.
    pub fn note(&mut self, note: impl AsRef<str>) {
        let (step, name, note) = (self.id, self.name.as_str(), note.as_ref());
        self.progress.observer().event(&Event::Noted { step, name, note });
    }

    /// Runs a command to its end; each line of its output is what the step is at. `pass` is called with each line as well, on
    /// another thread.
    ///
    /// # Errors
    /// Those of [`Stream::run`]; the step goes on.
    pub async fn follow(&mut self, stream: Stream, mut pass: impl FnMut(&str) + Send + 'static) -> Result<(), Error> {
        let (lines, mut heard) = tokio::sync::mpsc::unbounded_channel::<String>();
        let on_line = move |line: &str| {
            pass(line);
            drop(lines.send(line.to_owned()));
        };
        let run = stream.on_line(on_line).run();
        tokio::pin!(run);
        loop {
            tokio::select! {
                end = &mut run => return end,
                Some(line) = heard.recv() => self.note(line.trim()),
            }
        }
    }

    /// Records that the step could not begin before another had ended.
    pub fn after(&mut self, step: impl Into<String>) {
        self.after.push(step.into());
    }

    /// Ends the step well; `result` says what came of it: `created`, `unchanged`.
    pub fn done(mut self, result: impl AsRef<str>) {
        self.end(Ended::Done, result.as_ref());
    }

    /// Ends the step badly, in a few words; the whole error is the run's failure.
    pub fn failed(mut self, why: impl AsRef<str>) {
        self.end(Ended::Failed, why.as_ref());
    }

    fn end(&mut self, ended: Ended, result: &str) {
        self.ended = true;
        let (name, start, after) = (self.name.clone(), self.start, std::mem::take(&mut self.after));
        let end = self.progress.elapsed();
        let (step, elapsed) = (self.id, end.saturating_sub(start));
        self.progress.observer().event(&Event::Ended { step, name: &name, ended, result, elapsed });
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
