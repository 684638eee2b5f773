//! The surroundings of every verb: the options, the display, and the context of the run.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use bgplab::{Context, Failure};

use crate::options::Globals;
use crate::progress::{Display, log};

/// The surroundings of every verb: the run's [`Context`], with what only a front end knows.
pub struct Ctx {
    /// The options as typed.
    pub(crate) globals: Globals,
    /// The command as typed, before the verb.
    pub(crate) command: &'static str,
    /// Makes the whole command line, for completions.
    pub(crate) grammar: fn() -> clap::Command,
    /// The terminal.
    pub(crate) display: Display,
    /// The run.
    pub(crate) context: Context,
}

impl Ctx {
    /// Sets up progress and logging.
    pub(crate) fn new(
        globals: Globals,
        command: &'static str,
        grammar: fn() -> clap::Command,
    ) -> Result<Self, Failure> {
        let display = Display::new(globals.quiet);
        log::start(globals.verbose, &display)?;
        let context = Context::new(globals.lab.source(), Arc::new(display.clone()));
        Ok(Self { globals, command, grammar, display, context })
    }
}

impl Deref for Ctx {
    type Target = Context;

    fn deref(&self) -> &Context {
        &self.context
    }
}

impl fmt::Debug for Ctx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctx").field("globals", &self.globals).field("context", &self.context).finish_non_exhaustive()
    }
}
