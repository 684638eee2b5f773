//! One display for all that goes on: a spinner a running step on a terminal, plain lines elsewhere, nothing when quiet.
//!
//! All of it goes to stderr.

pub(crate) mod log;

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use bgplab::progress::{Ended, Event, Observer, StepId};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The least time between two notes of a step where each is a line.
const NOTE_PAUSE: Duration = Duration::from_secs(5);

/// The longest time without any line, where steps are lines.
const SILENCE: Duration = Duration::from_secs(9);

/// The one display. Clones show on the same one.
#[derive(Debug, Clone)]
pub(crate) struct Display(Arc<Shown>);

#[derive(Debug)]
struct Shown {
    style: Style,
    bars: MultiProgress,
    started: Instant,
    running: Mutex<BTreeMap<StepId, Running>>,
    /// The time of the last line.
    written: Mutex<Instant>,
    /// Dropped with the display: it ends the thread that breaks silences.
    _alive: Sender<()>,
}

/// A step on the display.
#[derive(Debug)]
struct Running {
    name: String,
    bar: ProgressBar,
    /// The time of its last line.
    noted: Instant,
    /// The last note, shown or not.
    note: String,
}

/// The form in which steps are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Spinners,
    Lines,
    Quiet,
}

impl Display {
    /// Makes a display: spinners on a terminal, lines elsewhere, nothing where `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        let style = match (quiet, io::stderr().is_terminal()) {
            (true, _) => Style::Quiet,
            (false, true) => Style::Spinners,
            (false, false) => Style::Lines,
        };
        let target = if style == Style::Spinners { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bars = MultiProgress::with_draw_target(target);
        let (alive, ended) = std::sync::mpsc::channel();
        let (started, written) = (Instant::now(), Mutex::new(Instant::now()));
        let shown = Arc::new(Shown { style, bars, started, running: Mutex::default(), written, _alive: alive });
        if style == Style::Lines {
            let display = Arc::downgrade(&shown);
            // Without it, a long wait is silent: no reason to end.
            let _ =
                std::thread::Builder::new().name("progress".to_owned()).spawn(move || break_silences(&display, &ended));
        }
        Self(shown)
    }

    /// Takes the running steps off the terminal.
    pub(crate) fn clear(&self) {
        // A terminal that went away shows nothing anyway.
        let _ = self.0.bars.clear();
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<StepId, Running>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes one line to stderr, the seconds since the start before it.
    fn line(&self, line: &str) {
        let stamp = self.0.started.elapsed().as_secs_f64();
        self.write(format!("{stamp:6.1} s  {line}\n").as_bytes());
    }

    /// Writes to stderr while the spinners stand aside. A closed stderr is no reason to end.
    fn write(&self, bytes: &[u8]) {
        *self.0.written.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        let _ = self.0.bars.suspend(|| io::stderr().write_all(bytes));
    }
}

impl Observer for Display {
    fn event(&self, event: &Event<'_>) {
        match *event {
            Event::Started { step, name } => self.started(step, name),
            Event::Noted { step, name, note } => self.noted(step, name, note),
            Event::Ended { step, name, ended, result, elapsed } => self.ended(step, name, ended, result, elapsed),
            Event::Line(line) => self.said(line),
            Event::Output(line) => self.passed(line),
            _ => {}
        }
    }
}

impl Display {
    fn started(&self, step: StepId, name: &str) {
        let bar = ProgressBar::new_spinner().with_style(spinner()).with_prefix(name.to_owned());
        let bar = self.0.bars.add(bar);
        match self.0.style {
            Style::Spinners => bar.enable_steady_tick(Duration::from_millis(120)),
            Style::Lines => self.line(&format!("{name} …")),
            Style::Quiet => {}
        }
        let (name, note) = (name.to_owned(), String::new());
        self.running().insert(step, Running { name, bar, noted: Instant::now(), note });
    }

    fn noted(&self, step: StepId, name: &str, note: &str) {
        let mut running = self.running();
        let Some(shown) = running.get_mut(&step) else { return };
        note.clone_into(&mut shown.note);
        match self.0.style {
            Style::Spinners => shown.bar.set_message(note.to_owned()),
            Style::Lines if shown.noted.elapsed() >= NOTE_PAUSE => {
                shown.noted = Instant::now();
                self.line(&format!("{name}: {note}"));
            }
            Style::Lines | Style::Quiet => {}
        }
    }

    fn ended(&self, step: StepId, name: &str, ended: Ended, result: &str, took: Duration) {
        if let Some(shown) = self.running().remove(&step) {
            shown.bar.finish_and_clear();
        }
        match ended {
            Ended::Done => self.said(&format!("{name} {result} ({:.1} s)", took.as_secs_f64())),
            Ended::Failed => self.said(&format!("{name} failed: {result}")),
            _ => {}
        }
    }

    fn said(&self, line: &str) {
        if self.0.style != Style::Quiet {
            self.line(line);
        }
    }

    fn passed(&self, line: &str) {
        if self.0.style != Style::Quiet {
            self.write(format!("{line}\n").as_bytes());
        }
    }
}

/// Says what the running steps are at whenever nothing was said for long, until the display is dropped.
fn break_silences(display: &Weak<Shown>, ended: &Receiver<()>) {
    let mut pause = SILENCE;
    while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let Some(display) = display.upgrade().map(Display) else { return };
        let silent = display.0.written.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
        pause = SILENCE.saturating_sub(silent);
        if !pause.is_zero() {
            continue;
        }
        pause = SILENCE;
        for step in display.running().values() {
            let note = if step.note.is_empty() { "still running" } else { &step.note };
            display.line(&format!("{}: {note}", step.name));
        }
    }
}

fn spinner() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {elapsed:>4} {prefix} {wide_msg:.dim}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}
