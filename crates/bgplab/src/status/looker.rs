//! The looks of a live view, each when it is due.
//!
//! Docker's events show at once what somebody did; what changes by itself is looked at every second, where a look costs
//! milliseconds; the whole, with the cluster's API, every twenty, for that is what costs most.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::stream::{self, Stream, StreamExt};
use netlab::Docker;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Interval, MissedTickBehavior};

use super::{Status, gather};
use crate::context::Context;
use crate::failure::Failure;
use crate::scene::Scene;

/// The pause between looks at what changes by itself.
const EVERY: Duration = Duration::from_secs(1);
/// The pause between looks at everything.
const ALL_EVERY: Duration = Duration::from_secs(20);
/// The delay from an event to the look after it; many come together.
const BEAT: Duration = Duration::from_millis(250);

/// The extent of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    All,
    Moving,
}

/// The last look, and its age.
struct Looker {
    beats: Interval,
    known: Option<(Scene, Status)>,
    all: Option<Instant>,
    last: Option<Instant>,
    events: Option<Events>,
}

/// Looks without end, each time as soon as a look is due. A look goes on where waiting for the next was broken off.
pub fn looks(ctx: &Context) -> impl Stream<Item = Result<Status, Failure>> {
    let mut beats = tokio::time::interval(BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let looker = Looker { beats, known: None, all: None, last: None, events: None };
    stream::unfold(looker, move |mut looker| async move { Some((looker.next(ctx).await, looker)) })
}

impl Looker {
    /// Looks, once one is due.
    async fn next(&mut self, ctx: &Context) -> Result<Status, Failure> {
        loop {
            self.beats.tick().await;
            if let Some(depth) = self.due() {
                return self.look(ctx, depth).await;
            }
        }
    }

    /// Returns the extent of the look that is due now.
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

    async fn look(&mut self, ctx: &Context, depth: Depth) -> Result<Status, Failure> {
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
        let notify = Arc::clone(&happened);
        let task = tokio::spawn(async move {
            let mut changes = docker.changes().boxed();
            while let Some(Ok(())) = changes.next().await {
                notify.notify_one();
            }
            // An engine that went away is news, too.
            notify.notify_one();
        });
        Self { happened, task }
    }

    /// Returns `true` if anything happened since the last time.
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
