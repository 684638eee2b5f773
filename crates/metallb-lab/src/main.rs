//! The lab as an installed command: `metallb-lab VERB`.

use std::process::ExitCode;

use bgplab::Failure;
use clap::Parser;
use metallb_lab::{Answer, CommandLine, Ctx, EXIT_CODES, Globals, Verb};

/// Brings up a MetalLB BGP lab, proves that it works, and takes it away.
#[derive(Debug, Parser)]
#[command(name = "metallb-lab", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    /// The options of every verb.
    #[command(flatten)]
    globals: Globals,
    /// The verb.
    #[command(subcommand)]
    verb: Verb,
}

impl CommandLine for Cli {
    const COMMAND: &'static str = "metallb-lab";

    fn globals(&self) -> &Globals {
        &self.globals
    }

    async fn run(self, ctx: &Ctx) -> Result<Answer, Failure> {
        self.verb.run(ctx).await
    }
}

fn main() -> ExitCode {
    metallb_lab::run::<Cli>()
}
