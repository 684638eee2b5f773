//! Running a verb until it ends or a signal ends it.
//!
//! The first signal drops the verb's future: what it had started ends with it (children are killed on drop), and what it
//! had made stays, labelled, for the next run to go on from; what it had to put back is put back then, as after any other
//! end. A verb that has something to finish first (a file, a report) takes the signal instead: [`take`]. A second signal
//! ends the process at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing::{info, warn};

use crate::exit::Answer;
use bgplab::Context;
use bgplab::Failure;

use crate::progress::Display;

/// The name of the signal that a terminal sends to all who share it.
pub(crate) const CTRL_C: &str = "Ctrl-C";

const SIGNALS: [(&str, SignalKind); 3] =
    [(CTRL_C, SignalKind::interrupt()), ("SIGTERM", SignalKind::terminate()), ("SIGHUP", SignalKind::hangup())];

/// Runs a verb on a new runtime, and then whatever it has not put back itself.
pub(crate) fn run(
    display: &Display,
    context: &Context,
    verb: impl AsyncFnOnce() -> Result<Answer, Failure>,
) -> Result<Answer, Failure> {
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::machine("cannot start the runtime").cause(&error))?;
    let end = runtime.block_on(async {
        let signals = Signals::listen().map_err(|error| Failure::machine("cannot listen to signals").cause(&error))?;
        let end = ended(signals, verb).await;
        match (context.restore().await, end) {
            (Ok(()), end) => end,
            (Err(left), Ok(_)) => Err(left),
            // Why the run ended stays what is told first.
            (Err(left), Err(end)) => Err(end.because(left.message()).next("⌘ lab-up puts right what is left")),
        }
    });
    display.clear();
    // A blocking task may still sit in a system call; the process ends without it.
    runtime.shutdown_background();
    end
}

/// The verb's end, or the signal's that came before and that no one took. The verb is dropped by then.
async fn ended(signals: Signals, verb: impl AsyncFnOnce() -> Result<Answer, Failure>) -> Result<Answer, Failure> {
    let handover = Handover::default();
    let verb = HANDOVER.scope(handover.clone(), verb());
    tokio::pin!(verb);
    tokio::select! {
        end = &mut verb => end,
        name = signals.first() => {
            info!(signal = name, "ending");
            if handover.takers.load(Ordering::SeqCst) > 0 {
                handover.signal.send_replace(Some(name));
                return verb.await;
            }
            Err(Failure::interrupted(name).next("run the same command again: it goes on from here"))
        }
    }
}

tokio::task_local! {
    /// What the running verb and the listener to signals share.
    static HANDOVER: Handover;
}

#[derive(Debug, Clone, Default)]
struct Handover {
    takers: Arc<AtomicUsize>,
    signal: watch::Sender<Option<&'static str>>,
}

/// The first signal, which the verb sees to itself for as long as this is held.
#[derive(Debug)]
pub(crate) struct Taken {
    takers: Arc<AtomicUsize>,
    signal: watch::Receiver<Option<&'static str>>,
}

/// Takes the first signal from the one who would drop the verb: from now on [`Taken::signal`] tells it. Only the verb's own
/// task has it; anywhere else nothing ever comes.
pub(crate) fn take() -> Taken {
    let handover = HANDOVER.try_with(Clone::clone).unwrap_or_default();
    handover.takers.fetch_add(1, Ordering::SeqCst);
    Taken { takers: handover.takers, signal: handover.signal.subscribe() }
}

impl Taken {
    /// The signal's name, once it has come.
    pub(crate) async fn signal(&mut self) -> &'static str {
        match self.signal.wait_for(Option::is_some).await.map(|name| *name) {
            Ok(Some(name)) => name,
            // Whoever would tell is gone.
            _ => std::future::pending().await,
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.takers.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The signals that end a run.
struct Signals(tokio::sync::oneshot::Receiver<&'static str>);

impl Signals {
    /// Listens on a task of its own, so that the second signal is heard while the verb is being dropped.
    fn listen() -> io::Result<Self> {
        let (send, receive) = tokio::sync::oneshot::channel();
        let mut streams = Vec::new();
        for (name, kind) in SIGNALS {
            streams.push((name, signal(kind)?));
        }
        tokio::spawn(async move {
            let mut next = async || {
                let waits = streams.iter_mut().map(|(name, stream)| {
                    Box::pin(async move {
                        stream.recv().await;
                        *name
                    })
                });
                futures::future::select_all(waits).await.0
            };
            let _ = send.send(next().await);
            let name = next().await;
            warn!(signal = name, "ending at once");
            std::process::exit(130);
        });
        Ok(Self(receive))
    }

    async fn first(self) -> &'static str {
        match self.0.await {
            Ok(name) => name,
            // The listener ends only with the process.
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use bgplab::Kind;

    use super::*;
    use rustix::process::{Signal, getpid, kill_process};

    #[test]
    fn a_signal_drops_the_verb_and_ends_with_130() {
        let (alive, gone) = std::sync::mpsc::channel::<()>();
        let display = Display::new(true);
        let context = Context::new(Default::default(), Arc::new(display.clone()));
        let (restores, back) = (&context.restores, Arc::new(AtomicBool::new(false)));
        let end = run(&display, &context, async || {
            let _held_by_the_verb = alive;
            let back = Arc::clone(&back);
            let _kept = restores.keep("what was changed", move || {
                let back = Arc::clone(&back);
                async move {
                    back.store(true, Ordering::SeqCst);
                    Ok(())
                }
            });
            kill_process(getpid(), Signal::HUP).unwrap();
            std::future::pending().await
        });
        assert_eq!(end.unwrap_err().kind(), Kind::Interrupted);
        assert_eq!(gone.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected));
        assert!(back.load(Ordering::SeqCst), "what was changed was put back");
    }

    // Told without a signal: signals go to the whole process, and the listener of the test above would take it for its
    // second one.
    #[tokio::test]
    async fn a_verb_that_takes_the_signal_ends_by_itself() {
        let (send, receive) = tokio::sync::oneshot::channel();
        let end = ended(Signals(receive), async || {
            let mut taken = take();
            send.send("SIGHUP").unwrap();
            Ok(Answer::text(taken.signal().await))
        });
        assert_eq!(end.await.unwrap().as_text(), "SIGHUP");
    }
}
