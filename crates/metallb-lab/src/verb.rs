//! The verbs as one value, for a command line that has more of them.

use bgplab::Failure;
use clap::{ArgMatches, Command, Error, FromArgMatches, Subcommand};

use crate::{Answer, Ctx, cli, verbs};

/// A verb of the lab, as it was typed.
#[derive(Debug)]
pub struct Verb(cli::Verb);

impl Verb {
    /// Runs it.
    ///
    /// # Errors
    /// [`Failure`], by the kind of what went wrong.
    pub async fn run(self, ctx: &Ctx) -> Result<Answer, Failure> {
        verbs::run(ctx, self.0).await
    }
}

impl FromArgMatches for Verb {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        cli::Verb::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl Subcommand for Verb {
    fn augment_subcommands(command: Command) -> Command {
        cli::Verb::augment_subcommands(command)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        cli::Verb::augment_subcommands_for_update(command)
    }

    fn has_subcommand(name: &str) -> bool {
        cli::Verb::has_subcommand(name)
    }
}
