//! A live view, that one leaves open beside a terminal.
//!
//! Docker's events tell at once what somebody did; what changes by itself is looked at every second, where a look costs
//! milliseconds; the whole, with the cluster's API, every twenty, for that is what costs most.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt;
use netlab::Docker;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use super::history::{Change, History};
use super::screen::Screen;
use super::{Status, draw, gather, show};
use crate::checks::Scene;
use crate::ctx::Ctx;
use crate::exit::{Answer, Failure, out};
use crate::interrupt;

/// How often is looked at what changes by itself.
const EVERY: Duration = Duration::from_secs(1);
/// How often is looked at all.
const ALL_EVERY: Duration = Duration::from_secs(20);
/// How soon is looked after an event; many come together.
const BEAT: Duration = Duration::from_millis(250);
/// The key that ends the view, beside Ctrl-C.
const QUIT: u8 = b'q';

/// Shows what is there until a key or a signal ends it, or nobody reads any more.
pub(super) async fn watch(ctx: &Ctx) -> Result<Answer, Failure> {
    let failed = |error: io::Error| Failure::machine("the terminal cannot be used").cause(&error);
    let mut taken = interrupt::take();
    let drawn = io::stdout().is_terminal() && !ctx.globals.json;
    let screen = drawn.then(Screen::enter).transpose().map_err(failed)?;
    let mut keys = screen.as_ref().map(Screen::keys);
    let mut signals = [SignalKind::window_change(), SignalKind::from_raw(SUSPEND)].map(signal);
    let mut view = View { looker: Looker::default(), history: History::default(), trouble: None };
    let mut beats = tokio::time::interval(BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let [resized, suspended] = &mut signals;
        let shown = tokio::select! {
            // Leaving is the usual end, by Ctrl-C too.
            _ = taken.signal() => return Ok(Answer::default()),
            key = next(keys.as_mut()) => match key {
                QUIT => return Ok(Answer::default()),
                _ => continue,
            },
            () = heard(resized) => view.draw(screen.as_ref()),
            () = heard(suspended) => screen.as_ref().map_or(Ok(()), Screen::suspended),
            _ = beats.tick() => {
                let Some(look) = view.looker.due() else { continue };
                // A look that hangs, as at an engine that is ending, must not hold keys and signals up.
                tokio::select! {
                    _ = taken.signal() => return Ok(Answer::default()),
                    seen = view.looker.look(ctx, look) => view.take(ctx, screen.as_ref(), seen)?,
                }
            }
        };
        if shown.is_err() {
            return Ok(Answer::default());
        }
    }
}

/// SIGTSTP, as Ctrl-Z sends it.
const SUSPEND: i32 = 20;

async fn heard(signal: &mut io::Result<Signal>) {
    match signal {
        Ok(signal) => drop(signal.recv().await),
        Err(_) => std::future::pending().await,
    }
}

async fn next(keys: Option<&mut tokio::sync::mpsc::UnboundedReceiver<u8>>) -> u8 {
    match keys {
        Some(keys) => match keys.recv().await {
            Some(key) => key,
            None => std::future::pending().await,
        },
        None => std::future::pending().await,
    }
}

struct View {
    looker: Looker,
    history: History,
    trouble: Option<String>,
}

impl View {
    /// Takes what a look saw, and shows it; an error of writing is the reader's end.
    fn take(
        &mut self,
        ctx: &Ctx,
        screen: Option<&Screen>,
        seen: Result<Status, Failure>,
    ) -> Result<io::Result<()>, Failure> {
        let first = self.history.status().is_none();
        let (trouble, changes, status) = match seen {
            Ok(status) => (None, self.history.take(&status, Instant::now(), &clock()), Some(status)),
            Err(failure) => (Some(failure.message().to_owned()), Vec::new(), None),
        };
        let new_trouble = trouble != self.trouble;
        self.trouble = trouble;
        if screen.is_some() {
            return Ok(self.draw(screen));
        }
        let text = match (&status, &self.trouble) {
            (Some(status), _) => lines(ctx, first, &changes, status)?,
            (None, Some(why)) if new_trouble => Some(format!("{} {why}", clock())),
            (None, _) => None,
        };
        Ok(text.map_or(Ok(()), |text| out(&text)))
    }

    fn draw(&self, screen: Option<&Screen>) -> io::Result<()> {
        let Some(screen) = screen else { return Ok(()) };
        screen.draw(&draw::screen(&self.history, self.trouble.as_deref(), &clock(), Instant::now(), screen.paper()))
    }
}

/// The whole at first, then what has changed; with `--json` a whole document a line.
fn lines(ctx: &Ctx, first: bool, changes: &[Change], now: &Status) -> Result<Option<String>, Failure> {
    if !first && changes.is_empty() {
        return Ok(None);
    }
    if ctx.globals.json {
        let line = serde_json::to_string(now).map_err(|error| Failure::step("cannot write JSON").cause(&error))?;
        return Ok(Some(line));
    }
    if first {
        return Ok(Some(show::text(now)));
    }
    let clock = clock();
    Ok(Some(changes.iter().map(|change| format!("{clock} {}\n", change.text)).collect()))
}

fn clock() -> String {
    jiff::Zoned::now().strftime("%H:%M:%S").to_string()
}

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    All,
    Moving,
}

/// What is known, and how old it is.
#[derive(Default)]
struct Looker {
    known: Option<(Scene, Status)>,
    all: Option<Instant>,
    last: Option<Instant>,
    events: Option<Events>,
}

impl Looker {
    /// What has to be looked at now.
    fn due(&self) -> Option<Depth> {
        let older = |than: Duration| move |at: &Instant| at.elapsed() >= than;
        let event = self.events.as_ref().is_some_and(Events::happened);
        if event
            || self.known.is_none() && self.last.as_ref().is_none_or(older(EVERY))
            || self.all.as_ref().is_some_and(older(ALL_EVERY))
        {
            return Some(Depth::All);
        }
        self.last.as_ref().is_none_or(older(EVERY)).then_some(Depth::Moving)
    }

    async fn look(&mut self, ctx: &Ctx, depth: Depth) -> Result<Status, Failure> {
        self.last = Some(Instant::now());
        if depth == Depth::All {
            self.known = None;
            let scene = gather::scene(ctx).await?;
            let status = gather::still(&scene).await?;
            if self.events.as_ref().is_none_or(Events::are_over) {
                self.events = scene.docker.clone().map(Events::listen);
            }
            self.known = Some((scene, status));
            self.all = Some(Instant::now());
        }
        let Some((scene, status)) = &mut self.known else { return Err(Failure::step("nothing was looked at")) };
        gather::moving(scene, status).await;
        Ok(status.clone())
    }
}

/// Docker's events, heard on a task of their own.
struct Events {
    happened: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Events {
    fn listen(docker: Docker) -> Self {
        let happened = Arc::new(Notify::new());
        let tell = Arc::clone(&happened);
        let task = tokio::spawn(async move {
            let mut changes = docker.changes().boxed();
            while let Some(Ok(())) = changes.next().await {
                tell.notify_one();
            }
            // The engine is gone: that is news, too.
            tell.notify_one();
        });
        Self { happened, task }
    }

    /// Whether anything happened since the last time.
    fn happened(&self) -> bool {
        futures::FutureExt::now_or_never(self.happened.notified()).is_some()
    }

    fn are_over(&self) -> bool {
        self.task.is_finished()
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.task.abort();
    }
}
