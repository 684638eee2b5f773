//! The drivers: polling, and reading a stream of events.

use std::fmt;
use std::time::Duration;

use futures::{Stream, StreamExt, pin_mut};
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::{debug, trace};

use crate::Verdict;

/// The first pause between two looks; pauses double up to [`Wait::every`], so that a condition that soon holds is soon seen.
const FIRST_PAUSE: Duration = Duration::from_millis(25);

/// A named, bounded wait.
#[derive(Debug, Clone)]
pub struct Wait {
    name: String,
    bound: Duration,
    every: Duration,
    steady: bool,
    samples: u32,
}

/// The reason why a wait ended without its condition.
#[derive(Debug, thiserror::Error)]
pub enum Unsettled<E> {
    /// The bound ran out.
    #[error("{name}: not within {}; last seen: {last}", Seconds(*.bound))]
    TimedOut {
        /// The wait's name.
        name: String,
        /// The bound that ran out.
        bound: Duration,
        /// The part that was missing at the last look.
        last: String,
    },
    /// A look said that the condition can never hold.
    #[error("{name}: {error}")]
    Failed {
        /// The wait's name.
        name: String,
        /// The reason that the look gave.
        error: E,
    },
    /// The stream of events ended before the condition held.
    #[error("{name}: the events ended early; last seen: {last}")]
    Ended {
        /// The wait's name.
        name: String,
        /// The part that was missing by the last event.
        last: String,
    },
}

/// The longest wait that a clock can express everywhere: a century.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Returns the point in time after a duration from now; a duration beyond [`LONGEST`] is cut there.
fn after(duration: Duration) -> Instant {
    Instant::now() + duration.min(LONGEST)
}

/// A duration as seconds with one decimal.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} s", self.0.as_secs_f64())
    }
}

impl Wait {
    /// Creates a wait that ends after `bound` at the latest. Its name is for people: `BGP session frr1 to kind-worker`.
    pub fn new(name: impl Into<String>, bound: Duration) -> Self {
        Self { name: name.into(), bound, every: Duration::from_millis(250), steady: false, samples: 1 }
    }

    /// Sets the longest pause between two looks of [`Wait::poll`] (250 ms unless set).
    #[must_use]
    pub const fn every(mut self, pause: Duration) -> Self {
        self.every = pause;
        self
    }

    /// Makes every pause of [`Wait::poll`] the longest one, for looks that are counted or expensive.
    #[must_use]
    pub const fn steady(mut self) -> Self {
        self.steady = true;
        self
    }

    /// Sets how many looks in a row must be ready (1 unless set), for a condition that flaps.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// use std::time::Duration;
    /// use settle::{Verdict, Wait};
    ///
    /// let mut looks = 0;
    /// let session = Wait::new("BFD session", Duration::from_secs(5)).every(Duration::from_millis(1)).stable(3);
    /// let state = session
    ///     .poll(async || {
    ///         looks += 1;
    ///         // It comes up, flaps once, and stays up.
    ///         if looks == 2 { Verdict::NotYet("down".to_owned()) } else { Verdict::<_, String>::Ready("up") }
    ///     })
    ///     .await;
    /// assert_eq!((state.unwrap(), looks), ("up", 5));
    /// # });
    /// ```
    #[must_use]
    pub const fn stable(mut self, samples: u32) -> Self {
        self.samples = samples;
        self
    }

    /// The wait's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Looks again and again until the condition holds. The last look is made just within the bound; one that is still
    /// under way when the bound runs out is dropped.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// use std::time::Duration;
    /// use settle::{Unsettled, Verdict, Wait};
    ///
    /// let wait = Wait::new("container frr1", Duration::from_secs(5));
    /// let end = wait.poll(async || Verdict::<(), _>::Failed("it has exited")).await;
    /// assert!(matches!(end, Err(Unsettled::Failed { error: "it has exited", .. })));
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`Unsettled::TimedOut`] with the last observation, or [`Unsettled::Failed`] as soon as a look says so.
    pub async fn poll<T, E>(&self, mut look: impl AsyncFnMut() -> Verdict<T, E>) -> Result<T, Unsettled<E>> {
        let deadline = after(self.bound);
        let mut progress = Progress::new(self);
        let mut ramp = if self.steady { self.every } else { FIRST_PAUSE.min(self.every) };
        let mut last = false;
        loop {
            let begin = Instant::now();
            let Ok(verdict) = timeout_at(deadline, look()).await else { return Err(progress.timed_out()) };
            if let Some(end) = progress.take(verdict) {
                return end;
            }
            // A run of ready samples is taken at the full pause: a flap lasts longer than the first pauses.
            let in_a_run = progress.in_a_row > 0;
            let next = after(if in_a_run { self.every } else { ramp });
            ramp = ramp.saturating_mul(2).min(self.every);
            // The last look is given as long as this one took.
            let latest = deadline - begin.elapsed();
            if last || (in_a_run && next > latest) {
                return Err(progress.timed_out());
            }
            last = next >= latest;
            sleep_until(next.min(latest)).await;
        }
    }

    /// Reads verdicts from a stream of events until one is ready. [`Wait::stable`] counts events here.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// use std::time::Duration;
    /// use futures::stream;
    /// use settle::{Verdict, Wait};
    ///
    /// let events = stream::iter([Verdict::NotYet("0 of 2".to_owned()), Verdict::<_, String>::Ready("2 of 2")]);
    /// let nodes = Wait::new("nodes", Duration::from_secs(5)).watch(events).await;
    /// assert_eq!(nodes.unwrap(), "2 of 2");
    /// # });
    /// ```
    ///
    /// # Errors
    /// As [`Wait::poll`], and [`Unsettled::Ended`] where the stream ends first.
    pub async fn watch<T, E>(&self, verdicts: impl Stream<Item = Verdict<T, E>>) -> Result<T, Unsettled<E>> {
        let deadline = after(self.bound);
        let mut progress = Progress::new(self);
        pin_mut!(verdicts);
        loop {
            match timeout_at(deadline, verdicts.next()).await {
                Err(_) => return Err(progress.timed_out()),
                Ok(None) => return Err(Unsettled::Ended { name: self.name.clone(), last: progress.last }),
                Ok(Some(verdict)) => {
                    if let Some(end) = progress.take(verdict) {
                        return end;
                    }
                }
            }
        }
    }
}

/// The observations of a running wait so far.
struct Progress<'a> {
    wait: &'a Wait,
    last: String,
    in_a_row: u32,
    started: Instant,
}

impl<'a> Progress<'a> {
    fn new(wait: &'a Wait) -> Self {
        Self { wait, last: "nothing yet".to_owned(), in_a_row: 0, started: Instant::now() }
    }

    /// Returns the wait's end, if this verdict is one.
    fn take<T, E>(&mut self, verdict: Verdict<T, E>) -> Option<Result<T, Unsettled<E>>> {
        match verdict {
            Verdict::Ready(value) => {
                self.in_a_row += 1;
                trace!(wait = self.wait.name, in_a_row = self.in_a_row, "ready");
                if self.in_a_row < self.wait.samples {
                    self.last = format!("ready {} of {} times in a row", self.in_a_row, self.wait.samples);
                    return None;
                }
                debug!(wait = self.wait.name, elapsed = ?self.started.elapsed(), "settled");
                Some(Ok(value))
            }
            Verdict::NotYet(missing) => {
                if missing != self.last {
                    debug!(wait = self.wait.name, missing, "not yet");
                }
                self.in_a_row = 0;
                self.last = missing;
                None
            }
            Verdict::Failed(error) => Some(Err(Unsettled::Failed { name: self.wait.name.clone(), error })),
        }
    }

    fn timed_out<E>(&self) -> Unsettled<E> {
        Unsettled::TimedOut { name: self.wait.name.clone(), bound: self.wait.bound, last: self.last.clone() }
    }
}

#[cfg(test)]
mod tests;
