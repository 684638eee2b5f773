//! `cargo xtask VERB`: the lab's command line with the project's own tasks beside its verbs.

mod dev;

use std::process::ExitCode;

use bgplab::Failure;
use clap::{Parser, Subcommand};
use metallb_lab::{Answer, CommandLine, Ctx, EXIT_CODES, Globals};

/// Brings up a MetalLB BGP lab, proves that it works, and takes it away.
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    /// The options of every verb.
    #[command(flatten)]
    globals: Globals,
    /// The verb.
    #[command(subcommand)]
    verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
enum Verb {
    /// The lab's.
    #[command(flatten)]
    Lab(metallb_lab::Verb),
    /// The project's own.
    #[command(flatten)]
    Own(dev::Task),
}

impl CommandLine for Cli {
    const COMMAND: &'static str = "cargo xtask";

    fn globals(&self) -> &Globals {
        &self.globals
    }

    async fn run(self, ctx: &Ctx) -> Result<Answer, Failure> {
        match self.verb {
            Verb::Lab(verb) => verb.run(ctx).await,
            Verb::Own(task) => dev::run(ctx, task).await,
        }
    }
}

fn main() -> ExitCode {
    metallb_lab::run::<Cli>()
}
