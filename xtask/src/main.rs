//! The lab's command line: `cargo xtask VERB`.
//!
//! This crate composes the libraries, and alone starts processes, prints, and turns errors into exit codes.

mod bringup;
mod checks;
mod cli;
mod compose;
mod ctx;
mod deploy;
mod dev;
mod diagnose;
mod drawing;
mod exit;
mod failover;
mod interrupt;
mod kubelet;
mod lab;
mod lock;
mod process;
mod progress;
mod restores;
mod router;
mod tapping;
mod verbs;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() && exit::asked_for_json(std::env::args_os()) => {
            return exit::Edge::new(true).exit(Err(error.into()));
        }
        // Help and versions, too, are errors to clap.
        Err(error) => error.exit(),
    };
    let edge = exit::Edge::new(cli.globals.json);
    let end = ctx::Ctx::new(cli.globals)
        .and_then(|ctx| interrupt::run(&ctx.progress, &ctx.restores, async || verbs::run(&ctx, cli.verb).await));
    edge.exit(end)
}
