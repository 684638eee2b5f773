#![doc = include_str!("../README.md")]
//! # A command line with more verbs
//!
//! It flattens [`Verb`] into its own, implements [`CommandLine`], and ends its `main` with [`run`].

mod ctx;
mod drawing;
mod exit;
mod interrupt;
#[cfg(test)]
mod labs;
mod names;
mod options;
mod progress;
mod verb;
mod verbs;

use std::process::ExitCode;

use clap::Parser;

pub use ctx::Ctx;
pub use exit::{Answer, Code, has_colours, table};
pub use options::{EXIT_CODES, Globals};
pub use verb::Verb;

/// A command line: what can be typed, and what is done then.
pub trait CommandLine: Parser {
    /// The command as a user types it, before the verb: `metallb-lab`.
    const COMMAND: &'static str;

    /// Returns the options that hold for every verb.
    fn globals(&self) -> &Globals;

    /// Runs the verb.
    fn run(self, ctx: &Ctx) -> impl Future<Output = Result<Answer, bgplab::Failure>>;
}

/// Parses the arguments, runs the verb, prints how it ended, and returns its exit code.
#[must_use]
pub fn run<C: CommandLine>() -> ExitCode {
    let line = match C::try_parse() {
        Ok(line) => line,
        Err(error) if error.use_stderr() && exit::asked_for_json(std::env::args_os()) => {
            return exit::Edge::new(true, C::COMMAND).exit(Err(exit::usage(&error)));
        }
        // Help and versions, too, are errors to clap.
        Err(error) => error.exit(),
    };
    let edge = exit::Edge::new(line.globals().json, C::COMMAND);
    let end = Ctx::new(line.globals().clone(), C::COMMAND, C::command)
        .and_then(|ctx| interrupt::run(&ctx.display, &ctx.context, async || line.run(&ctx).await));
    edge.exit(end)
}
