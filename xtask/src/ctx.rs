//! What every verb is given: the global options and the one progress display.

use crate::cli::Globals;
use crate::exit::{Code, Failure};
use crate::lab::Lab;
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
}

impl Ctx {
    /// Sets up progress and logging.
    pub(crate) fn new(globals: Globals) -> Result<Self, Failure> {
        let progress = Progress::new(globals.quiet);
        crate::progress::log::start(globals.verbose, &progress)?;
        Ok(Self { globals, progress, restores: Restores::default() })
    }

    /// The lab that the options mean.
    pub(crate) fn lab(&self) -> Result<Lab, Failure> {
        self.globals.lab.read().map_err(|error| Failure::diagnostic(Code::WrongUse, error))
    }
}
