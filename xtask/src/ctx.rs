//! What every verb is given: the global options and the one progress display.

use std::sync::{Mutex, PoisonError};

use netlab::Docker;

use crate::cli::Globals;
use crate::exit::{Code, Failure};
use crate::lab::{Lab, Provider};
use crate::lock::Lock;
use crate::progress::Progress;
use crate::restores::Restores;

/// What every verb is given.
#[derive(Debug)]
pub(crate) struct Ctx {
    /// The global options as typed.
    pub(crate) globals: Globals,
    /// The one progress display; logs go through it too.
    pub(crate) progress: Progress,
    /// What the run has to put back, however it ends.
    pub(crate) restores: Restores,
    /// The locks that the run holds: to its very end, when everything has been put back.
    locks: Mutex<Vec<Lock>>,
}

impl Ctx {
    /// Sets up progress and logging.
    pub(crate) fn new(globals: Globals) -> Result<Self, Failure> {
        let progress = Progress::new(globals.quiet);
        crate::progress::log::start(globals.verbose, &progress)?;
        Ok(Self { globals, progress, restores: Restores::default(), locks: Mutex::default() })
    }

    /// The lab that the options mean.
    pub(crate) fn lab(&self) -> Result<Lab, Failure> {
        self.globals.lab.read().map_err(|error| Failure::diagnostic(Code::WrongUse, error))
    }

    /// Keeps every other process from changing a lab until this run has ended: by the lab's engine, or by its cluster where
    /// there is none.
    ///
    /// # Errors
    /// A machine failure that names the holder where another process has it.
    pub(crate) fn lock(&self, lab: &Lab, docker: Option<&Docker>, verb: &str) -> Result<(), Failure> {
        let at = match (&lab.cluster.provider, docker) {
            (_, Some(docker)) => docker.host(),
            (Provider::Existing { kubeconfig, context }, None) => format!("{kubeconfig:?} {context:?}"),
            (Provider::Kind | Provider::Standalone { .. }, None) => String::new(),
        };
        let lock = Lock::take(&at, lab.name.as_str(), verb)?;
        self.locks.lock().unwrap_or_else(PoisonError::into_inner).push(lock);
        Ok(())
    }
}
