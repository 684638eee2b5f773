//! The suite, run: its specs as steps of ours, their results written as they end, the reasons printed while they are stuck.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use camino::Utf8Path;

use super::explain::known;
use super::ginkgo::{Ended, Heard, Reader};
use super::results::Results;
use crate::failure::Failure;
use crate::process::{Cmd, Interrupter, Stream};
use crate::progress::{Progress, Step};

/// The time after which a spec that says nothing counts as stuck: a session comes up within 20 s.
const STUCK: Duration = Duration::from_secs(30);
/// The interval of looks at what keeps it.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// The time that the suite has to end by itself once it was interrupted: it dumps, and takes its routers away.
const GRACE: Duration = Duration::from_secs(120);

/// The times of a run, shorter in tests.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// The time after which a spec counts as stuck.
    pub stuck: Duration,
    /// The interval of looks.
    pub look_every: Duration,
    /// The time to end after an interruption.
    pub grace: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self { stuck: STUCK, look_every: LOOK_EVERY, grace: GRACE }
    }
}

/// The way in which a run ended.
#[derive(Debug)]
pub enum Over {
    /// By itself.
    Itself,
    /// By a signal, whose name this is.
    Signal(&'static str),
    /// Without having come to its end: killed, or out of what it needs.
    Broken(Failure),
}

/// A run that ended.
#[derive(Debug)]
pub struct Ending {
    /// The way in which it ended.
    pub over: Over,
    /// The failures of what is around all specs: `[BeforeSuite]` and its words.
    pub around: Vec<String>,
}

/// The state that the listener and the looker share.
struct Now<'r> {
    progress: &'r Progress,
    results: &'r mut Results,
    planned: &'r [String],
    running: Option<Running>,
    around: Vec<String>,
}

/// A spec that runs.
struct Running {
    spec: String,
    step: Step,
    /// The time since which it says nothing.
    since: Instant,
    /// The reasons that the last look saw.
    last: Vec<String>,
    /// The reasons that two looks saw, which are printed.
    confirmed: Vec<String>,
}

/// Runs the suite's command to its end. `look` says what keeps a spec; `signal` ends the run.
///
/// # Errors
/// Results that cannot be written.
pub async fn run(
    progress: &Progress,
    (cmd, log): (Cmd, &Utf8Path),
    (planned, results): (&[String], &mut Results),
    look: impl AsyncFn() -> Vec<String>,
    signal: impl Future<Output = &'static str>,
    times: Times,
) -> Result<Ending, Failure> {
    let (lines, mut heard) = tokio::sync::mpsc::unbounded_channel::<String>();
    let stream = Stream::new(cmd).log(log).on_line(move |line| drop(lines.send(line.to_owned())));
    let interrupter = stream.interrupter();
    let mut reader = Reader::new(planned.to_vec());
    let now = RefCell::new(Now { progress, results, planned, running: None, around: Vec::new() });
    let over = {
        let listen = async {
            while let Some(line) = heard.recv().await {
                if let Some(heard) = reader.line(&line) {
                    now.borrow_mut().take(heard)?;
                }
            }
            Ok::<(), Failure>(())
        };
        let both = async {
            let (ended, listened) = futures::join!(stream.run(), listen);
            listened.map(|()| ended)
        };
        let looks = looking(&now, &look, times);
        tokio::pin!(both);
        tokio::select! {
            ended = &mut both => over(ended?),
            () = looks => Over::Itself,
            name = signal => {
                interrupter.interrupt();
                ending(&now, &interrupter, times.grace, both).await?;
                Over::Signal(name)
            }
        }
    };
    let mut now = now.into_inner();
    if let Some(heard) = reader.end() {
        now.take(heard)?;
    }
    Ok(Ending { over, around: now.around })
}

/// A suite whose specs fail ends with 1, as one that could not begin.
fn over(ended: Result<(), crate::process::Error>) -> Over {
    match ended {
        Ok(()) => Over::Itself,
        Err(crate::process::Error::Failed { status, .. }) if status == "exit status: 1" => Over::Itself,
        Err(error) => Over::Broken(error.into()),
    }
}

/// Waits for the end of a suite that was interrupted. What it does not end in time is killed when it is dropped.
async fn ending(
    now: &RefCell<Now<'_>>,
    interrupter: &Interrupter,
    grace: Duration,
    both: impl Future<Output = Result<Result<(), crate::process::Error>, Failure>>,
) -> Result<(), Failure> {
    let progress = now.borrow().progress.clone();
    progress.say("interrupted: the suite ends its spec and takes its routers away");
    tokio::pin!(both);
    match tokio::time::timeout(grace, &mut both).await {
        Ok(ended) => drop(ended?),
        Err(_) => {
            // A second one makes ginkgo leave out what it still wants to do.
            interrupter.interrupt();
            progress.say("the suite does not end: killed");
        }
    }
    Ok(())
}

/// Looks at what keeps a spec that says nothing, for as long as it is polled.
async fn looking(now: &RefCell<Now<'_>>, look: &impl AsyncFn() -> Vec<String>, times: Times) {
    let mut ticks = tokio::time::interval(times.look_every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(spec) = now.borrow().stuck(times.stuck) else { continue };
        let reasons = look().await;
        now.borrow_mut().reasons(&spec, reasons);
    }
}

impl Now<'_> {
    /// Takes what ginkgo said.
    fn take(&mut self, heard: Heard) -> Result<(), Failure> {
        match heard {
            Heard::Began(spec) => {
                let step = self.progress.step(&spec);
                self.running =
                    Some(Running { spec, step, since: Instant::now(), last: Vec::new(), confirmed: Vec::new() });
            }
            Heard::Step(words) => {
                if let Some(running) = &mut self.running {
                    running.step.note(words);
                    // It got on: what kept it until now does not any more.
                    (running.since, running.last, running.confirmed) = (Instant::now(), Vec::new(), Vec::new());
                }
            }
            Heard::Ended(ended) => return self.ended(ended),
            Heard::Around(name, words) => {
                if let Some(running) = self.running.take() {
                    running.step.failed(words.lines().next().unwrap_or_default());
                }
                let known = known(&words).map(|known| format!("\n{known}")).unwrap_or_default();
                self.around.push(format!("{name}: {words}{known}"));
            }
        }
        Ok(())
    }

    fn ended(&mut self, ended: Ended) -> Result<(), Failure> {
        let mut reasons = Vec::new();
        if let Some(running) = self.running.take() {
            let words = ended.message.lines().next().unwrap_or_default();
            let line = if words.is_empty() {
                ended.end.as_str().to_owned()
            } else {
                format!("{}: {words}", ended.end.as_str())
            };
            if ended.end.is_good() {
                running.step.done(line)
            } else {
                running.step.failed(line)
            }
            if !ended.end.is_good() {
                reasons = if running.confirmed.is_empty() { running.last } else { running.confirmed };
                reasons.extend(known(&ended.message));
            }
        }
        self.results.add(self.planned, ended, reasons)
    }

    /// Returns the spec that has said nothing for `stuck`.
    fn stuck(&self, stuck: Duration) -> Option<String> {
        let running = self.running.as_ref().filter(|running| running.since.elapsed() >= stuck)?;
        Some(running.spec.clone())
    }

    /// Takes what a look saw. A reason is printed once two looks saw it.
    fn reasons(&mut self, spec: &str, reasons: Vec<String>) {
        let Some(running) = self.running.as_mut().filter(|running| running.spec == spec) else { return };
        let again = |reason: &&String| running.last.contains(reason) && !running.confirmed.contains(reason);
        let held: Vec<String> = reasons.iter().filter(again).cloned().collect();
        for reason in &held {
            self.progress.say(&format!("stuck: {reason}"));
        }
        running.confirmed.extend(held);
        running.last = reasons;
    }
}

#[cfg(test)]
mod tests;
