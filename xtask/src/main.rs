//! The lab's command line: `cargo xtask VERB`.
//!
//! This crate composes the libraries, and alone starts processes, prints, and turns errors into exit codes.

mod bringup;
mod capture;
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
mod netns;
mod process;
mod progress;
mod restores;
mod router;
mod verbs;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let edge = exit::Edge::new(cli.globals.json);
    let end = ctx::Ctx::new(cli.globals)
        .and_then(|ctx| interrupt::run(&ctx.progress, &ctx.restores, async || verbs::run(&ctx, cli.verb).await));
    edge.exit(end)
}
