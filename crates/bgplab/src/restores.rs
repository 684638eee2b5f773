//! The changes that a run has to restore, however it ends.
//!
//! A verb keeps each way back before it changes anything, and takes it by [`Kept::now`] when it is done. A way back
//! that it did not come to, because of an error or a signal, is taken at the end of the run, last change first.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt;
use futures::future::LocalBoxFuture;

use crate::failure::Failure;
use crate::progress::Progress;

/// A way back. It may be taken twice, as when a signal comes while it is under way.
pub type Back = Arc<dyn Fn() -> LocalBoxFuture<'static, Result<(), Failure>> + Send + Sync>;

/// All ways back of a run that were not taken yet.
#[derive(Clone, Default)]
pub struct Restores(Arc<Mutex<Vec<Entry>>>);

#[derive(Clone)]
struct Entry {
    number: u64,
    name: String,
    back: Back,
    /// `true` if it is taken at the end only if none before it failed.
    if_all_went: bool,
}

impl fmt::Debug for Restores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries().iter().map(|entry| &entry.name)).finish()
    }
}

/// One way back, to be taken by [`Kept::now`]; if dropped, it is taken at the end of the run.
#[derive(Debug)]
pub struct Kept {
    restores: Restores,
    number: u64,
}

impl Restores {
    /// Keeps the way back from a change that is about to be made.
    pub fn keep<F>(&self, name: impl Into<String>, back: impl Fn() -> F + Send + Sync + 'static) -> Kept
    where
        F: Future<Output = Result<(), Failure>> + 'static,
    {
        self.add(name.into(), Arc::new(move || back().boxed_local()), false)
    }

    /// Keeps the way back from a note of what is being changed: at the end of the run it is not taken if another one
    /// failed, so that whoever comes next finds the note.
    pub fn keep_if_all_went<F>(&self, name: impl Into<String>, back: impl Fn() -> F + Send + Sync + 'static) -> Kept
    where
        F: Future<Output = Result<(), Failure>> + 'static,
    {
        self.add(name.into(), Arc::new(move || back().boxed_local()), true)
    }

    fn add(&self, name: String, back: Back, if_all_went: bool) -> Kept {
        let mut entries = self.entries();
        let number = entries.last().map_or(0, |last| last.number + 1);
        entries.push(Entry { number, name, back, if_all_went });
        drop(entries);
        Kept { restores: self.clone(), number }
    }

    /// Takes every way back that is left, last first, even if one fails.
    ///
    /// # Errors
    /// The first that failed; the others are among its causes.
    pub async fn rest(&self, progress: &Progress) -> Result<(), Failure> {
        let mut failed: Option<Failure> = None;
        loop {
            let last = self.entries().pop();
            let Some(entry) = last else { break };
            if entry.if_all_went && failed.is_some() {
                continue;
            }
            let step = progress.step(&entry.name);
            match (entry.back)().await {
                Ok(()) => step.done("done"),
                Err(failure) => {
                    step.failed(failure.message());
                    failed = Some(match failed {
                        None => failure,
                        Some(first) => first.because(failure.message()),
                    });
                }
            }
        }
        failed.map_or(Ok(()), |failure| Err(failure.next("⌘ lab-up puts right what is left")))
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Takes the way back now. Unless it fails, it is not taken again at the end.
    ///
    /// # Errors
    /// The failure of the way back.
    pub async fn now(self) -> Result<(), Failure> {
        let find = |entries: &[Entry]| entries.iter().position(|entry| entry.number == self.number);
        let back = {
            let entries = self.restores.entries();
            find(&entries).and_then(|at| entries.get(at)).map(|entry| Arc::clone(&entry.back))
        };
        let Some(back) = back else { return Ok(()) };
        back().await?;
        let mut entries = self.restores.entries();
        if let Some(at) = find(&entries) {
            entries.remove(at);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Log = Arc<Mutex<Vec<&'static str>>>;

    fn back(
        log: &Log,
        what: &'static str,
        end: Result<(), &'static str>,
    ) -> impl Fn() -> LocalBoxFuture<'static, Result<(), Failure>> + use<> {
        let log = Arc::clone(log);
        move || {
            log.lock().unwrap().push(what);
            futures::future::ready(end.map_err(Failure::step)).boxed_local()
        }
    }

    #[tokio::test]
    async fn what_is_left_goes_last_first_and_nothing_twice() {
        let (log, restores) = (Log::default(), Restores::default());
        let first = restores.keep("first", back(&log, "first", Ok(())));
        let second = restores.keep("second", back(&log, "second", Ok(())));
        drop(restores.keep("third", back(&log, "third", Ok(()))));
        second.now().await.unwrap();
        drop(first);
        restores.rest(&Progress::silent()).await.unwrap();
        restores.rest(&Progress::silent()).await.unwrap();
        assert_eq!(*log.lock().unwrap(), ["second", "third", "first"]);
    }

    #[tokio::test]
    async fn one_that_fails_is_tried_again_and_keeps_no_other_back() {
        let (log, restores) = (Log::default(), Restores::default());
        drop(restores.keep("first", back(&log, "first", Ok(()))));
        let second = restores.keep("second", back(&log, "second", Err("no engine")));
        assert_eq!(second.now().await.unwrap_err().message(), "no engine");
        assert_eq!(restores.rest(&Progress::silent()).await.unwrap_err().message(), "no engine");
        assert_eq!(*log.lock().unwrap(), ["second", "second", "first"]);
    }

    #[tokio::test]
    async fn a_note_stays_where_something_was_not_put_back() {
        for (end, removed) in [(Ok(()), ["change", "note"].as_slice()), (Err("no engine"), &["change"])] {
            let (log, restores) = (Log::default(), Restores::default());
            drop(restores.keep_if_all_went("note", back(&log, "note", Ok(()))));
            drop(restores.keep("change", back(&log, "change", end)));
            assert_eq!(restores.rest(&Progress::silent()).await.is_ok(), end.is_ok());
            assert_eq!(*log.lock().unwrap(), removed);
        }
    }
}
