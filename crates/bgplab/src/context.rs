//! The context of one run: the lab that it acts on, its progress, and what it has to restore.

use std::sync::{Arc, Mutex, Once, PoisonError};

use camino::Utf8PathBuf;
use labfile::{Lab, LabError, Overrides, Provider};
use netlab::Docker;

use crate::failure::Failure;
use crate::lock::Lock;
use crate::progress::{Observer, Progress};
use crate::restores::Restores;

/// The place that a lab is read from: a file, or the documented lab, and what is said instead of its values.
#[derive(Debug, Clone, Default)]
pub struct LabSource {
    /// The lab file; `None` means the documented lab.
    pub file: Option<Utf8PathBuf>,
    /// Values that take precedence over the file's.
    pub overrides: Overrides,
}

impl LabSource {
    /// Reads the lab.
    ///
    /// # Errors
    /// [`LabError`], with every problem and its place.
    pub fn read(&self) -> Result<Lab, LabError> {
        match &self.file {
            Some(file) => Lab::from_file(file, &self.overrides),
            None => Lab::documented(&self.overrides),
        }
    }
}

/// Locks, each with the lab's place and name.
type Locks = Arc<Mutex<Vec<((String, String), Lock)>>>;

/// The context of one run.
#[derive(Debug)]
pub struct Context {
    /// The lab's source: a lab that is there may have been made by another provider, and is then read again.
    pub source: LabSource,
    /// The run's steps.
    pub progress: Progress,
    /// Changes of the run that it restores, however it ends.
    pub restores: Restores,
    /// The locks that the run holds to its very end, when everything is restored.
    locks: Locks,
    /// The warnings about the lab file were said.
    warned: Once,
}

impl Context {
    /// Makes the context of a run whose events `observer` receives.
    #[must_use]
    pub fn new(source: LabSource, observer: Arc<dyn Observer>) -> Self {
        let progress = Progress::new(observer);
        Self { source, progress, restores: Restores::default(), locks: Locks::default(), warned: Once::new() }
    }

    /// Makes the context of a part of this run, with a lab and times of its own: it shares what has to be restored, and
    /// the locks.
    #[must_use]
    pub fn part(&self, source: LabSource) -> Self {
        let (restores, locks) = (self.restores.clone(), self.locks.clone());
        Self { source, progress: self.progress.part(), restores, locks, warned: Once::new() }
    }

    /// Reads the lab; the first time, says the warnings about its file.
    ///
    /// # Errors
    /// [`Failure`] of kind wrong use, with every problem of the lab file.
    pub fn lab(&self) -> Result<Lab, Failure> {
        let lab = self.source.read()?;
        self.warned.call_once(|| {
            lab.warnings
                .iter()
                .for_each(|warning| self.progress.say(&format!("warning: {warning}; set {}", warning.remedy())))
        });
        Ok(lab)
    }

    /// Restores what the run has changed for a while, last change first: to be called at the end of every run, also one that
    /// was interrupted.
    ///
    /// # Errors
    /// The first that could not be restored, with the others among its causes.
    pub async fn restore(&self) -> Result<(), Failure> {
        self.restores.rest(&self.progress).await
    }

    /// Keeps every other run from changing a lab until this one has ended, whose acts may come one after the other: by the lab's engine, or by its cluster where
    /// there is none.
    ///
    /// # Errors
    /// A machine failure that names the holder where another run has it.
    pub fn lock(&self, lab: &Lab, docker: Option<&Docker>, verb: &str) -> Result<(), Failure> {
        let at = match (&lab.cluster.provider, docker) {
            (_, Some(docker)) => docker.host(),
            (Provider::Existing { kubeconfig, context }, None) => format!("{kubeconfig:?} {context:?}"),
            (Provider::Kind | Provider::Standalone { .. }, None) => String::new(),
        };
        let this = (at, lab.name.to_string());
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        if !locks.iter().any(|(held, _)| *held == this) {
            let lock = Lock::take(&this.0, &this.1, verb)?;
            locks.push((this, lock));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_acts_of_one_run_share_its_lock() {
        let run = || Context::new(LabSource::default(), Arc::new(()));
        let (first, second) = (run(), run());
        let mut lab = first.lab().unwrap();
        lab.name = format!("lock-{}", std::process::id()).parse().unwrap();
        first.lock(&lab, None, "lab-up").unwrap();
        first.lock(&lab, None, "failover").unwrap();
        assert!(second.lock(&lab, None, "lab-down").is_err(), "another run waits");
    }
}
