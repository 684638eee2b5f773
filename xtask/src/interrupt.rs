//! Running a verb until it ends or a signal ends it.
//!
//! The first signal drops the verb's future: what it had started ends with it (children are killed on drop), and what it
//! had made stays, labelled, for the next run to go on from. A second signal ends the process at once.

use std::io;

use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

use crate::exit::{Answer, Failure};
use crate::progress::Progress;

const SIGNALS: [(&str, SignalKind); 3] =
    [("Ctrl-C", SignalKind::interrupt()), ("SIGTERM", SignalKind::terminate()), ("SIGHUP", SignalKind::hangup())];

/// Runs a verb on a new runtime.
pub(crate) fn run(progress: &Progress, verb: impl AsyncFnOnce() -> Result<Answer, Failure>) -> Result<Answer, Failure> {
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::machine("cannot start the runtime").cause(&error))?;
    let end = runtime.block_on(async {
        let signals = Signals::listen().map_err(|error| Failure::machine("cannot listen to signals").cause(&error))?;
        tokio::select! {
            end = verb() => end,
            name = signals.first() => {
                info!(signal = name, "ending");
                Err(Failure::interrupted(name).next("run the same command again: it goes on from here"))
            }
        }
    });
    progress.clear();
    // A blocking task may still sit in a system call; the process ends without it.
    runtime.shutdown_background();
    end
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
    use super::*;
    use rustix::process::{Signal, getpid, kill_process};

    #[test]
    fn a_signal_drops_the_verb_and_ends_with_130() {
        let (alive, gone) = std::sync::mpsc::channel::<()>();
        let end = run(&Progress::new(true), async move || {
            let _held_by_the_verb = alive;
            kill_process(getpid(), Signal::HUP).unwrap();
            std::future::pending().await
        });
        assert_eq!(end.unwrap_err().to_json()["code"], 130);
        assert_eq!(gone.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected));
    }
}
